namespace MeshRoll.Kubernetes.Models;

/// <summary>A DaemonSet (apps/v1).</summary>
public sealed record DaemonSet : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What was asked for.</summary>
    public DaemonSetSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>What the controller reports.</summary>
    public DaemonSetStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>The desired state of a DaemonSet.</summary>
public sealed record DaemonSetSpec
{
    /// <summary>Its pods.</summary>
    public LabelSelector Selector { get; init => field = value ?? new(); } = new();

    /// <summary>What its pods are made from.</summary>
    public PodTemplate Template { get; init => field = value ?? new(); } = new();

    /// <summary>How old pods are replaced.</summary>
    public DaemonSetUpdateStrategy UpdateStrategy { get; init => field = value ?? new(); } = new();

    /// <summary>Seconds a pod must be ready to count as available.</summary>
    public int MinReadySeconds { get; init; }
}

/// <summary>How a DaemonSet replaces its pods.</summary>
public sealed record DaemonSetUpdateStrategy
{
    /// <summary>RollingUpdate or OnDelete.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>The pace of a rolling update.</summary>
    public RollingUpdate? RollingUpdate { get; init; }
}

/// <summary>The observed state of a DaemonSet.</summary>
public sealed record DaemonSetStatus
{
    /// <summary>The generation this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Nodes that should run a pod.</summary>
    public int DesiredNumberScheduled { get; init; }

    /// <summary>Nodes that do.</summary>
    public int CurrentNumberScheduled { get; init; }

    /// <summary>Nodes that run one from the current template.</summary>
    public int UpdatedNumberScheduled { get; init; }

    /// <summary>Nodes with a ready pod.</summary>
    public int NumberReady { get; init; }

    /// <summary>Nodes with an available pod.</summary>
    public int NumberAvailable { get; init; }

    /// <summary>Nodes without one.</summary>
    public int NumberUnavailable { get; init; }
}
