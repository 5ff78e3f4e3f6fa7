namespace MeshRoll.Core.Permissions;

/// <summary>What of the table concerns a cluster: the namespaces worked on, and those of the meshes that are there.</summary>
internal sealed record PermissionPlaces
{
    /// <summary>Whether all namespaces are worked on.</summary>
    public bool All { get; init; }

    /// <summary>The namespaces worked on; empty when all are.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Whether they were found by wildcards, or are all: the list of namespaces is needed for it.</summary>
    public bool Searched { get; init; }

    /// <summary>Namespaces with a control plane of Istio; empty where Istio is not installed.</summary>
    public IReadOnlyList<string> Istio { get; init; } = [];

    /// <summary>The namespaces of Linkerd's control plane; empty where there is none.</summary>
    public IReadOnlyList<string> Linkerd { get; init; } = [];

    /// <summary>The namespaces of Consul's injector; empty where there is none.</summary>
    public IReadOnlyList<string> Consul { get; init; } = [];

    /// <summary>Whether Argo Rollouts is installed.</summary>
    public bool ArgoRollouts { get; init; }

    /// <summary>The namespaces of a scope; the empty name for cluster-wide.</summary>
    public IReadOnlyList<string> Of(PermissionScope scope) => scope switch
    {
        PermissionScope.InNamespace => All ? [""] : Namespaces,
        PermissionScope.Istio => Istio,
        PermissionScope.Linkerd => Linkerd,
        PermissionScope.Consul => Consul,
        _ => [""],
    };
}
