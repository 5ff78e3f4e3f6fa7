namespace MeshRoll.Core.ControlPlane.Namespaces;

/// <summary>What a namespace's labels decide about new pods, and what its pods run.</summary>
public sealed record MeshNamespace
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The mesh that would inject a pod that asks for nothing itself: Istio, Linkerd or Consul; null for none, or when that cannot be told.</summary>
    public string? Mesh { get; init; }

    /// <summary>The label istio-injection; null when it is not set, or labels cannot be read.</summary>
    public string? InjectionLabel { get; init; }

    /// <summary>The label istio.io/rev, a revision or a tag; null when it is not set, or labels cannot be read.</summary>
    public string? RevisionLabel { get; init; }

    /// <summary>Whether a new pod that asks for nothing itself would be injected; null when that cannot be told.</summary>
    public bool? Injected { get; init; }

    /// <summary>The revision that injects it, behind whatever tag; null when none does, or when that cannot be told.</summary>
    public string? Revision { get; init; }

    /// <summary>The version it gets; null when none, or unknown.</summary>
    public string? Version { get; init; }

    /// <summary>The rule that decides, in words, or why that cannot be told.</summary>
    public string Rule { get; init; } = "";

    /// <summary>Pods with a sidecar; null when the namespace's pods could not be read.</summary>
    public int? Pods { get; init; }

    /// <summary>Those pods by the version of their sidecar; <c>unknown</c> where an image names none.</summary>
    public IReadOnlyDictionary<string, int> PodsByVersion { get; init; } = new Dictionary<string, int>();

    /// <summary>Of them, those whose replacement would get another sidecar; null when the namespace's pods could not be read.</summary>
    public int? Outdated { get; init; }

    /// <summary>Of them, those of which that cannot be told; null when the namespace's pods could not be read.</summary>
    public int? Unknown { get; init; }

    /// <summary>What is wrong with the labels and webhooks, a sentence each: mostly none.</summary>
    public IReadOnlyList<string> Conflicts { get; init => field = ListedValue.Of(value); } = [];
}
