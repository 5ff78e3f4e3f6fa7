namespace MeshRoll.Kubernetes.Models;

/// <summary>A node (core/v1), as far as it tells whether it is well.</summary>
public sealed record Node : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What is wanted of it.</summary>
    public NodeSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>What its kubelet reports.</summary>
    public NodeStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>What is wanted of a node.</summary>
public sealed record NodeSpec
{
    /// <summary>Whether it takes no new pods: cordoned.</summary>
    public bool Unschedulable { get; init; }
}

/// <summary>The observed state of a node.</summary>
public sealed record NodeStatus
{
    /// <summary>Ready, MemoryPressure, DiskPressure, PIDPressure; Ready is Unknown when the kubelet has been silent for too long.</summary>
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];
}
