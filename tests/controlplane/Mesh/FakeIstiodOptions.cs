namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>Which istiod is played.</summary>
public sealed record FakeIstiodOptions
{
    /// <summary>The revision's name that stands for an istiod installed without one: its objects have no suffix.</summary>
    public const string DefaultRevision = "default";

    /// <summary>The revision, such as <c>1-27</c>.</summary>
    public string Revision { get; init; } = DefaultRevision;

    /// <summary>The tag of the proxy's and istiod's images.</summary>
    public string Version { get; init; } = "1.26.4";

    /// <summary>Where the images come from.</summary>
    public string Hub { get; init; } = "hub.example/istio";

    /// <summary>The proxy's image within the hub.</summary>
    public string ProxyImage { get; init; } = "proxyv2";

    /// <summary>True makes a named revision the default one, by the tag <c>default</c>.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Where istiod lives. Outside istio-system the webhook configurations carry the namespace as a suffix.</summary>
    public string Namespace { get; init; } = "istio-system";

    /// <summary>How many istiod pods the Deployment asks for.</summary>
    public int Replicas { get; init; } = 1;

    internal string Suffix => Revision == DefaultRevision ? string.Empty : "-" + Revision;

    internal string NamespaceSuffix => Namespace == "istio-system" ? string.Empty : "-" + Namespace;

    internal string ServiceName => "istiod" + Suffix;

    internal string InjectorName => "istio-sidecar-injector" + Suffix;

    internal string WebhookName => InjectorName + NamespaceSuffix;

    internal string TagWebhookName(string tag) => $"istio-revision-tag-{tag}{NamespaceSuffix}";
}
