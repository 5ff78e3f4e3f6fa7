using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire;

public sealed class TlsTests : IDisposable
{
    private readonly SandboxCertificate _certificate = SandboxCertificate.Create(TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_client_that_trusts_the_authority_is_served(string host)
    {
        await using var server = HttpServer.Start(FuncHandler.Echo(), new() { Certificate = _certificate.Server });
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Trusting() });
        for (var i = 0; i < 20; i++) Assert.Equal($"GET /{i}  ", await http.GetStringAsync($"https://{host}:{server.Port}/{i}", Cancel));
    }

    [Fact]
    public async Task A_client_that_does_not_know_the_authority_does_not_trust_it()
    {
        await using var server = HttpServer.Start(FuncHandler.Text("hello"), new() { Certificate = _certificate.Server });
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync($"https://127.0.0.1:{server.Port}/", Cancel));
    }

    [Fact]
    public async Task HTTP_1_1_is_agreed_on_also_with_clients_that_would_speak_HTTP_2()
    {
        await using var server = HttpServer.Start(FuncHandler.Text("hello"), new() { Certificate = _certificate.Server });
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", server.Port, Cancel);
        await using var tls = new SslStream(tcp.GetStream());
        var options = Trusting();
        options.TargetHost = "localhost";
        options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        await tls.AuthenticateAsClientAsync(options, Cancel);
        Assert.Equal(SslApplicationProtocol.Http11, tls.NegotiatedApplicationProtocol);
    }

    [Fact]
    public async Task A_client_that_hangs_up_ends_its_watch()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new FuncHandler(async (_, response, token) =>
        {
            using var registration = token.Register(ended.SetResult);
            await using var stream = await response.BeginAsync(200, "application/json", token);
            await stream.WriteAsync("event"u8.ToArray(), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var server = HttpServer.Start(handler, new() { Certificate = _certificate.Server });
        using (var http = new HttpClient(new SocketsHttpHandler { SslOptions = Trusting() }))
        {
            await using var stream = await http.GetStreamAsync($"https://127.0.0.1:{server.Port}/", Cancel);
            var buffer = new byte[5];
            await stream.ReadExactlyAsync(buffer, Cancel);
            Assert.Equal("event"u8, buffer);
        }
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task One_that_speaks_no_TLS_does_not_hinder_others_nor_the_end()
    {
        var server = HttpServer.Start(FuncHandler.Text("hello"), new() { Certificate = _certificate.Server });
        using var plain = new RawClient(server.Port);
        plain.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        using var silent = new RawClient(server.Port);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Trusting() });
        Assert.Equal("hello", await http.GetStringAsync($"https://127.0.0.1:{server.Port}/", Cancel));
        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Equal(0, server.ConnectionCount);
    }

    private SslClientAuthenticationOptions Trusting()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_certificate.CaPem));
        return new() { CertificateChainPolicy = policy };
    }
}
