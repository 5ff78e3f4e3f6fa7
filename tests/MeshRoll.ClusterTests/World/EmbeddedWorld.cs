using MeshRoll.ClusterTests.World;
using MeshRoll.Sandbox;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Worlds;
using MeshRoll.TestControlPlane;
using MeshRoll.TestControlPlane.Api;
using YamlDotNet.RepresentationModel;

[assembly: AssemblyFixture(typeof(EmbeddedWorld))]

namespace MeshRoll.ClusterTests.World;

/// <summary>The embedded world: MeshRoll's own sandbox, in this process. A scenario that ends differently here than on a real control plane shows a bug of the sandbox.</summary>
public sealed class EmbeddedWorld : ClusterWorld, IAsyncLifetime
{
    private const string Data = $$"""
        name: scenarios
        nodes:
          - { name: node-1, pods: 20000, cpu: "10000", memory: 10000Gi }
          - { name: node-2, pods: 20000, cpu: "10000", memory: 10000Gi }
          - { name: node-3, pods: 20000, cpu: "10000", memory: 10000Gi }
        mesh:
          revisions:
            - version: {{OldVersion}}
              default: true

        """;

    private const string NewToo = $$"""
            - name: {{NewRevision}}
              version: {{NewVersion}}
        """;

    private static readonly WorldRevision s_old = new() { Version = OldVersion };
    private static readonly WorldRevision s_new = new() { Name = NewRevision, Version = NewVersion };

    private readonly string _kubectlCache = Directory.CreateTempSubdirectory("meshroll-kubectl-").FullName;
    private SandboxCluster? _sandbox;
    private KubeApi? _api;
    private int _users;

    public override bool ForwardsPorts => true;

    public override KubeApi Api => _api!;

    public override string KubeConfigPath => _sandbox!.KubeConfigPath;

    public override Uri Server => _sandbox!.Server;

    public override string AdminToken => FromKubeConfig("users", "user", "token");

    public override string CaPem => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(FromKubeConfig("clusters", "cluster", "certificate-authority-data")));

    /// <summary>What was asked of the server, by anybody.</summary>
    public IReadOnlyList<SandboxRequest> Requests => _sandbox!.Requests;

    /// <summary>Forgets what was asked so far.</summary>
    public void ClearRequests() => _sandbox!.ClearRequests();

    public ValueTask InitializeAsync()
    {
        _sandbox = SandboxCluster.Start(new() { Name = "meshroll-test", World = WorldReader.ReadText(OldOnly ? Data : Data + NewToo) });
        _api = new KubeApi(Server, CaPem, AdminToken);
        return ValueTask.CompletedTask;
    }

    public override async Task InstallNewAsync(CancellationToken cancellation)
    {
        _sandbox!.InstallIstio(s_new);
        await NewIsReadyAsync(cancellation);
        await _sandbox.SettledAsync(cancellation);
    }

    public override Task UninstallOldAsync(CancellationToken cancellation)
    {
        _sandbox!.UninstallIstio(s_old);
        return _sandbox.SettledAsync(cancellation);
    }

    public override NewUser CreateUser(string @namespace)
    {
        var name = $"user-{Interlocked.Increment(ref _users)}";
        return new(name, _sandbox!.CreateUser(name, [], @namespace));
    }

    public override Task DeleteImageAsync(string image)
    {
        _sandbox!.SetFault(new SandboxFault { Kind = SandboxFaultKind.ImageMissing, Image = image });
        return Task.CompletedTask;
    }

    public override Task RestartApiServerAsync(CancellationToken cancellation) => _sandbox!.RestartServerAsync(TimeSpan.FromSeconds(2), cancellation);

    public override Task RestartWithoutHistoryAsync(CancellationToken cancellation)
    {
        _sandbox!.ForgetHistory();
        return RestartApiServerAsync(cancellation);
    }

    public override TestControlPlane.Kubectl Kubectl
    {
        get
        {
            if (!ControlPlane.TryFindBinaries(out var programs, out var missing)) Assert.Skip($"needs kubectl: {missing}");
            return new(Path.Combine(programs, "kubectl"), KubeConfigPath, _kubectlCache);
        }
    }

    public override Task<Dictionary<string, int>> WatchesAsync(CancellationToken cancellation) =>
        Task.FromResult(_sandbox!.OpenWatches.ToDictionary(watch => watch.Key.Split('.')[0], watch => watch.Value));

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (_sandbox is not null) await _sandbox.DisposeAsync();
        Directory.Delete(_kubectlCache, recursive: true);
    }

    private string FromKubeConfig(string list, string entry, string value)
    {
        var yaml = new YamlStream();
        using var file = File.OpenText(KubeConfigPath);
        yaml.Load(file);
        return ((YamlScalarNode)yaml.Documents[0].RootNode[list][0][entry][value]).Value!;
    }
}
