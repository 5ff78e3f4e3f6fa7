using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Plans;

/// <summary>One step of a plan: its workloads are restarted together, as its settings pace them, and the next wave begins when all have come back.</summary>
public sealed record PlanWave
{
    /// <summary>Its name, unique in the plan.</summary>
    public required string Name { get; init; }

    /// <summary>What is done otherwise than the plan says.</summary>
    public PlanSettings Settings { get; init; } = new();

    /// <summary>When its workloads may be started, where that is not when the plan says; empty for the plan's windows. The plan's freezes hold in any case.</summary>
    public IReadOnlyList<MaintenanceWindow> Windows { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>How long it takes when all goes well, the soak time included; null when that is unknown.</summary>
    public TimeSpan? Estimate { get; init; }

    /// <summary>Its workloads, in order.</summary>
    public IReadOnlyList<PlannedWorkload> Workloads { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Name, size and time.</summary>
    public override string ToString() => $"{Name} ({Wording.Count(Workloads.Count, "workload")}{(Estimate is { } estimate ? $", {Wording.Duration(estimate)}" : "")}{string.Concat(Windows.Select(window => $", {window}"))})";
}
