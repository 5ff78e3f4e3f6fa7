namespace MeshRoll.Kubernetes.Models;

/// <summary>A ConfigMap (core/v1).</summary>
public sealed record ConfigMap : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Its text entries.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init => field = value ?? Empty.Map; } = Empty.Map;
}
