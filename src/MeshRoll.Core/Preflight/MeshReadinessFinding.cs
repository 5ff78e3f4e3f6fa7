using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Preflight;

/// <summary>Something about a workload that will hurt during a restart, or that could not be looked at.</summary>
public sealed record MeshReadinessFinding
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The kind of the workload, or of what else is concerned: a Job, a PodDisruptionBudget.</summary>
    public required string Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The rule, such as NoReadinessProbe: stable, for scripts.</summary>
    public required string Id { get; init; }

    /// <summary>Error: requests fail or the restart gets stuck. Warning: it may. Information: good to know.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>Whether the rule could be checked. False means that something could not be read: neither well nor ill.</summary>
    public bool Checked { get; init; } = true;

    /// <summary>What was seen, or why it could not be looked at.</summary>
    public required string Seen { get; init; }

    /// <summary>Why it hurts during a restart.</summary>
    public required string Why { get; init; }

    /// <summary>What to do, where no patch can do it.</summary>
    public string Advice { get; init; } = "";

    /// <summary>The patch that mends it, in YAML; empty where none can. Of a pod template it makes new pods by itself, as every change of one does.</summary>
    public string Fix { get; init; } = "";

    /// <summary>The command that shows what the patch would do (--dry-run=server); without that option it does it. Empty without a patch.</summary>
    public string FixCommand { get; init; } = "";

    /// <summary>What to be sure of before the patch is applied; empty for nothing.</summary>
    public string Caution { get; init; } = "";

    /// <summary>The patch itself; null where none can mend it.</summary>
    internal ReadinessFix? Patch { get; init; }

    /// <summary>What was seen.</summary>
    public override string ToString() => Seen;
}
