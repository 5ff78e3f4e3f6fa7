using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Wire.Requests;

namespace MeshRoll.Sandbox.Running;

/// <summary>
/// A first request that nobody waits for: the module's own client asks a server that lives for this alone, while the world is being built on another
/// core. Nearly all that a first request takes is the compiler at work on both ends of it; whoever then comes first finds that done.
/// </summary>
internal static class Rehearsal
{
    // What was compiled stays compiled as long as the process lives.
    private static int s_wasHeld;

    /// <summary>Asks, unless this process has done so before.</summary>
    /// <param name="certificate">With what the server speaks TLS; null for plain HTTP.</param>
    /// <param name="folder">Where the client's kubeconfig, and the socket, may lie meanwhile.</param>
    /// <param name="clock">The sandbox's real time.</param>
    public static async Task HoldAsync(SandboxCertificate? certificate, string folder, TimeProvider clock)
    {
        if (Interlocked.Exchange(ref s_wasHeld, 1) != 0) return;
        var (kubeConfigPath, socketPath) = (Path.Combine(folder, "rehearsal"), WireSocket.Below(folder, "rehearsing"));
        try
        {
            await using var server = HttpServer.Start(new LoggingHandler(new Stage(), new RequestLog(capacity: 1), clock), new() { Certificate = certificate?.Server, SocketPath = socketPath });
            KubeConfigFile.Write(kubeConfigPath, "rehearsal", server.Address, token: "rehearsal", certificate?.CaPem);
            await using var client = new ClusterClient(KubeConfig.Load(kubeConfigPath).Resolve() with { SocketPath = socketPath }, new() { MaxRetries = 0 });
            await client.GetVersionAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is MeshRollException or IOException or UnauthorizedAccessException)
        {
            // Whatever stands in the way here, the first real request meets it where somebody can be told.
        }
        finally
        {
            File.Delete(kubeConfigPath);
        }
    }

    private sealed class Stage : IRequestHandler
    {
        private readonly NonResourcePaths _paths = new();

        /// <inheritdoc/>
        public Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken) => _paths.AnswerAsync(request, response, cancellationToken);
    }
}
