namespace MeshRoll.Kubernetes.Models;

/// <summary>A service (core/v1): a name behind which pods stand.</summary>
public sealed record Service : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What was asked for.</summary>
    public ServiceSpec Spec { get; init => field = value ?? new(); } = new();
}

/// <summary>The desired state of a service.</summary>
public sealed record ServiceSpec
{
    /// <summary>ClusterIP, NodePort, LoadBalancer or ExternalName; the last has no endpoints.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>The labels of the pods behind it; empty when somebody else keeps its endpoints.</summary>
    public IReadOnlyDictionary<string, string> Selector { get; init => field = value ?? Empty.Map; } = Empty.Map;

    /// <summary>Its ports.</summary>
    public IReadOnlyList<ServicePort> Ports { get; init => field = value ?? []; } = [];
}

/// <summary>One port of a service.</summary>
public sealed record ServicePort
{
    /// <summary>Its name; may be empty where there is only one.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Its number.</summary>
    public int Port { get; init; }
}
