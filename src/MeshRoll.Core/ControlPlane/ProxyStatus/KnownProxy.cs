namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>What is sent to proxies, each kind for itself.</summary>
internal enum XdsKind
{
    /// <summary>Clusters.</summary>
    Cds,

    /// <summary>Listeners.</summary>
    Lds,

    /// <summary>Endpoints.</summary>
    Eds,

    /// <summary>Routes.</summary>
    Rds,

    /// <summary>Extensions.</summary>
    Ecds,

    /// <summary>Whatever else: what ztunnel asks for instead, names for DNS.</summary>
    Other,
}

/// <summary>How far a proxy is with one kind of resource.</summary>
/// <param name="Sync">SYNCED, STALE or NOT SENT.</param>
/// <param name="NeverAcknowledged">Whether it has not acknowledged anything of it since it connected.</param>
/// <param name="SentTime">When the last was sent, UTC; null where istiod does not say.</param>
/// <param name="Error">Why the proxy refused the last; null when it did not, or istiod does not say.</param>
internal readonly record struct XdsStatus(string Sync, bool NeverAcknowledged = false, DateTimeOffset? SentTime = null, string? Error = null)
{
    /// <summary>Nothing was sent.</summary>
    public static XdsStatus NotSent { get; } = new(XdsSync.NotSent);
}

/// <summary>One proxy as one istiod knows it: an entry of its <c>/debug/syncz</c>.</summary>
internal sealed record KnownProxy
{
    /// <summary>The pod's namespace, by the proxy's name <c>pod.namespace</c>.</summary>
    public required string Namespace { get; init; }

    /// <summary>The pod.</summary>
    public required string Pod { get; init; }

    /// <summary>The cluster it runs in, as istiod names it; empty when it does not say.</summary>
    public string ClusterId { get; init; } = "";

    /// <summary>sidecar, router, waypoint, ztunnel; empty when istiod does not say, as older ones.</summary>
    public string Type { get; init; } = "";

    /// <summary>Istio's version of the proxy; empty when istiod does not say.</summary>
    public string Version { get; init; } = "";

    /// <summary>By <see cref="XdsKind"/>.</summary>
    public required IReadOnlyList<XdsStatus> Statuses { get; init; }

    /// <summary>Who says so.</summary>
    public required IstiodPod Istiod { get; init; }

    /// <summary>What other istiods say of it, in words; empty when none does.</summary>
    public string Others { get; init; } = "";

    /// <summary>When something was sent to it last; null where istiod does not say.</summary>
    public DateTimeOffset? LastSent => Statuses.Max(static status => status.SentTime);

    /// <summary>One kind.</summary>
    public XdsStatus Of(XdsKind kind) => Statuses[(int)kind];
}
