namespace MeshRoll.Kubernetes.Models;

/// <summary>An event (core/v1): something that happened to an object.</summary>
public sealed record Event : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>The object it happened to.</summary>
    public ObjectReference InvolvedObject { get; init => field = value ?? new(); } = new();

    /// <summary>One word, for example FailedCreate.</summary>
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>A sentence.</summary>
    public string Message { get; init => field = value ?? ""; } = "";

    /// <summary>Normal or Warning.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>How often it happened; 0 where a series is reported instead.</summary>
    public int Count { get; init; }

    /// <summary>First time, UTC.</summary>
    public DateTimeOffset? FirstTimestamp { get; init; }

    /// <summary>Last time, UTC.</summary>
    public DateTimeOffset? LastTimestamp { get; init; }

    /// <summary>Time of events of the newer form, UTC.</summary>
    public DateTimeOffset? EventTime { get; init; }
}

/// <summary>Names an object.</summary>
public sealed record ObjectReference
{
    /// <summary>Its kind.</summary>
    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>Its namespace.</summary>
    public string Namespace { get; init => field = value ?? ""; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Its uid.</summary>
    public string Uid { get; init => field = value ?? ""; } = "";

    /// <summary>The part concerned, for example <c>spec.containers{istio-proxy}</c>.</summary>
    public string FieldPath { get; init => field = value ?? ""; } = "";
}
