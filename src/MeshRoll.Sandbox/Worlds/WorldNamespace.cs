namespace MeshRoll.Sandbox.Worlds;

/// <summary>Whether a namespace asks for sidecars by the label (or annotation) that names no revision.</summary>
public enum WorldInjection
{
    /// <summary>It says nothing.</summary>
    None,

    /// <summary>New pods get the default revision's sidecar (<c>istio-injection=enabled</c>).</summary>
    Enabled,

    /// <summary>New pods get none.</summary>
    Disabled,
}

/// <summary>A namespace and what runs in it.</summary>
public sealed record WorldNamespace
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The revision or tag that new pods get from now on (<c>istio.io/rev</c>); null for none.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether it asks for sidecars without naming a revision. As in Istio this wins over <see cref="Revision"/>.</summary>
    public WorldInjection Injection { get; init; }

    /// <summary>Further labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>How many pods a quota allows; null for no quota.</summary>
    public int? Quota { get; init; }

    /// <summary>What runs there.</summary>
    public IReadOnlyList<WorldWorkload> Workloads { get; init; } = [];
}
