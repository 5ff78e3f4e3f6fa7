namespace MeshRoll.Kubernetes.Models;

/// <summary>
/// Who stands behind a service at this moment (core/v1 Endpoints, of the service's name). Deprecated since Kubernetes 1.33 and served by all versions,
/// which cannot be said of EndpointSlices.
/// </summary>
public sealed record Endpoints : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Addresses, grouped by their ports.</summary>
    public IReadOnlyList<EndpointSubset> Subsets { get; init => field = value ?? []; } = [];

    /// <summary>How many addresses take requests.</summary>
    public int ReadyCount => Subsets.SelectMany(subset => subset.Addresses).Select(address => address.Ip).Distinct(StringComparer.Ordinal).Count();
}

/// <summary>Addresses that share their ports.</summary>
public sealed record EndpointSubset
{
    /// <summary>Those that are ready.</summary>
    public IReadOnlyList<EndpointAddress> Addresses { get; init => field = value ?? []; } = [];

    /// <summary>Those that are not.</summary>
    public IReadOnlyList<EndpointAddress> NotReadyAddresses { get; init => field = value ?? []; } = [];
}

/// <summary>One address behind a service.</summary>
public sealed record EndpointAddress
{
    /// <summary>The address.</summary>
    public string Ip { get; init => field = value ?? ""; } = "";

    /// <summary>Whose it is, mostly a pod's; null when nobody says.</summary>
    public EndpointTarget? TargetRef { get; init; }
}

/// <summary>The object an address belongs to.</summary>
public sealed record EndpointTarget
{
    /// <summary>Mostly Pod.</summary>
    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init => field = value ?? ""; } = "";
}
