using MeshRoll.ClusterTests.World;
using MeshRoll.TestControlPlane;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Kubelet;
using MeshRoll.TestControlPlane.Mesh;

[assembly: AssemblyFixture(typeof(RealWorld))]

namespace MeshRoll.ClusterTests.World;

/// <summary>The real world: etcd, kube-apiserver, controllers and scheduler, with played nodes and two played istiods.</summary>
public sealed class RealWorld : ClusterWorld, IAsyncLifetime
{
    private readonly List<string> _kubeConfigs = [];
    private FakeKubelet? _kubelet;
    private FakeIstiod? _old;
    private FakeIstiod? _new;
    private ControlPlane? _controlPlane;
    private string _missing = "";

    public override bool ForwardsPorts => false;

    public override KubeApi Api => ControlPlane.Api;

    public override string KubeConfigPath => ControlPlane.KubeConfigPath;

    public override Uri Server => ControlPlane.Server;

    public override string AdminToken => ControlPlane.AdminToken;

    public override string CaPem => ControlPlane.CaPem;

    private ControlPlane ControlPlane
    {
        get
        {
            if (_controlPlane is null) Assert.Skip($"needs the real control plane: {_missing}");
            return _controlPlane;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!ControlPlane.TryFindBinaries(out _, out _missing)) return;

        _controlPlane = await ControlPlane.StartAsync(new ControlPlaneOptions());
        _kubelet = await FakeKubelet.StartAsync(_controlPlane, new FakeKubeletOptions { Nodes = 3 });
        _old = await FakeIstiod.InstallAsync(_controlPlane, new FakeIstiodOptions { Version = OldVersion, IsDefault = true });
        if (!OldOnly) await InstallNewAsync(CancellationToken.None);
    }

    public override async Task InstallNewAsync(CancellationToken cancellation)
    {
        _new = await FakeIstiod.InstallAsync(ControlPlane, new FakeIstiodOptions { Version = NewVersion, Revision = NewRevision }, cancellation);
        if (OldOnly) await NewIsReadyAsync(cancellation);
    }

    public override Task UninstallOldAsync(CancellationToken cancellation) => _old!.UninstallAsync(cancellation);

    public override NewUser CreateUser(string @namespace)
    {
        var user = ControlPlane.TakeTokenUser();
        var path = Path.Combine(Path.GetTempPath(), $"meshroll-{Guid.NewGuid():n}.yaml");
        _kubeConfigs.Add(path);
        ControlPlane.WriteKubeConfig(path, user, @namespace);
        return new(user.Name, path);
    }

    public override Task DeleteImageAsync(string image)
    {
        _kubelet!.Images.Delete(image);
        return Task.CompletedTask;
    }

    public override Task RestartApiServerAsync(CancellationToken cancellation) => ControlPlane.RestartApiServerAsync(cancellation);

    public override async Task RestartWithoutHistoryAsync(CancellationToken cancellation)
    {
        await ControlPlane.StopApiServerAsync();
        await ControlPlane.CompactEtcdAsync(cancellation);
        await ControlPlane.StartApiServerAsync(cancellation);
    }

    public override TestControlPlane.Kubectl Kubectl => ControlPlane.Kubectl;

    public override async Task<Dictionary<string, int>> WatchesAsync(CancellationToken cancellation)
    {
        var metrics = await KubectlAsync(["get", "--raw", "/metrics"], cancellation);
        return metrics.Output.Split('\n')
            .Where(line => line.StartsWith("apiserver_longrunning_gauge{", StringComparison.Ordinal) && line.Contains("verb=\"WATCH\"", StringComparison.Ordinal))
            .GroupBy(line => line.Split("resource=\"")[1].Split('"')[0])
            .ToDictionary(group => group.Key, group => group.Sum(line => int.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_new is not null) await _new.DisposeAsync();
        if (_old is not null) await _old.DisposeAsync();
        if (_kubelet is not null) await _kubelet.DisposeAsync();
        if (_controlPlane is not null) await _controlPlane.DisposeAsync();
        _kubeConfigs.ForEach(File.Delete);
    }
}
