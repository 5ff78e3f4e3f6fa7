using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MeshRoll.TestControlPlane.Servers;

/// <summary>Asks a component again and again until it answers 200, and gives up as soon as its process has ended.</summary>
internal sealed class ReadinessProbe : IDisposable
{
    private readonly HttpClient _client;

    public ReadinessProbe(string authorityPem)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPem(authorityPem);
#pragma warning disable CA2000 // The client owns the handler.
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
        });
#pragma warning restore CA2000
        _client.Timeout = TimeSpan.FromSeconds(5);
    }

    public async Task WaitAsync(ServerProcess server, Uri address, CancellationToken cancellation)
    {
        while (true)
        {
            if (server.HasExited)
            {
                throw new ControlPlaneException(server.Describe("ended by itself"));
            }

            try
            {
                using var answer = await _client.GetAsync(address, cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                // It does not listen yet, or is too busy to answer.
            }
            catch (OperationCanceledException failure) when (cancellation.IsCancellationRequested)
            {
                throw new ControlPlaneException(server.Describe($"did not answer at {address} in time"), failure);
            }

            try
            {
                await Task.Delay(50, cancellation);
            }
            catch (OperationCanceledException failure)
            {
                throw new ControlPlaneException(server.Describe($"did not answer at {address} in time"), failure);
            }
        }
    }

    public void Dispose() => _client.Dispose();
}
