namespace MeshRoll.Kubernetes.Models;

/// <summary>A namespace (core/v1).</summary>
public sealed record Namespace : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Whether it is being deleted.</summary>
    public NamespaceStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>The observed state of a namespace.</summary>
public sealed record NamespaceStatus
{
    /// <summary>Active or Terminating.</summary>
    public string Phase { get; init => field = value ?? ""; } = "";
}
