using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Plans;

/// <summary>Collects what is to be planned, each workload once, in the order it was first named; all of one cluster.</summary>
internal sealed class PlanParts
{
    private readonly Dictionary<WorkloadReference, PlanTarget> _targets = [];
    private readonly List<WorkloadReference> _order = [];

    /// <summary>The cluster; null while nothing was named.</summary>
    public MeshCluster? Cluster { get; private set; }

    /// <summary>What is to be planned.</summary>
    public IReadOnlyList<PlanTarget> Targets => [.. _order.Select(workload => _targets[workload])];

    /// <summary>A plan is for one cluster: its windows, its Lease and its estimates are.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.SeveralClusters</c>.</exception>
    public void Use(MeshCluster cluster)
    {
        if (Cluster is not null && Cluster != cluster) throw new InvalidRequestException("MeshRoll.SeveralClusters", $"A plan is for one cluster, and this would be for {Cluster.Name} and {cluster.Name}: make one for each.");
        Cluster = cluster;
    }

    /// <summary>Adds a workload with the versions of its sidecars.</summary>
    public void Add(MeshCluster cluster, MeshWorkload workload)
    {
        Use(cluster);
        Add(new(new(workload.Namespace, workload.Kind, workload.Name), workload.DesiredVersion, workload.DesiredRevision), workload.Versions);
    }

    /// <summary>Adds the workload of a pod.</summary>
    public void Add(MeshCluster cluster, MeshSidecar sidecar)
    {
        Use(cluster);
        Add(new(new(sidecar.Namespace, sidecar.Kind, sidecar.Name), sidecar.DesiredVersion, sidecar.DesiredRevision), sidecar.Version is { } version ? [version] : []);
    }

    private void Add(RestartTarget target, IReadOnlyList<string> versions)
    {
        if (!_targets.TryGetValue(target.Workload, out var known)) _order.Add(target.Workload);
        _targets[target.Workload] = known is null
            ? new(target, versions)
            : new(new(target.Workload, known.Target.DesiredVersion ?? target.DesiredVersion, known.Target.DesiredRevision ?? target.DesiredRevision), [.. known.Sidecars.Union(versions).Order(StringComparer.Ordinal)]);
    }
}
