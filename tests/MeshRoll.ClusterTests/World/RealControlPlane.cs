using MeshRoll.ClusterTests.World;
using MeshRoll.TestControlPlane;
using MeshRoll.TestControlPlane.Kubelet;
using MeshRoll.TestControlPlane.Mesh;

[assembly: AssemblyFixture(typeof(RealControlPlane))]
// One control plane on a small machine: scenarios one after the other measure themselves, not each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace MeshRoll.ClusterTests.World;

/// <summary>
/// The real world of the scenarios: etcd, kube-apiserver, controllers and scheduler, played nodes, and a mesh of two versions side by side:
/// the default revision (old) and a named one (new). Namespaces choose by label.
/// </summary>
public sealed class RealControlPlane : IAsyncLifetime
{
    public const string OldVersion = "1.26.4";
    public const string NewVersion = "1.27.1";
    public const string NewRevision = "1-27-1";

    private FakeKubelet? _kubelet;
    private FakeIstiod? _old;
    private FakeIstiod? _new;
    private ControlPlane? _controlPlane;
    private string _missing = "";

    /// <summary>The control plane; skips the test by name where its programs are not installed.</summary>
    public ControlPlane ControlPlane
    {
        get
        {
            if (_controlPlane is null) Assert.Skip($"needs the real control plane: {_missing}");
            return _controlPlane;
        }
    }

    /// <summary>The istiod of the default revision, at <see cref="OldVersion"/>.</summary>
    public FakeIstiod Old => _old!;

    /// <summary>The istiod of <see cref="NewRevision"/>, at <see cref="NewVersion"/>.</summary>
    public FakeIstiod New => _new!;

    /// <summary>The played kubelet of all nodes.</summary>
    public FakeKubelet Kubelet => _kubelet!;

    public async ValueTask InitializeAsync()
    {
        if (!TestControlPlane.ControlPlane.TryFindBinaries(out _, out _missing)) return;

        _controlPlane = await TestControlPlane.ControlPlane.StartAsync(new ControlPlaneOptions());
        _kubelet = await FakeKubelet.StartAsync(_controlPlane, new FakeKubeletOptions { Nodes = 3 });
        _old = await FakeIstiod.InstallAsync(_controlPlane, new FakeIstiodOptions { Version = OldVersion, IsDefault = true });
        _new = await FakeIstiod.InstallAsync(_controlPlane, new FakeIstiodOptions { Version = NewVersion, Revision = NewRevision });
    }

    public async ValueTask DisposeAsync()
    {
        if (_new is not null) await _new.DisposeAsync();
        if (_old is not null) await _old.DisposeAsync();
        if (_kubelet is not null) await _kubelet.DisposeAsync();
        if (_controlPlane is not null) await _controlPlane.DisposeAsync();
    }
}
