namespace MeshRoll.Core.Permissions;

/// <summary>Where a right is needed.</summary>
internal enum PermissionScope
{
    /// <summary>In each namespace that is worked on, or in all.</summary>
    InNamespace,

    /// <summary>Of the cluster itself: for what lives in no namespace, or must be seen in all.</summary>
    Cluster,

    /// <summary>Where Istio's control planes are.</summary>
    Istio,

    /// <summary>Where Linkerd's control plane is.</summary>
    Linkerd,

    /// <summary>Where Consul's injector is.</summary>
    Consul,
}

/// <summary>Which way of choosing namespaces a right belongs to.</summary>
internal enum NamespaceChoice
{
    /// <summary>Whatever is chosen.</summary>
    Any,

    /// <summary>Namespaces by name.</summary>
    Named,

    /// <summary>Namespaces by wildcards, or all.</summary>
    Searched,
}
