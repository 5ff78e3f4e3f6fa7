using MeshRoll.Sandbox.Mesh.Istio;
using MeshRoll.Sandbox.Mesh.Webhooks;

namespace MeshRoll.Sandbox.Mesh;

/// <summary>The meshes of a cluster: what installs their control planes, what injects into new pods, and what proxies are connected to.</summary>
internal sealed class MeshSet
{
    public MeshSet(Cluster cluster)
    {
        Istio = new(cluster);
        ProxySync = new(cluster);
        cluster.Add(new MutatingWebhooks(cluster, [new IstioInjector(cluster)]));
    }

    /// <summary>Istio's control planes.</summary>
    public IstioControlPlane Istio { get; }

    /// <summary>What istiods know about their proxies.</summary>
    public ProxySync ProxySync { get; }
}
