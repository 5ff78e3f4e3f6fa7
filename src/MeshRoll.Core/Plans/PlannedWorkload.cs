using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans;

/// <summary>A workload of a plan, as it was when the plan was made: what has changed since can be told from it.</summary>
public sealed record PlannedWorkload
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Deployment, StatefulSet, DaemonSet or Rollout.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its pods.</summary>
    public int Pods { get; init; }

    /// <summary>The sidecar versions they carried.</summary>
    public IReadOnlyList<string> Sidecars { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The version its new pods should carry; null to take it from the mesh.</summary>
    public string? DesiredVersion { get; init; }

    /// <summary>The revision likewise.</summary>
    public string? DesiredRevision { get; init; }

    /// <summary>How long its restart takes when all goes well; null when that is unknown.</summary>
    public TimeSpan? Estimate { get; init; }

    /// <summary>Its uid; empty in a plan written by hand.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Its generation; null in a plan written by hand.</summary>
    public long? Generation { get; init; }

    /// <summary>What has to be done before it (annotation meshroll.io/after).</summary>
    public IReadOnlyList<WorkloadReference> After { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Which workload.</summary>
    public WorkloadReference Reference => new(Namespace, Kind, Name);

    /// <summary>As plans write it.</summary>
    public override string ToString() => PlanNames.Write(Reference);
}
