using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Mesh;
using MeshRoll.Sandbox.Mesh.Istio;
using MeshRoll.Sandbox.Nodes;
using MeshRoll.Sandbox.Nodes.Logs;
using MeshRoll.Sandbox.Observing;
using MeshRoll.Sandbox.Time;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Worlds;
using MeshRoll.Sandbox.Worlds.Building;

namespace MeshRoll.Sandbox.Running;

/// <summary>One life of a sandbox's world, with everything that is at work in it: built in virtual time, then let run.</summary>
internal sealed class RunningWorld : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly AccessControl _access;

    /// <param name="options">What it is to be; its world is the next parameter.</param>
    /// <param name="reading">What is in it, perhaps still being read.</param>
    /// <param name="adminToken">The administrator's token of the life before; null for a new one.</param>
    /// <param name="previousVersion">The last resource version of the life before: no version comes twice.</param>
    public RunningWorld(SandboxOptions options, Task<SandboxWorld> reading, string? adminToken, long previousVersion)
    {
        var now = options.TimeProvider.GetUtcNow();
        Simulation = new(new()
        {
            TimeProvider = options.TimeProvider,
            Scale = options.VirtualTime ? double.PositiveInfinity : options.TimeScale,
            Seed = options.Seed,
        });
        Cluster = new(Simulation, previousVersion);
        _access = new(Cluster, adminToken);
        var events = new EventRecorder(Cluster);
        _ = new ControllerSet(Cluster, events);
        Faults = new(Cluster);
        var world = reading.GetAwaiter().GetResult();
        var nodes = new NodeSet(Cluster, events, WorldTimes.Of(world.Startup), Faults);
        Faults.Attach(nodes.Images);
        Meshes = new(Cluster);
        // A quota is asked last: it counts what is really going to be there.
        Cluster.Add(new QuotaAdmission(Cluster));
        new WorldBuilder(Cluster, new WorldComponents(nodes, Meshes, events, Faults)).Build(world, now);
        Api = _access.Guard(new ApiServer(Cluster, new() { Time = options.TimeProvider, Access = _access, Logs = new PodLogs(Cluster), Ports = new IstiodPorts(Cluster, Meshes.ProxySync) }));
        Cluster.Store.Compact();
        Timeline = new(Cluster);
        Simulation.Start(now);
    }

    /// <summary>The order of what happens.</summary>
    public Simulation Simulation { get; }

    /// <summary>The objects.</summary>
    public Cluster Cluster { get; }

    /// <summary>What installs control planes and injects.</summary>
    public MeshSet Meshes { get; }

    /// <summary>What goes wrong in it.</summary>
    public FaultBoard Faults { get; }

    /// <summary>How pods came and went.</summary>
    public Timeline Timeline { get; }

    /// <summary>What answers requests.</summary>
    public IRequestHandler Api { get; }

    /// <summary>The administrator's token.</summary>
    public string AdminToken => _access.Authenticator.AdminToken;

    /// <summary>Cancelled when this life is over.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Lets somebody log in; gives his token.</summary>
    public string AddUser(SandboxUser user) => _access.Authenticator.AddUser(user.Name, user.Groups);

    /// <summary>Nothing happens any more and watches end.</summary>
    public void Dispose()
    {
        Simulation.Dispose();
        _ended.Cancel();
    }
}
