namespace MeshRoll.Core.Workloads;

/// <summary>A workload and the sidecars of its pods.</summary>
public sealed record MeshWorkload
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Deployment, StatefulSet, DaemonSet, Rollout; or ReplicaSet, Job, Pod for what cannot be restarted.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>Pods wanted.</summary>
    public int Replicas { get; init; }

    /// <summary>Pods ready.</summary>
    public int Ready { get; init; }

    /// <summary>Pods with a sidecar.</summary>
    public int Sidecars { get; init; }

    /// <summary>Of them, those whose sidecar is outdated.</summary>
    public int OutdatedSidecars { get; init; }

    /// <summary>Whether any sidecar is outdated.</summary>
    public bool Outdated => OutdatedSidecars > 0;

    /// <summary>Sidecar versions seen, sorted, without repetition.</summary>
    public IReadOnlyList<string> Versions { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The version a new pod would get; null when unknown or none.</summary>
    public string? DesiredVersion { get; init; }

    /// <summary>The revision that decides <see cref="DesiredVersion"/>; null when unknown or none.</summary>
    public string? DesiredRevision { get; init; }

    /// <summary>Whether it can be restarted in place.</summary>
    public bool Restartable { get; init; }

    /// <summary>Why it is outdated, or why it cannot be restarted, in words; empty when there is nothing to say.</summary>
    public string Reason { get; init; } = "";

    /// <summary>RollingUpdate, Recreate, OnDelete, Canary, BlueGreen; empty for kinds without one.</summary>
    public string UpdateStrategy { get; init; } = "";
}
