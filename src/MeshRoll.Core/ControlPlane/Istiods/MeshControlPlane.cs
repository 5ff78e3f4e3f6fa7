namespace MeshRoll.Core.ControlPlane.Istiods;

/// <summary>One revision of Istio's control plane: its istiod, what it injects, who asks it, and who lives on it. What could not be read is null, and Reason says so.</summary>
public sealed record MeshControlPlane
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The revision; <c>default</c> for the unnamed one.</summary>
    public required string Revision { get; init; }

    /// <summary>The namespace of its istiod; null when only webhooks or pods still speak of the revision.</summary>
    public string? Namespace { get; init; }

    /// <summary>The name of istiod's Deployment; null when there is none.</summary>
    public string? Name { get; init; }

    /// <summary>The version of istiod, by its image; null when the image names none.</summary>
    public string? Version { get; init; }

    /// <summary>Replicas of istiod wanted; null when unknown.</summary>
    public int? Replicas { get; init; }

    /// <summary>Replicas of istiod ready; null when unknown.</summary>
    public int? Ready { get; init; }

    /// <summary>The service that proxies and webhooks ask; null when there is none, or unknown.</summary>
    public string? Service { get; init; }

    /// <summary>Ready addresses behind the service; null when there are none to count, or unknown.</summary>
    public int? Endpoints { get; init; }

    /// <summary>The tags that point at it; null when webhooks could not be read.</summary>
    public IReadOnlyList<string>? Tags { get; init => field = ListedValue.OfKnown(value); }

    /// <summary>Whether it injects where labels name no revision (istio-injection=enabled); null when webhooks could not be read.</summary>
    public bool? Default { get; init; }

    /// <summary>The injector webhooks that ask it, whoever they belong to; null when webhooks could not be read.</summary>
    public IReadOnlyList<string>? Injectors { get; init => field = ListedValue.OfKnown(value); }

    /// <summary>The ConfigMap that says what it injects; null when there is none, or unknown.</summary>
    public string? ConfigMap { get; init; }

    /// <summary>The registry and path of its images; null when unknown.</summary>
    public string? Hub { get; init; }

    /// <summary>The tag of its images; null when unknown.</summary>
    public string? ImageTag { get; init; }

    /// <summary>The image of the sidecars that it injects; null when unknown.</summary>
    public string? Image { get; init; }

    /// <summary>The namespaces whose new pods it injects; null when webhooks or namespaces could not be read.</summary>
    public IReadOnlyList<string>? Namespaces { get; init => field = ListedValue.OfKnown(value); }

    /// <summary>Pods that carry a proxy it has injected, gateways included; null when pods could not be read.</summary>
    public int? Pods { get; init; }

    /// <summary>Proxies connected to it now; null unless it was asked, and when not all of its replicas answered.</summary>
    public int? Connected { get; init; }

    /// <summary>How it is, in a word.</summary>
    public ControlPlaneHealth Health { get; init; }

    /// <summary>Why, in words; empty when there is nothing to say.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>How a control plane is.</summary>
public enum ControlPlaneHealth
{
    /// <summary>Not enough could be read to tell.</summary>
    Unknown,

    /// <summary>It answers.</summary>
    Healthy,

    /// <summary>It answers, and something about it wants attention.</summary>
    Degraded,

    /// <summary>It does not answer: pods that it should inject cannot be created, and its proxies get nothing new.</summary>
    Down,
}
