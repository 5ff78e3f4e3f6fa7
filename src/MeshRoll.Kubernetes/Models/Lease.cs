namespace MeshRoll.Kubernetes.Models;

/// <summary>A Lease (coordination.k8s.io/v1): who may do something that only one may do at a time.</summary>
public sealed record Lease : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Who holds it, and since when.</summary>
    public LeaseSpec Spec { get; init => field = value ?? new(); } = new();
}

/// <summary>The content of a Lease.</summary>
public sealed record LeaseSpec
{
    /// <summary>Who holds it; empty for nobody.</summary>
    public string HolderIdentity { get; init => field = value ?? ""; } = "";

    /// <summary>How long it is held without being renewed.</summary>
    public int? LeaseDurationSeconds { get; init; }

    /// <summary>When the holder got it, UTC, by the holder's clock.</summary>
    public DateTimeOffset? AcquireTime { get; init; }

    /// <summary>When the holder renewed it last, UTC, by the holder's clock.</summary>
    public DateTimeOffset? RenewTime { get; init; }

    /// <summary>How often it went from one holder to another.</summary>
    public int LeaseTransitions { get; init; }
}
