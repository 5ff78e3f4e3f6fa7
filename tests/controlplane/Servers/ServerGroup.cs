using System.Security.Cryptography;
using System.Text;

namespace MeshRoll.TestControlPlane.Servers;

/// <summary>The four servers of one control plane: starts them in the order in which they need each other, and ends them.</summary>
internal sealed class ServerGroup : IAsyncDisposable
{
    private const string Masters = "system:masters";

    private readonly ServerBinaries _binaries;
    private readonly ControlPlaneOptions _options;
    private readonly TemporaryHome _home;
    private readonly ProcessNursery _nursery = new();
    private readonly ReadinessProbe _probe;
    private readonly List<ServerProcess> _running = [];
    private ServerProcess? _apiServer;
    private ServerProcess? _controllerManager;

    public ServerGroup(ServerBinaries binaries, ControlPlaneOptions options, TemporaryHome home, CertificateAuthority authority, IReadOnlyList<TokenUser> users)
    {
        _binaries = binaries;
        _options = options;
        _home = home;
        _probe = new ReadinessProbe(authority.CertificatePem);
        Layout = Prepare(home, authority, users);
    }

    public ServerLayout Layout { get; }

    public async Task StartAsync(CancellationToken cancellation)
    {
        var etcd = await RunAsync("etcd", ServerFlags.Etcd(Layout));
        await _probe.WaitAsync(etcd, new Uri(Layout.EtcdServer, "/health"), cancellation);
        _apiServer = await RunAsync("kube-apiserver", ServerFlags.ApiServer(Layout, _options));
        // Serving comes seconds before readiness (which waits for the built-in roles), and the others start meanwhile.
        await _probe.WaitAsync(_apiServer, new Uri(Layout.ApiServer, "/version"), cancellation);
        _controllerManager = await RunAsync("kube-controller-manager", ServerFlags.ControllerManager(Layout, _options));
        var scheduler = await RunAsync("kube-scheduler", ServerFlags.Scheduler(Layout, _options));
        await _probe.WaitAsync(_apiServer, new Uri(Layout.ApiServer, "/readyz"), cancellation);
        await _probe.WaitAsync(_controllerManager, new Uri(Layout.ControllerManager, "/healthz"), cancellation);
        await _probe.WaitAsync(scheduler, new Uri(Layout.Scheduler, "/healthz"), cancellation);
    }

    public async Task StopApiServerAsync()
    {
        if (_apiServer is { } server)
        {
            _apiServer = null;
            lock (_running)
            {
                _running.Remove(server);
            }

            await server.DisposeAsync();
        }
    }

    public async Task StartApiServerAsync(CancellationToken cancellation)
    {
        _apiServer ??= await RunAsync("kube-apiserver", ServerFlags.ApiServer(Layout, _options));
        await _probe.WaitAsync(_apiServer, new Uri(Layout.ApiServer, "/readyz"), cancellation);
    }

    public void PauseControllerManager() => _controllerManager!.Suspend();

    public void ResumeControllerManager() => _controllerManager!.Resume();

    /// <summary>What the components said last, and which of them live.</summary>
    public string Describe()
    {
        lock (_running)
        {
            return string.Join(Environment.NewLine, _running.Select(server => server.Describe(server.HasExited ? "has ended by itself" : "runs")));
        }
    }

    /// <summary>For the end of the process, where nothing can be awaited.</summary>
    public void KillAll()
    {
        lock (_running)
        {
            _running.ForEach(server => server.Kill());
            _running.ForEach(server => server.AwaitEnd());
        }
    }

    public async ValueTask DisposeAsync()
    {
        KillAll();
        ServerProcess[] servers;
        lock (_running)
        {
            servers = [.. _running];
            _running.Clear();
        }

        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        _nursery.Dispose();
        _probe.Dispose();
    }

    private static ServerLayout Prepare(TemporaryHome home, CertificateAuthority authority, IReadOnlyList<TokenUser> users)
    {
        var ports = LoopbackPorts.Take(5);
        var server = $"https://127.0.0.1:{ports[2]}";
        var serving = authority.IssueServer("127.0.0.1", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc");
        using var serviceAccountKey = RSA.Create(2048);
        return new ServerLayout
        {
            EtcdPort = ports[0],
            EtcdPeerPort = ports[1],
            ApiServerPort = ports[2],
            ControllerManagerPort = ports[3],
            SchedulerPort = ports[4],
            ServiceNetwork = $"127.{Random.Shared.Next(16, 250)}.0.0/16",
            EtcdData = home.PathOf("etcd"),
            AuthorityFile = home.Write("ca.crt", authority.CertificatePem),
            ServingCertificateFile = home.Write("serving.crt", serving.CertificatePem),
            ServingKeyFile = home.Write("serving.key", serving.KeyPem),
            ServiceAccountKeyFile = home.Write("service-accounts.key", serviceAccountKey.ExportPkcs8PrivateKeyPem()),
            TokenFile = home.Write("tokens.csv", TokenFile(users)),
            // Members of system:masters need no roles, so the servers do not wait for the built-in ones to be written.
            ControllerManagerConfig = home.Write("controller-manager.kubeconfig", Config("system:kube-controller-manager")),
            SchedulerConfig = home.Write("scheduler.kubeconfig", Config("system:kube-scheduler")),
        };

        string Config(string user) => KubeConfigFile.Compose(
            "internal", server, authority.CertificatePem, KubeConfigFile.CertificateUser(authority.IssueClient(user, [Masters])), null);
    }

    private static string TokenFile(IReadOnlyList<TokenUser> users)
    {
        var text = new StringBuilder();
        foreach (var user in users)
        {
            text.Append(user.Token).Append(',').Append(user.Name).Append(',').Append(user.Name)
                .Append(",\"").AppendJoin(',', user.Groups).Append("\"\n");
        }

        return text.ToString();
    }

    private async Task<ServerProcess> RunAsync(string program, IReadOnlyList<string> flags)
    {
        var server = await ServerProcess.StartAsync(_nursery, _binaries.PathOf(program), flags, _home.PathOf(program + ".log"));
        lock (_running)
        {
            _running.Add(server);
        }

        return server;
    }
}
