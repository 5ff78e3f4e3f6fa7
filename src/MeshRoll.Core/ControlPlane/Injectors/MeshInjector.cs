namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>One injector webhook of Istio: whom it asks, which namespaces reach it, and whether that works. What could not be read is null, and Reason says so.</summary>
public sealed record MeshInjector
{
    /// <summary>The cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>The name of its MutatingWebhookConfiguration.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it belongs to a revision itself or to a tag.</summary>
    public required MeshInjectorKind Kind { get; init; }

    /// <summary>The tag it serves; null for a revision's own webhook.</summary>
    public string? Tag { get; init; }

    /// <summary>The revision that its label istio.io/rev names; <c>default</c> for the unnamed one.</summary>
    public required string Revision { get; init; }

    /// <summary>The service it asks; null when it calls an address.</summary>
    public string? Service { get; init; }

    /// <summary>The namespace of that service; null when it calls an address.</summary>
    public string? ServiceNamespace { get; init; }

    /// <summary>The address it calls instead; null when it asks a service.</summary>
    public string? Url { get; init; }

    /// <summary>
    /// The revision that is really asked, by the service. It differs from <see cref="Revision"/> once somebody pointed the webhook at another istiod.
    /// Null when the address or service does not tell.
    /// </summary>
    public string? AsksRevision { get; init; }

    /// <summary>Whether the istiod that is asked can answer: a ready pod, and endpoints behind the service. Null when that could not be read.</summary>
    public bool? Ready { get; init; }

    /// <summary>How many addresses stand ready behind the service; null when that could not be read, or when there is no service.</summary>
    public int? Endpoints { get; init; }

    /// <summary>Whether it can match anything at all: a default revision's webhook is switched off once a tag named default takes over.</summary>
    public bool Active { get; init; }

    /// <summary>What happens to pods when it cannot be called: Fail (no pod is created) or Ignore (created without sidecar); several, comma separated, where its webhooks differ.</summary>
    public string FailurePolicy { get; init; } = "";

    /// <summary>The names of its webhooks, in their order.</summary>
    public IReadOnlyList<string> Webhooks { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The namespaces whose pods it injects without the pods asking for it; null when namespaces could not be read.</summary>
    public IReadOnlyList<string>? Namespaces { get; init => field = ListedValue.OfKnown(value); }

    /// <summary>Whether the API server would trust the istiod that is asked.</summary>
    public CaBundleState CaBundle { get; init; }

    /// <summary>How it is, in a word.</summary>
    public InjectorHealth Health { get; init; }

    /// <summary>Why, in words.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>What an injector belongs to.</summary>
public enum MeshInjectorKind
{
    /// <summary>A revision: its own webhook.</summary>
    Revision,

    /// <summary>A tag, which can be moved from one revision to another.</summary>
    Tag,
}

/// <summary>The authority that an injector's webhooks trust.</summary>
public enum CaBundleState
{
    /// <summary>It could not be told.</summary>
    Unknown,

    /// <summary>There is one, of good form, and the asked revision's own webhook has the same.</summary>
    Valid,

    /// <summary>There is none: the API server's own authorities count, which rarely include istiod's.</summary>
    Missing,

    /// <summary>It holds no certificate.</summary>
    Unreadable,

    /// <summary>All of its certificates have expired.</summary>
    Expired,

    /// <summary>The asked revision's own webhook trusts another authority: the API server would refuse istiod's certificate.</summary>
    Differs,
}

/// <summary>How an injector is.</summary>
public enum InjectorHealth
{
    /// <summary>Not enough could be read to tell.</summary>
    Unknown,

    /// <summary>It injects.</summary>
    Healthy,

    /// <summary>It injects, and something about it wants attention.</summary>
    Degraded,

    /// <summary>It cannot be called: pods of its namespaces are not created, or come without sidecar.</summary>
    Broken,

    /// <summary>It is switched off, and meant to be.</summary>
    Inactive,
}
