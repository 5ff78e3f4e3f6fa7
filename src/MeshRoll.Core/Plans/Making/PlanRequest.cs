using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Making;

/// <summary>What a plan is to be made of.</summary>
public sealed record PlanRequest
{
    /// <summary>The workloads, in the order they were chosen.</summary>
    public required IReadOnlyList<PlanTarget> Targets { get; init; }

    /// <summary>The plan's name; empty for one from the date.</summary>
    public string Name { get; init; } = "";

    /// <summary>Workloads of a first wave of their own; 0 for none.</summary>
    public int CanaryCount { get; init; }

    /// <summary>What makes a wave.</summary>
    public WaveGrouping GroupBy { get; init; }

    /// <summary>The label whose values make the waves.</summary>
    public string Label { get; init; } = "";

    /// <summary>The order of namespaces or label values; those not named follow.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>Waves by hand: names as selections have them, <c>deploy/web*</c>; a workload belongs to the first that fits, the rest is the last wave.</summary>
    public IReadOnlyList<string> Waves { get; init; } = [];

    /// <summary>How it restarts.</summary>
    public PlanSettings Settings { get; init; } = new();

    /// <summary>The soak time of the canary wave; null for that of the others.</summary>
    public TimeSpan? CanarySoak { get; init; }

    /// <summary>When the canaries may be started; empty for when the others may.</summary>
    public IReadOnlyList<MaintenanceWindow> CanaryWindows { get; init; } = [];

    /// <summary>When it may start workloads.</summary>
    public IReadOnlyList<MaintenanceWindow> Windows { get; init; } = [];

    /// <summary>When it may not.</summary>
    public IReadOnlyList<FreezePeriod> Freezes { get; init; } = [];

    /// <summary>Workloads left out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether the plan says nothing of what the preflight finds.</summary>
    public bool SkipReadiness { get; init; }

    /// <summary>The namespace of the Lease; empty for that of the first workload.</summary>
    public string LeaseNamespace { get; init; } = "";
}

/// <summary>A workload to plan for.</summary>
/// <param name="Target">Which, and what its pods should carry.</param>
/// <param name="Sidecars">The versions they carry.</param>
public sealed record PlanTarget(RestartTarget Target, IReadOnlyList<string> Sidecars)
{
    /// <summary>Which.</summary>
    public WorkloadReference Workload => Target.Workload;
}
