using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Wire.Requests;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox.Running;

/// <summary>
/// What nobody waits for, while the first world of a process is being built on another core. The module's own client asks a server that lives for this
/// alone: nearly all that a first request takes is the compiler at work on both ends of it, and whoever then comes first finds that done. Then a small
/// world is played through, so that the first steps of the controllers are done before those of the real one come to them.
/// </summary>
internal static class Rehearsal
{
    // What was compiled stays compiled as long as the process lives.
    private static int s_wasHeld;

    /// <summary>Asks, unless this process has done so before, and leaves the playing of the small world behind.</summary>
    /// <param name="certificate">With what the server speaks TLS; null for plain HTTP.</param>
    /// <param name="folder">Where the socket may lie meanwhile.</param>
    /// <param name="clock">The sandbox's real time.</param>
    /// <param name="world">The world that is being built, or still being read.</param>
    public static async Task HoldAsync(SandboxCertificate? certificate, string folder, TimeProvider clock, Task<SandboxWorld> world)
    {
        if (Interlocked.Exchange(ref s_wasHeld, 1) != 0) return;
        var socketPath = WireSocket.Below(folder, "rehearsing");
        try
        {
            await using var server = HttpServer.Start(new LoggingHandler(new Stage(), new RequestLog(capacity: 1), clock), new() { Certificate = certificate?.Server, SocketPath = socketPath });
            await using var client = new ClusterClient(WireConnection.Of("rehearsal", new(server.Address), token: "rehearsal", certificate, socketPath), new() { MaxRetries = 0 });
            await client.GetVersionAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is MeshRollException or IOException or UnauthorizedAccessException)
        {
            // Whatever stands in the way here, the first real request meets it where somebody can be told.
        }
        // With one core it would only take the real world's time.
        if (Environment.ProcessorCount > 1) _ = Task.Run(() => PlayAsync(world));
    }

    /// <summary>One workload of each kind that is in the world, with a pod each and no mesh.</summary>
    private static async Task PlayAsync(Task<SandboxWorld> reading)
    {
        try
        {
            var world = await reading.ConfigureAwait(false);
            var kinds = new List<WorldWorkload>();
            foreach (var workload in world.Namespaces.SelectMany(home => home.Workloads))
            {
                if (!kinds.Exists(known => known.Kind == workload.Kind)) kinds.Add(workload with { Replicas = 1, Sidecar = null });
            }
            // What there is but one kind of is met at once, and a large world goes on with it long enough.
            if (kinds.Count < 2) return;
            var small = new SandboxWorld { Name = "rehearsal", Nodes = WorldNode.Some(1), Namespaces = [new() { Name = "rehearsal", Workloads = kinds }] };
            new RunningWorld(new() { VirtualTime = true }, Task.FromResult(small), adminToken: null, previousVersion: 0).Dispose();
        }
        catch (SandboxException)
        {
            // What is wrong with the world is told where the real one is built.
        }
    }

    private sealed class Stage : IRequestHandler
    {
        private readonly NonResourcePaths _paths = new();

        /// <inheritdoc/>
        public Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken) => _paths.AnswerAsync(request, response, cancellationToken);
    }
}
