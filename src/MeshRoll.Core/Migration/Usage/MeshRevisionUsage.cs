namespace MeshRoll.Core.Migration.Usage;

/// <summary>One thing that still uses a revision of the control plane, or would be lost with it.</summary>
public sealed record MeshRevisionUsage
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The revision.</summary>
    public required string Revision { get; init; }

    /// <summary>How it is used.</summary>
    public required RevisionUse Use { get; init; }

    /// <summary>The namespace of what uses it; null for what has none.</summary>
    public string? Namespace { get; init; }

    /// <summary>The kind of what uses it, such as Deployment, Namespace or MutatingWebhookConfiguration; null when it is unknown.</summary>
    public string? Kind { get; init; }

    /// <summary>The name of what uses it; null when it is unknown.</summary>
    public string? Name { get; init; }

    /// <summary>So many pods or proxies; 0 for what has none.</summary>
    public int Count { get; init; }

    /// <summary>What is the matter, in words.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it; empty when nothing has to be done.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Whether the revision must not be removed while this is so; null when that is unknown, because something could not be read.</summary>
    public bool? Blocking { get; init; }
}

/// <summary>How a revision is used.</summary>
public enum RevisionUse
{
    /// <summary>Proxies are connected to its istiod.</summary>
    ConnectedProxy,

    /// <summary>Pods of a workload carry a sidecar that it has injected.</summary>
    Pod,

    /// <summary>Pods of a gateway carry a proxy that it has injected.</summary>
    Gateway,

    /// <summary>A namespace gets its new pods injected by it.</summary>
    Namespace,

    /// <summary>A tag points at it.</summary>
    Tag,

    /// <summary>A webhook asks it, or would be lost with its installation.</summary>
    Webhook,

    /// <summary>Something could not be read, so that there may be more.</summary>
    Unknown,
}
