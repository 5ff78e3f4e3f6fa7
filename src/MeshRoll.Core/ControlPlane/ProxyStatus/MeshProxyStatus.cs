namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>
/// One proxy as its control plane sees it: whether it took what it was sent, and from whom. A row of <c>istioctl proxy-status</c>, and besides it the
/// sidecars that no istiod knows and the proxies whose pod is gone.
/// </summary>
public sealed record MeshProxyStatus
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The pod's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The pod's name.</summary>
    public required string Pod { get; init; }

    /// <summary>Kind of the workload that made the pod; empty where there is no pod.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Name of the workload; empty where there is no pod.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it is a gateway's or waypoint's proxy rather than an application's sidecar.</summary>
    public bool Gateway { get; init; }

    /// <summary>Clusters: SYNCED, STALE or NOT SENT, as istioctl writes them (<see cref="XdsSync"/>); null when no istiod tells.</summary>
    public string? Cds { get; init; }

    /// <summary>Listeners, likewise.</summary>
    public string? Lds { get; init; }

    /// <summary>Endpoints, likewise.</summary>
    public string? Eds { get; init; }

    /// <summary>Routes, likewise. NOT SENT is usual where there is nothing to route.</summary>
    public string? Rds { get; init; }

    /// <summary>Extensions, likewise. NOT SENT is usual.</summary>
    public string? Ecds { get; init; }

    /// <summary>The pod of istiod that it is connected to; null when it is connected to none, or that is unknown.</summary>
    public string? Istiod { get; init; }

    /// <summary>The revision of that istiod; of a proxy that is connected to none, the one that injected it. Null when unknown.</summary>
    public string? Revision { get; init; }

    /// <summary>The proxy's version as istiod heard it, otherwise by its image; null when neither tells.</summary>
    public string? Version { get; init; }

    /// <summary>The name istiod has for the cluster the proxy runs in, such as Kubernetes; null when no istiod tells.</summary>
    public string? ClusterId { get; init; }

    /// <summary>All of it in one word.</summary>
    public required ProxyState State { get; init; }

    /// <summary>Whether some istiod holds a connection to it; null when that cannot be told.</summary>
    public bool? Connected => State switch
    {
        ProxyState.Unknown => null,
        ProxyState.Disconnected => false,
        _ => true,
    };

    /// <summary>Why the state is what it is, and what else is worth knowing, in words; empty when all is well.</summary>
    public string Reason { get; init; } = "";
}
