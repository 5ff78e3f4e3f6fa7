using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>Which proxies to tell of.</summary>
public sealed record ProxyStatusQuery
{
    /// <summary>Which pods, by namespace, workload and label. Proxies without a pod are told of where no workload or label is asked for.</summary>
    public WorkloadSelection Selection { get; init; } = new();

    /// <summary>Revisions or tags, with wildcards: of the istiod a proxy is connected to, else of its injection; empty means all.</summary>
    public IReadOnlyList<string> Revisions { get; init; } = [];

    /// <summary>States; empty means all.</summary>
    public IReadOnlyList<ProxyState> States { get; init; } = [];
}
