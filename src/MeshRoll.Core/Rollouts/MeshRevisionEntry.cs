namespace MeshRoll.Core.Rollouts;

/// <summary>One revision of a workload: what its pods were, or are, made from.</summary>
public sealed record MeshRevisionEntry
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Deployment, StatefulSet, DaemonSet or Rollout.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its number. A revision that is taken up again gets a new one; the old number is gone then.</summary>
    public long Revision { get; init; }

    /// <summary>Whether the workload's template is this one now.</summary>
    public bool Current { get; init; }

    /// <summary>The annotation kubernetes.io/change-cause; empty when nobody wrote one.</summary>
    public string ChangeCause { get; init; } = "";

    /// <summary>When its ReplicaSet or ControllerRevision was made, UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Images of the containers, then of the init containers, without repetition. A sidecar that is injected is not among them.</summary>
    public IReadOnlyList<string> Images { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Pods of this revision that are there now.</summary>
    public int Pods { get; init; }

    /// <summary>Sidecar versions of these pods, sorted, without repetition; empty when there are none, or when they cannot be told.</summary>
    public IReadOnlyList<string> SidecarVersions { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The ReplicaSet or ControllerRevision that keeps it.</summary>
    public string KeptBy { get; init; } = "";

    /// <summary>The pod template as JSON; empty unless the revision was asked for by its number.</summary>
    public string Template { get; init; } = "";
}
