using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>What a replacement is to do, decided before it begins.</summary>
internal sealed record ReplacementOrder
{
    /// <summary>Which workload.</summary>
    public required WorkloadReference Workload { get; init; }

    /// <summary>The mark as it is to be written; its beat is renewed.</summary>
    public required RestartMark Mark { get; init; }

    /// <summary>The plan it belongs to; null for none.</summary>
    public string? Plan { get; init; }

    /// <summary>The pause after a replacement serves before the next pod goes.</summary>
    public TimeSpan PodDelay { get; init; }

    /// <summary>How many pods may be missing at a time (Evict).</summary>
    public int MaxUnavailable { get; init; } = 1;

    /// <summary>Whether the last serving pod may go before its replacement serves.</summary>
    public bool AllowDowntime { get; init; }

    /// <summary>The time without any progress after which a replacement counts as not coming up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>When it has to be done.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
