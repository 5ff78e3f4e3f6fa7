namespace MeshRoll.Kubernetes.Models;

/// <summary>A ReplicaSet (apps/v1).</summary>
public sealed record ReplicaSet : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What was asked for.</summary>
    public ReplicaSetSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>What the controller reports.</summary>
    public ReplicaSetStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>The desired state of a ReplicaSet.</summary>
public sealed record ReplicaSetSpec
{
    /// <summary>Pods wanted; the server's default is 1.</summary>
    public int? Replicas { get; init; }

    /// <summary>Its pods.</summary>
    public LabelSelector Selector { get; init => field = value ?? new(); } = new();

    /// <summary>What its pods are made from.</summary>
    public PodTemplate Template { get; init => field = value ?? new(); } = new();
}

/// <summary>The observed state of a ReplicaSet.</summary>
public sealed record ReplicaSetStatus
{
    /// <summary>The generation this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Pods there are.</summary>
    public int Replicas { get; init; }

    /// <summary>Of them, those ready.</summary>
    public int ReadyReplicas { get; init; }

    /// <summary>Of them, those available.</summary>
    public int AvailableReplicas { get; init; }

    /// <summary>ReplicaFailure, when pods cannot be created.</summary>
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];
}
