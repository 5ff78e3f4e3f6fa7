namespace MeshRoll.Kubernetes.Models;

/// <summary>The scale subresource of a workload (autoscaling/v1).</summary>
public sealed record Scale : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Pods wanted.</summary>
    public ScaleSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>Pods there are.</summary>
    public ScaleStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>The desired count.</summary>
public sealed record ScaleSpec
{
    /// <summary>Pods wanted.</summary>
    public int Replicas { get; init; }
}

/// <summary>The observed count.</summary>
public sealed record ScaleStatus
{
    /// <summary>Pods there are.</summary>
    public int Replicas { get; init; }

    /// <summary>The pods' label selector, as text.</summary>
    public string Selector { get; init => field = value ?? ""; } = "";
}
