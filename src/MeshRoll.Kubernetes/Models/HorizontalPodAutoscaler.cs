namespace MeshRoll.Kubernetes.Models;

/// <summary>A HorizontalPodAutoscaler (autoscaling/v1), as far as MeshRoll reads it: whom it scales, and between which counts.</summary>
public sealed record HorizontalPodAutoscaler : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What was asked for.</summary>
    public HorizontalPodAutoscalerSpec Spec { get; init => field = value ?? new(); } = new();
}

/// <summary>The desired state of a HorizontalPodAutoscaler.</summary>
public sealed record HorizontalPodAutoscalerSpec
{
    /// <summary>The workload it scales.</summary>
    public ScaleTarget ScaleTargetRef { get; init => field = value ?? new(); } = new();

    /// <summary>Fewest pods; the server's default is 1.</summary>
    public int? MinReplicas { get; init; }

    /// <summary>Most pods.</summary>
    public int MaxReplicas { get; init; }
}

/// <summary>A workload in the same namespace that is scaled (autoscaling CrossVersionObjectReference).</summary>
public sealed record ScaleTarget
{
    /// <summary>Group and version, such as <c>apps/v1</c>; may be empty.</summary>
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    /// <summary>Kind, such as <c>Deployment</c>.</summary>
    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init => field = value ?? ""; } = "";
}
