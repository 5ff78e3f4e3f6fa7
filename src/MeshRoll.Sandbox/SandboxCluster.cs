using System.Globalization;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Home;
using MeshRoll.Sandbox.Observing;
using MeshRoll.Sandbox.Running;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Wire.Faults;
using MeshRoll.Sandbox.Wire.Requests;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox;

/// <summary>
/// A small Kubernetes with a mesh in it, inside this process: a real HTTP API on 127.0.0.1 with a kubeconfig, behind it objects, controllers, nodes
/// and istiods. It ends with <see cref="DisposeAsync"/> or the process, and leaves nothing behind.
/// </summary>
public sealed class SandboxCluster : IAsyncDisposable
{
    private readonly SandboxOptions _options;
    private readonly SandboxHome _home;
    private readonly SandboxCertificate? _certificate;
    private readonly RequestLog _requests = new();
    private readonly WireFaults _wireFaults;
    private readonly Entrance _entrance;
    private readonly List<SandboxUser> _users = [];
    private readonly SemaphoreSlim _serverTurn = new(1, 1);
    private HttpServer? _server;
    private bool _disposed;

    private SandboxCluster(SandboxOptions options, Task<SandboxWorld> world)
    {
        _options = options;
        _home = SandboxHome.Create();
        _wireFaults = new(options.Seed);
        _entrance = new();
        try
        {
            // Both take about as long for a small world.
            var preparing = Task.Run(() => PrepareWireAsync(world));
            try
            {
                Life = _entrance.Begin(new(options, world, adminToken: null, previousVersion: 0));
                _options = options with { World = world.Result };
            }
            finally
            {
                _certificate = preparing.GetAwaiter().GetResult();
            }
            AddWireFaults();
            SocketPath = WireSocket.Below(_home.Path);
            _server = StartServer(options.Port);
            Port = _server.Port;
            Server = new Uri(_server.Address);
            KubeConfigPath = Path.Combine(_home.Path, "kubeconfig");
            WriteKubeConfig(KubeConfigPath, Life.AdminToken);
            StartTime = options.TimeProvider.GetUtcNow();
        }
        catch
        {
            _server?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Life?.Dispose();
            _certificate?.Dispose();
            _home.Dispose();
            throw;
        }
    }

    /// <summary>Its name: the context of its kubeconfig.</summary>
    public string Name => _options.Name;

    /// <summary>The address of its API server.</summary>
    public Uri Server { get; }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>
    /// A Unix socket behind which the same API answers in plain HTTP, for the owner of this process: the way without TLS for clients that live in it. Null where
    /// the system has none, or its temporary folder is too deep for one. Deleted in the end.
    /// </summary>
    public string? SocketPath { get; }

    /// <summary>A kubeconfig of its administrator; deleted in the end.</summary>
    public string KubeConfigPath { get; }

    /// <summary>How a client in this process reaches it as its administrator: as its kubeconfig says, and by the socket where there is one.</summary>
    public ClusterConnection Connection => WireConnection.Of(Name, Server, Life.AdminToken, _certificate, SocketPath);

    /// <summary>The name of the world in it.</summary>
    public string Scenario => _options.World.Name;

    /// <summary>When it was started, real time, UTC.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>The time in it, UTC.</summary>
    public DateTimeOffset Now => Life.Simulation.Enter(() => Life.Cluster.Now);

    /// <summary>The last requests it was sent, at most 10,000, oldest first.</summary>
    public IReadOnlyList<SandboxRequest> Requests => _requests.Read();

    /// <summary>How many watches are open, by resource, such as <c>pods</c> or <c>deployments.apps</c>.</summary>
    public IReadOnlyDictionary<string, int> OpenWatches => _requests.OpenWatches;

    /// <summary>The faults in force in the cluster.</summary>
    public IReadOnlyList<SandboxFault> ClusterFaults => Life.Simulation.Enter(() => Life.Faults.Active);

