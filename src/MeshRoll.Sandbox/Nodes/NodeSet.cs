using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Nodes.Images;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Nodes.Scheduling;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes;

/// <summary>The nodes of a cluster with what lives on them: scheduler, kubelets and the registry they pull from.</summary>
internal sealed class NodeSet
{
    private readonly Cluster _cluster;

    public NodeSet(Cluster cluster, EventRecorder events, KubeletOptions? options = null, IPodFaults? faults = null)
    {
        _cluster = cluster;
        Images = new();
        Kubelet = new(cluster, events, options ?? new(), Images, faults);
        Scheduler = new(cluster, events, Kubelet);
        _ = new OrphanedPods(cluster);
    }

    /// <summary>Where the nodes pull from.</summary>
    public ImageRegistry Images { get; }

    /// <summary>What brings pods to life.</summary>
    public Kubelet Kubelet { get; }

    /// <summary>What finds nodes for pods.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>
    /// Whether the world is still being made up: then a pod is bound and started in one write, and neither start nor end takes time. What goes wrong
    /// with it goes wrong all the same.
    /// </summary>
    public bool IsSettling
    {
        get => Scheduler.IsSettling;
        set => (Scheduler.IsSettling, Kubelet.IsSettling) = (value, value);
    }

    /// <summary>Adds so many nodes, <c>node-1</c> and on.</summary>
    public void Add(int count, NodeOptions? options = null)
    {
        for (var number = 1; number <= count; number++) Add(NodeObjects.NameOf(number), options);
    }

    /// <summary>Adds a node.</summary>
    public void Add(string name, NodeOptions? options = null) =>
        _cluster.Create(ApiResources.Nodes, "", NodeObjects.Describe(name, _cluster.Store.Count(ApiResources.Nodes) + 1, options ?? new(), _cluster.Now));
}
