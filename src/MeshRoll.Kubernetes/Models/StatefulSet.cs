namespace MeshRoll.Kubernetes.Models;

/// <summary>A StatefulSet (apps/v1).</summary>
public sealed record StatefulSet : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What was asked for.</summary>
    public StatefulSetSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>What the controller reports.</summary>
    public StatefulSetStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>The desired state of a StatefulSet.</summary>
public sealed record StatefulSetSpec
{
    /// <summary>Pods wanted; the server's default is 1.</summary>
    public int? Replicas { get; init; }

    /// <summary>Its pods.</summary>
    public LabelSelector Selector { get; init => field = value ?? new(); } = new();

    /// <summary>What its pods are made from.</summary>
    public PodTemplate Template { get; init => field = value ?? new(); } = new();

    /// <summary>OrderedReady or Parallel.</summary>
    public string PodManagementPolicy { get; init => field = value ?? ""; } = "";

    /// <summary>How old pods are replaced.</summary>
    public StatefulSetUpdateStrategy UpdateStrategy { get; init => field = value ?? new(); } = new();

    /// <summary>Seconds a pod must be ready to count as available.</summary>
    public int MinReadySeconds { get; init; }
}

/// <summary>How a StatefulSet replaces its pods.</summary>
public sealed record StatefulSetUpdateStrategy
{
    /// <summary>RollingUpdate or OnDelete.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>The pace of a rolling update.</summary>
    public StatefulSetRollingUpdate? RollingUpdate { get; init; }
}

/// <summary>The pace of a StatefulSet's rolling update.</summary>
public sealed record StatefulSetRollingUpdate
{
    /// <summary>Ordinals below it keep the old template.</summary>
    public int? Partition { get; init; }
}

/// <summary>The observed state of a StatefulSet.</summary>
public sealed record StatefulSetStatus
{
    /// <summary>The generation this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Pods there are.</summary>
    public int Replicas { get; init; }

    /// <summary>Of them, those ready.</summary>
    public int ReadyReplicas { get; init; }

    /// <summary>Of them, those of the current revision.</summary>
    public int CurrentReplicas { get; init; }

    /// <summary>Of them, those of the update revision.</summary>
    public int UpdatedReplicas { get; init; }

    /// <summary>Of them, those available; 0 on servers that do not report it.</summary>
    public int AvailableReplicas { get; init; }

    /// <summary>Name of the revision pods had before the update.</summary>
    public string CurrentRevision { get; init => field = value ?? ""; } = "";

    /// <summary>Name of the revision pods get now.</summary>
    public string UpdateRevision { get; init => field = value ?? ""; } = "";

    /// <summary>Rarely any.</summary>
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];
}
