using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Nodes;

/// <summary>Deletes the pods of a node that is gone and does not come back (the pod garbage collector, which waits as long).</summary>
internal sealed class OrphanedPods
{
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    private readonly Cluster _cluster;

    public OrphanedPods(Cluster cluster)
    {
        _cluster = cluster;
        cluster.Store.Changed += change =>
        {
            if (change.Type == ChangeType.Deleted && change.Object.Resource == ApiResources.Nodes) cluster.Simulation.After(Quarantine, () => Collect(change.Object.Name));
        };
    }

    private void Collect(string node)
    {
        if (_cluster.Store.Find(ApiResources.Nodes, "", node) is not null) return;
        foreach (var pod in _cluster.Store.List(ApiResources.Pods).Where(pod => pod.As<PodView>().NodeName == node).ToList())
        {
            // One that goes may take another along.
            if (_cluster.Store.FindByUid(pod.Uid) is { } present) _cluster.Delete(present, new DeleteOptions { GracePeriodSeconds = 0 });
        }
    }
}
