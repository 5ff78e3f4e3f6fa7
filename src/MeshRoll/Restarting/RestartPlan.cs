using MeshRoll.Connections;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Restarting;

/// <summary>Collects what is to be restarted, each workload once, in the order it was first named.</summary>
internal sealed class RestartPlan
{
    private readonly List<PlannedCluster> _clusters = [];

    /// <summary>The clusters with their workloads.</summary>
    public IReadOnlyList<PlannedCluster> Clusters => _clusters;

    /// <summary>Adds the workload of a pod. A container named by the user decides what is looked at.</summary>
    public void Add(MeshCluster cluster, MeshSidecar sidecar, bool isNamed = false) => Of(cluster, sidecar.Mesh == "Custom" ? sidecar.Container : null).Add(
        new(new(sidecar.Namespace, sidecar.Kind, sidecar.Name), sidecar.DesiredVersion, sidecar.DesiredRevision) { IsNamed = isNamed });

    /// <summary>Adds a workload; <paramref name="isNamed"/> when the user named this very one.</summary>
    public void Add(MeshCluster cluster, MeshWorkload workload, bool isNamed = false) => Of(cluster, null).Add(
        new(new(workload.Namespace, workload.Kind, workload.Name), workload.DesiredVersion, workload.DesiredRevision) { IsNamed = isNamed });

    /// <summary>Adds a workload that the user named in full.</summary>
    public void Add(MeshCluster cluster, WorkloadReference workload) => Of(cluster, null).Add(new(workload) { IsNamed = true });

    private PlannedCluster Of(MeshCluster cluster, string? container)
    {
        var planned = _clusters.Find(known => known.Cluster == cluster && known.SidecarContainer == container);
        if (planned is null) _clusters.Add(planned = new(cluster, container));
        return planned;
    }
}

/// <summary>The workloads to restart in one cluster, by one understanding of what a sidecar is.</summary>
/// <param name="cluster">Where.</param>
/// <param name="sidecarContainer">The container that the user named; null for the known meshes.</param>
internal sealed class PlannedCluster(MeshCluster cluster, string? sidecarContainer)
{
    private readonly Dictionary<WorkloadReference, RestartTarget> _targets = [];
    private readonly List<WorkloadReference> _order = [];

    public MeshCluster Cluster { get; } = cluster;

    public string? SidecarContainer { get; } = sidecarContainer;

    /// <summary>What to restart, in order.</summary>
    public IReadOnlyList<RestartTarget> Targets => [.. _order.Select(workload => _targets[workload])];

    /// <summary>Adds a workload; of several mentions the first that knows what is desired counts.</summary>
    public void Add(RestartTarget target)
    {
        if (!_targets.TryGetValue(target.Workload, out var known)) _order.Add(target.Workload);
        else target = new(target.Workload, known.DesiredVersion ?? target.DesiredVersion, known.DesiredRevision ?? target.DesiredRevision) { IsNamed = known.IsNamed || target.IsNamed };
        _targets[target.Workload] = target;
    }
}
