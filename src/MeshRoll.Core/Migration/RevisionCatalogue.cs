using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Migration;

/// <summary>The names a user may give for one side of a migration: revisions, tags, and versions that run or would be injected.</summary>
internal sealed record RevisionCatalogue
{
    /// <summary>Revisions that have an istiod, an injector, or pods.</summary>
    public required IReadOnlySet<string> Revisions { get; init; }

    /// <summary>Tags and what they point at now.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Versions of sidecars that run, or that an injector has.</summary>
    public required IReadOnlySet<string> Versions { get; init; }

    /// <summary>Whether a name that is not here does not exist: webhooks and injectors could be read.</summary>
    public bool Complete { get; init; } = true;

    /// <summary>All that is known of the mesh and its pods.</summary>
    public static RevisionCatalogue Of(MeshKnowledge knowledge, IEnumerable<MeshSidecar> sidecars)
    {
        SortedSet<string> revisions = new(StringComparer.Ordinal);
        SortedSet<string> versions = new(StringComparer.Ordinal);
        foreach (var injector in knowledge.Injectors)
        {
            revisions.Add(injector.Revision);
            if (injector.ImageFor(NoAnnotations)?.Version is { } version) versions.Add(version);
        }
        foreach (var revision in knowledge.Tags.Revisions) revisions.Add(revision.Revision!);
        foreach (var sidecar in sidecars)
        {
            if (sidecar.Mesh != SidecarContainers.Istio) continue;
            if (sidecar.Revision is not null) revisions.Add(sidecar.Revision);
            if (sidecar.Version is not null) versions.Add(sidecar.Version);
        }
        return new()
        {
            Revisions = revisions,
            Tags = knowledge.Tags.Names.ToDictionary(static tag => tag, tag => knowledge.Tags.Resolve(tag).Revision!, StringComparer.Ordinal),
            Versions = versions,
            Complete = knowledge.Tags.AreKnown && knowledge.InjectorProblem.Length == 0,
        };
    }

    /// <summary>
    /// What a name means: a revision before a tag of the same name (pods carry revisions, never tags), and both before a version.
    /// </summary>
    /// <exception cref="NotFoundException"><c>MeshRoll.RevisionNotFound</c>, naming those there are.</exception>
    public MigrationSide Find(string name)
    {
        if (Revisions.Contains(name)) return new(name, null);
        if (Tags.TryGetValue(name, out var revision)) return new(revision, null);
        if (Versions.Any(version => MigrationSide.IsOrBegins(version, name))) return new(null, name);
        // What may be hidden is taken at its word: a version has dots, a revision cannot.
        if (!Complete) return name.Contains('.', StringComparison.Ordinal) ? new(null, name) : new(name, null);
        throw NotFoundException.Revision(name, Revisions, Tags, Versions);
    }

    private static readonly Dictionary<string, string> NoAnnotations = [];
}
