namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>Which istiod is meant, and how it was installed.</summary>
internal sealed record IstiodOptions
{
    /// <summary>The name that stands for an istiod installed without a revision: its objects have no suffix.</summary>
    public const string DefaultRevision = "default";

    /// <summary>Where Istio lives unless told otherwise.</summary>
    public const string UsualNamespace = "istio-system";

    /// <summary>The revision, such as <c>1-27</c>.</summary>
    public string Revision { get; init; } = DefaultRevision;

    /// <summary>The tag of the proxy's and istiod's images.</summary>
    public required string Version { get; init; }

    /// <summary>Where the images come from.</summary>
    public string Hub { get; init; } = "docker.io/istio";

    /// <summary>The proxy's image within the hub.</summary>
    public string ProxyImage { get; init; } = "proxyv2";

    /// <summary>Where istiod lives. Outside istio-system the webhook configurations carry the namespace as a suffix.</summary>
    public string Namespace { get; init; } = UsualNamespace;

    /// <summary>How many istiod pods the Deployment asks for.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Whether proxies are injected as init containers that stay (ENABLE_NATIVE_SIDECARS).</summary>
    public bool NativeSidecars { get; init; }

    /// <summary>Whether every pod is injected that nobody excludes (enableNamespacesByDefault).</summary>
    public bool EnableNamespacesByDefault { get; init; }

    /// <summary>The revision as an ending of names; empty for an istiod without one.</summary>
    public string Suffix => Revision is DefaultRevision or "" ? "" : "-" + Revision;

    /// <summary>The namespace as an ending of the names of cluster-wide objects; empty in istio-system.</summary>
    public string NamespaceSuffix => Namespace == UsualNamespace ? "" : "-" + Namespace;

    /// <summary>Service and Deployment.</summary>
    public string ServiceName => "istiod" + Suffix;

    /// <summary>The ConfigMap of the injector.</summary>
    public string InjectorName => "istio-sidecar-injector" + Suffix;

    /// <summary>The ConfigMap of the mesh.</summary>
    public string MeshConfigName => "istio" + Suffix;

    /// <summary>The revision's own webhooks.</summary>
    public string WebhookName => InjectorName + NamespaceSuffix;

    /// <summary>The webhooks of a tag.</summary>
    public string TagWebhookName(string tag) => $"istio-revision-tag-{tag}{NamespaceSuffix}";
}
