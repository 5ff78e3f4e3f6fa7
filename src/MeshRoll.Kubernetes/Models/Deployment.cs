namespace MeshRoll.Kubernetes.Models;

/// <summary>A Deployment (apps/v1).</summary>
public sealed record Deployment : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What was asked for.</summary>
    public DeploymentSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>What the controller reports.</summary>
    public DeploymentStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>The desired state of a Deployment.</summary>
public sealed record DeploymentSpec
{
    /// <summary>Pods wanted; the server's default is 1.</summary>
    public int? Replicas { get; init; }

    /// <summary>Its pods.</summary>
    public LabelSelector Selector { get; init => field = value ?? new(); } = new();

    /// <summary>What its pods are made from.</summary>
    public PodTemplate Template { get; init => field = value ?? new(); } = new();

    /// <summary>How old pods are replaced.</summary>
    public DeploymentStrategy Strategy { get; init => field = value ?? new(); } = new();

    /// <summary>Seconds a pod must be ready to count as available.</summary>
    public int MinReadySeconds { get; init; }

    /// <summary>A paused Deployment does not roll.</summary>
    public bool Paused { get; init; }

    /// <summary>Seconds without progress before it is reported as failed; without it there is no Progressing condition.</summary>
    public int? ProgressDeadlineSeconds { get; init; }
}

/// <summary>How a Deployment replaces its pods.</summary>
public sealed record DeploymentStrategy
{
    /// <summary>RollingUpdate or Recreate.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>The pace of a rolling update.</summary>
    public RollingUpdate? RollingUpdate { get; init; }
}

/// <summary>The observed state of a Deployment.</summary>
public sealed record DeploymentStatus
{
    /// <summary>The generation this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Pods there are, not counting those being deleted.</summary>
    public int Replicas { get; init; }

    /// <summary>Of them, those made from the current template.</summary>
    public int UpdatedReplicas { get; init; }

    /// <summary>Of them, those ready.</summary>
    public int ReadyReplicas { get; init; }

    /// <summary>Of them, those ready for MinReadySeconds.</summary>
    public int AvailableReplicas { get; init; }

    /// <summary>Those still missing.</summary>
    public int UnavailableReplicas { get; init; }

    /// <summary>Available, Progressing, ReplicaFailure.</summary>
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];
}
