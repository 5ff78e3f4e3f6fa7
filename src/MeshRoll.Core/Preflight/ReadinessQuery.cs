using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Preflight;

/// <summary>Which workloads to look at, and by which rules.</summary>
public sealed record ReadinessQuery
{
    /// <summary>Which workloads.</summary>
    public WorkloadSelection Selection { get; init; } = new();

    /// <summary>These workloads of the selection and no others, nor what is beside them; null for all of it.</summary>
    internal IReadOnlySet<WorkloadReference>? Only { get; init; }

    /// <summary>Rules by id, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Rules to leave out, with wildcards.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Findings below this are not told; what could not be checked is told as its rule would be.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>From what age on images and init containers are doubted.</summary>
    public TimeSpan OldImages { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whether the room on nodes is looked at: it costs a list of all pods of the cluster.</summary>
    public bool IncludeNodeRoom { get; init; }
}
