namespace MeshRoll.Sandbox.Worlds;

/// <summary>The meshes whose sidecars a sandbox can inject.</summary>
public enum WorldMeshKind
{
    /// <summary>Istio, with revisions and tags.</summary>
    Istio,

    /// <summary>Linkerd.</summary>
    Linkerd,

    /// <summary>Consul.</summary>
    Consul,
}

/// <summary>The mesh: its control planes and the names that point at them.</summary>
public sealed record WorldMesh
{
    /// <summary>Whose mesh it is.</summary>
    public WorldMeshKind Kind { get; init; }

    /// <summary>The control planes, side by side. Linkerd and Consul have exactly one.</summary>
    public IReadOnlyList<WorldRevision> Revisions { get; init; } = [];

    /// <summary>Istio's revision tags: tag to name of a revision. The tag <c>default</c> decides for namespaces with <c>istio-injection=enabled</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The revision that a namespace means which names none; null where there is none such.</summary>
    public WorldRevision? DefaultRevision =>
        Tags.TryGetValue(WorldRevision.DefaultName, out var tagged) ? Own(tagged) : Revisions.FirstOrDefault(revision => revision.Default) ?? Own(WorldRevision.DefaultName);

    /// <summary>The revision that a revision's or a tag's name means, or null.</summary>
    public WorldRevision? Find(string name)
    {
        if (name is ("" or WorldRevision.DefaultName) && DefaultRevision is { } standard) return standard;
        return Tags.TryGetValue(name, out var tagged) ? Own(tagged) : Own(name);
    }

    /// <summary>The revision that has this very name, tags left aside; or null.</summary>
    public WorldRevision? Own(string name) =>
        Revisions.FirstOrDefault(revision => revision.Name == (name.Length == 0 ? WorldRevision.DefaultName : name));

    /// <summary>The revision and the version of it that injected what says <c>sidecar: x</c>, or null: a revision, a tag, or an earlier version of a revision.</summary>
    public (WorldRevision Revision, string Version)? Injector(string sidecar)
    {
        // A workload's past is told by the revision's own name: "default" was the one without a name, whatever the tag says today.
        if ((Own(sidecar) ?? Find(sidecar)) is { } revision) return (revision, revision.Version);
        return Revisions.FirstOrDefault(candidate => candidate.EarlierVersions.Contains(sidecar)) is { } upgraded ? (upgraded, sidecar) : null;
    }
}

/// <summary>One control plane of the mesh.</summary>
public sealed record WorldRevision
{
    /// <summary>The name of a revision that was installed without one.</summary>
    public const string DefaultName = "default";

    /// <summary>The revision, such as <c>1-27-1</c>; <c>default</c> for one that was installed without a name.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>The version of its proxies and of itself, such as <c>1.27.1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Versions it had before it was upgraded in place; a workload's <see cref="WorldWorkload.Sidecar"/> may name one.</summary>
    public IReadOnlyList<string> EarlierVersions { get; init; } = [];

    /// <summary>Where its images come from; null for the mesh's usual place.</summary>
    public string? Hub { get; init; }

    /// <summary>The namespace it lives in; null for the mesh's usual one.</summary>
    public string? Namespace { get; init; }

    /// <summary>How many pods it has.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Whether it injects the proxy as an init container that keeps running.</summary>
    public bool NativeSidecars { get; init; }

    /// <summary>Whether it is the default one although it has a name: the same as a tag <c>default</c>.</summary>
    public bool Default { get; init; }

    /// <summary>Whether it was installed without a name.</summary>
    public bool IsNameless => Name == DefaultName;
}
