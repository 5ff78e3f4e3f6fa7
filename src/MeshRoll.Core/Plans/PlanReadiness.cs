using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Plans;

/// <summary>What one rule of the preflight saw when the plan was made: of how many workloads, and what it means.</summary>
public sealed record PlanReadiness
{
    /// <summary>The rule, such as NoReadinessProbe: stable, for scripts.</summary>
    public required string Id { get; init; }

    /// <summary>Error: requests fail or the restart gets stuck. Warning: it may.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>Why it hurts during a restart.</summary>
    public string Why { get; init; } = "";

    /// <summary>Why the rule could not be checked, in words; empty when it was. What was not checked is neither well nor ill.</summary>
    public string NotChecked { get; init; } = "";

    /// <summary>How many workloads of the plan it concerns; 0 for a rule that was not checked.</summary>
    public int Count { get; init; }

    /// <summary>Those, as plans write them; of a long list the first ones.</summary>
    public IReadOnlyList<string> Workloads { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The rule and how many it concerns.</summary>
    public override string ToString() => NotChecked.Length > 0 ? $"{Id}: not checked ({NotChecked})" : $"{Severity} {Id}: {Wording.Count(Count, "workload")}";
}
