namespace MeshRoll.Kubernetes.Models;

/// <summary>A Rollout of Argo Rollouts (argoproj.io/v1alpha1).</summary>
public sealed record ArgoRollout : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What was asked for.</summary>
    public ArgoRolloutSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>What its controller reports.</summary>
    public ArgoRolloutStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>The desired state of an Argo Rollout.</summary>
public sealed record ArgoRolloutSpec
{
    /// <summary>Pods wanted; its default is 1.</summary>
    public int? Replicas { get; init; }

    /// <summary>Paused by its owner.</summary>
    public bool Paused { get; init; }

    /// <summary>Pods older than this are to be replaced, UTC.</summary>
    public DateTimeOffset? RestartAt { get; init; }

    /// <summary>Its pods.</summary>
    public LabelSelector Selector { get; init => field = value ?? new(); } = new();

    /// <summary>What its pods are made from; empty when it refers to a Deployment's.</summary>
    public PodTemplate Template { get; init => field = value ?? new(); } = new();

    /// <summary>Seconds a pod must be ready to count as available.</summary>
    public int MinReadySeconds { get; init; }
}

/// <summary>The observed state of an Argo Rollout.</summary>
public sealed record ArgoRolloutStatus
{
    /// <summary>The generation this status speaks of, as text; old versions put a hash here.</summary>
    public string ObservedGeneration { get; init => field = value ?? ""; } = "";

    /// <summary>Healthy, Progressing, Paused or Degraded.</summary>
    public string Phase { get; init => field = value ?? ""; } = "";

    /// <summary>The phase in words.</summary>
    public string Message { get; init => field = value ?? ""; } = "";

    /// <summary>The RestartAt whose restart is complete, UTC.</summary>
    public DateTimeOffset? RestartedAt { get; init; }

    /// <summary>Hash of the template pods get now.</summary>
    public string CurrentPodHash { get; init => field = value ?? ""; } = "";

    /// <summary>Pods there are.</summary>
    public int Replicas { get; init; }

    /// <summary>Of them, those of the current template.</summary>
    public int UpdatedReplicas { get; init; }

    /// <summary>Of them, those ready.</summary>
    public int ReadyReplicas { get; init; }

    /// <summary>Of them, those available.</summary>
    public int AvailableReplicas { get; init; }

    /// <summary>As its controller reports them.</summary>
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];
}
