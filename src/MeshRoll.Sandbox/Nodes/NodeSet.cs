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
    }

    /// <summary>Where the nodes pull from.</summary>
    public ImageRegistry Images { get; }

    /// <summary>What brings pods to life.</summary>
    public Kubelet Kubelet { get; }

    /// <summary>What finds nodes for pods.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>Whether the world is still being run up: then a pod is bound and started in one write, and takes no time.</summary>
    public bool IsSettling
    {
        get => Scheduler.IsSettling;
        set => Scheduler.IsSettling = value;
    }

    /// <summary>Adds so many nodes.</summary>
    public void Add(int count, NodeOptions? options = null)
    {
        var number = 1;
        for (var added = 0; added < count; number++)
        {
            if (_cluster.Store.Find(ApiResources.Nodes, "", NodeObjects.NameOf(number)) is not null) continue;
            _cluster.Create(ApiResources.Nodes, "", NodeObjects.Describe(number, options ?? new(), _cluster.Now));
            added++;
        }
    }

    /// <summary>Adds a node of this name.</summary>
    public void Add(string name, NodeOptions options) =>
        _cluster.Create(ApiResources.Nodes, "", NodeObjects.Describe(_cluster.Store.Count(ApiResources.Nodes) + 1, options, _cluster.Now, name));
}
