namespace MeshRoll.Core.Restarts.Repair;

/// <summary>A workload on which a run left its mark, and what was done about it.</summary>
public sealed record MeshRepair
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Deployment, StatefulSet, DaemonSet, Rollout or ReplicaSet.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>The run's id; empty where the mark cannot be read.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Surge or Evict; empty where the mark cannot be read.</summary>
    public string Strategy { get; init; } = "";

    /// <summary>Who left it: user and machine.</summary>
    public string By { get; init; } = "";

    /// <summary>When that run began with the workload, UTC.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it was last heard of, UTC.</summary>
    public DateTimeOffset? LastHeardOf { get; init; }

    /// <summary>The workload's count of pods as it was found.</summary>
    public int Replicas { get; init; }

    /// <summary>The count it was restored to; null when it was right, or is not ours to set.</summary>
    public int? RestoredReplicas { get; init; }

    /// <summary>Whether the mark is gone.</summary>
    public bool Repaired { get; init; }

    /// <summary>What was done, or why nothing was, in words.</summary>
    public string Message { get; init; } = "";
}