    /// <summary>The faults in force between clients and the API server.</summary>
    public IReadOnlyList<WireFault> WireFaults => _wireFaults.Active;

    private RunningWorld Life { get; set; }

    /// <summary>Starts one: its world is up and settled when this returns.</summary>
    /// <exception cref="SandboxException">The port is in use, an option makes no sense, or the kubeconfig cannot be written.</exception>
    public static SandboxCluster Start(SandboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Start(options, Task.FromResult(options.World));
    }

    /// <summary>Starts one whose world is still being read: what is the same for every world is put together meanwhile.</summary>
    /// <param name="options">What it is to be; its <see cref="SandboxOptions.World"/> means nothing.</param>
    /// <param name="world">What is in it.</param>
    /// <exception cref="SandboxException">As with <see cref="Start(SandboxOptions)"/>, or the world cannot be read.</exception>
    public static SandboxCluster Start(SandboxOptions options, Task<SandboxWorld> world)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(world);
        if (!(options.TimeScale > 0 && options.TimeScale <= 100_000))
            throw new SandboxException("MeshRoll.SandboxTimeScale", string.Create(CultureInfo.InvariantCulture, $"Time cannot pass {options.TimeScale} times as fast: name a scale above 0 and up to 100000, or virtual time."));
        if (options.Port is < 0 or > 65535)
            throw new SandboxException("MeshRoll.SandboxPortInvalid", string.Create(CultureInfo.InvariantCulture, $"{options.Port} is no port: name one from 1 to 65535, or 0 for any that is free."));
        return new(options, world);
    }

    /// <summary>Forgets the requests so far.</summary>
    public void ClearRequests() => _requests.Clear();

    /// <summary>How the pods of workloads came and went, in order of time. Names may have the wildcards <c>*</c> and <c>?</c>.</summary>
    public IReadOnlyList<SandboxTimelineEntry> Timeline(string @namespace = "*", string kind = "*", string name = "*") =>
        Life.Simulation.Enter(() => Life.Timeline.Read(@namespace, kind, name));

    /// <summary>Begins the timeline anew, with the numbers as they are.</summary>
    public void ClearTimeline() => Life.Simulation.Enter(() => Life.Timeline.Clear());

    /// <summary>Puts a fault of the cluster in force, in the place of one of the same name.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="SandboxException">The fault makes no sense.</exception>
    public string SetFault(SandboxFault fault) => Life.Simulation.Enter(() => Life.Faults.Add(fault));

    /// <summary>Puts a fault between clients and the API server in force, in the place of one of the same name.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="SandboxException">The fault makes no sense.</exception>
    public string SetFault(WireFault fault) => _wireFaults.Add(fault).Name;

    /// <summary>Takes a fault of either kind away; false when there is none of the name.</summary>
    public bool RemoveFault(string name) => _wireFaults.Remove(name) | Life.Simulation.Enter(() => Life.Faults.Remove(name));

    /// <summary>Takes all faults away.</summary>
    public void ClearFaults()
    {
        _wireFaults.Clear();
        Life.Simulation.Enter(() => Life.Faults.Clear());
    }

    /// <summary>
    /// Makes the same world anew behind the same address and kubeconfig: objects, faults, timeline and requests are as after the start. Watches end.
    /// </summary>
    public void Reset()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var before = Life;
        var next = new RunningWorld(_options, Task.FromResult(_options.World), before.AdminToken, before.Simulation.Enter(() => before.Cluster.Store.Version));
        // Before the new life begins: clients whose watches end with the old one are back at once, and what they do belongs to the new one.
        _wireFaults.Reset();
        _requests.Clear();
        Life = _entrance.Begin(next);
        before.Dispose();
        AddWireFaults();
        foreach (var user in _users) WriteUser(user);
    }

    /// <summary>Installs a revision of Istio beside those that are there, or brings one that is there to this version in place. Its pods take their time to be ready.</summary>
    public void InstallIstio(WorldRevision revision)
    {
        ArgumentNullException.ThrowIfNull(revision);
        Life.Simulation.Enter(() => Life.Meshes.Install(new() { Kind = WorldMeshKind.Istio }, revision, revision.Version));
    }

    /// <summary>
    /// Removes a revision of Istio with all that belongs to its installation, its injector webhook included, whoever that serves by now. Tags and the sidecars of
    /// pods stay.
    /// </summary>
    public void UninstallIstio(WorldRevision revision)
    {
        ArgumentNullException.ThrowIfNull(revision);
        Life.Simulation.Enter(() => Life.Meshes.Uninstall(revision));
    }

    /// <summary>Lets somebody log in who may do nothing until a role is bound to him.</summary>
    /// <param name="name">As RBAC names him.</param>
    /// <param name="groups">His groups, beside <c>system:authenticated</c>.</param>
    /// <param name="namespace">The namespace of his context.</param>
    /// <returns>The path of a kubeconfig of his; deleted in the end.</returns>
    public string CreateUser(string name, IReadOnlyList<string> groups, string @namespace = "default")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var user = new SandboxUser(name, groups, @namespace, Path.Combine(_home.Path, $"kubeconfig-{_users.Count + 1}"));
        _users.Add(user);
        WriteUser(user);
        return user.KubeConfigPath;
    }

    /// <summary>Completes as soon as nothing is under way at this instant: controllers and nodes wait for time to pass or have nothing to do.</summary>
    public Task SettledAsync(CancellationToken cancellationToken = default) => Life.Simulation.IdleAsync().WaitAsync(cancellationToken);

    /// <summary>Forgets the history of all objects, as a compaction does: old watches cannot be resumed and lists cannot be continued (410 Gone).</summary>
    public void ForgetHistory() => Life.Simulation.Enter(() => Life.Cluster.Store.Compact());

    /// <summary>The API server goes away for a while and comes back on the same port: all connections break and new ones are refused meanwhile.</summary>
    public async Task RestartServerAsync(TimeSpan downtime, CancellationToken cancellationToken = default)
    {
        await _serverTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_server is { } running) await running.DisposeAsync().ConfigureAwait(false);
            await Task.Delay(downtime, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!_disposed) _server = StartServer(Port);
            _serverTurn.Release();
        }
    }

    /// <summary>Ends it: connections break, the port is free, the files are gone. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (_server is not null) await _server.DisposeAsync().ConfigureAwait(false);
        Life.Dispose();
        _certificate?.Dispose();
        _home.Dispose();
    }

    private async Task<SandboxCertificate?> PrepareWireAsync(Task<SandboxWorld> world)
    {
        var certificate = _options.Tls ? SandboxCertificate.Create(_options.TimeProvider) : null;
        await Rehearsal.HoldAsync(certificate, _home.Path, _options.TimeProvider, world).ConfigureAwait(false);
        return certificate;
    }

    private HttpServer StartServer(int port)
    {
        IRequestHandler handler = new FaultyHandler(_entrance, _wireFaults, _options.TimeProvider);
        handler = new LoggingHandler(handler, _requests, _options.TimeProvider);
        return HttpServer.Start(handler, new() { Port = port, Certificate = _certificate?.Server, SocketPath = SocketPath, TimeProvider = _options.TimeProvider });
    }

    private void AddWireFaults()
    {
        foreach (var fault in _options.World.WireFaults) _wireFaults.Add(fault);
    }

    private void WriteUser(SandboxUser user) => WriteKubeConfig(user.KubeConfigPath, Life.AddUser(user), user.Namespace);

    private void WriteKubeConfig(string path, string token, string @namespace = "default") =>
        KubeConfigFile.Write(path, Name, Server.GetLeftPart(UriPartial.Authority), token, _certificate?.CaPem, @namespace);
}
