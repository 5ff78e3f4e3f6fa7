using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Migration;

/// <summary>Which migration, and of which pods.</summary>
public sealed record MigrationQuery
{
    /// <summary>Which pods, by namespace, workload and label.</summary>
    public WorkloadSelection Selection { get; init; } = new() { AllNamespaces = true };

    /// <summary>A revision, tag or version; null for whatever is not <see cref="To"/>.</summary>
    public string? From { get; init; }

    /// <summary>A revision, tag or version.</summary>
    public required string To { get; init; }

    /// <summary>Measure the pace from here; null for the time when the oldest moved pod was made.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gateways' proxies too.</summary>
    public bool IncludeGateway { get; init; }
}
