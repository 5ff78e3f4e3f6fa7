using MeshRoll.Sandbox.Mesh.Consul;
using MeshRoll.Sandbox.Mesh.Istio;
using MeshRoll.Sandbox.Mesh.Linkerd;
using MeshRoll.Sandbox.Mesh.Webhooks;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox.Mesh;

/// <summary>The meshes of a cluster: what installs their control planes, what injects into new pods, and what proxies are connected to.</summary>
internal sealed class MeshSet
{
    public MeshSet(Cluster cluster)
    {
        Istio = new(cluster);
        Linkerd = new(cluster);
        Consul = new(cluster);
        ProxySync = new(cluster);
        cluster.Add(new MutatingWebhooks(cluster, [new IstioInjector(cluster), new LinkerdInjector(cluster), new ConsulInjector()]));
    }

    /// <summary>Istio's control planes.</summary>
    public IstioControlPlane Istio { get; }

    /// <summary>Linkerd's control plane.</summary>
    public LinkerdControlPlane Linkerd { get; }

    /// <summary>Consul's control plane.</summary>
    public ConsulControlPlane Consul { get; }

    /// <summary>What istiods know about their proxies.</summary>
    public ProxySync ProxySync { get; }

    /// <summary>Installs a control plane of a world's mesh in this version, or brings the one that is there to it in place. Its namespace exists.</summary>
    public void Install(WorldMesh mesh, WorldRevision revision, string version)
    {
        switch (mesh.Kind)
        {
            case WorldMeshKind.Linkerd:
                var linkerd = new LinkerdOptions { Version = version, Replicas = revision.Replicas, NativeSidecars = revision.NativeSidecars };
                Linkerd.Install(linkerd with { Namespace = revision.Namespace ?? linkerd.Namespace, Hub = revision.Hub ?? linkerd.Hub });
                break;
            case WorldMeshKind.Consul:
                var consul = new ConsulOptions { Version = version, Replicas = revision.Replicas };
                Consul.Install(consul with { Namespace = revision.Namespace ?? consul.Namespace, Hub = revision.Hub ?? consul.Hub });
                break;
            default:
                Istio.Install(Options(revision, version));
                break;
        }
    }

    /// <summary>Makes a tag point at a revision, as <c>istioctl tag set</c> does; other meshes have none.</summary>
    public void SetTag(WorldMesh mesh, string tag, WorldRevision revision)
    {
        if (mesh.Kind == WorldMeshKind.Istio) Istio.SetTag(Options(revision, revision.Version), tag);
    }

    /// <summary>Removes a revision of Istio as <c>istioctl uninstall --revision</c> does: tags and the sidecars of pods stay.</summary>
    public void Uninstall(WorldRevision revision) => Istio.Uninstall(Options(revision, revision.Version));

    private static IstiodOptions Options(WorldRevision revision, string version)
    {
        var options = new IstiodOptions { Version = version, Revision = revision.Name, Replicas = revision.Replicas, NativeSidecars = revision.NativeSidecars };
        return options with { Namespace = revision.Namespace ?? options.Namespace, Hub = revision.Hub ?? options.Hub };
    }
}
