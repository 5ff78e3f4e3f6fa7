using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Workloads;

/// <summary>Something the user named is not in the cluster. Ids: <c>MeshRoll.NamespaceNotFound</c>, <c>MeshRoll.WorkloadNotFound</c>, <c>MeshRoll.RevisionNotFound</c>.</summary>
public sealed class NotFoundException(string id, string message) : MeshRollException(id, message)
{
    /// <summary>No namespace of that name.</summary>
    public static NotFoundException Namespace(string name, IEnumerable<string> known) =>
        new("MeshRoll.NamespaceNotFound", $"There is no namespace '{name}'.{NearMatches.Sentence(name, known)}");

    /// <summary>No workload of that name in <paramref name="where"/>.</summary>
    public static NotFoundException Workload(WorkloadName name, string where, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new("MeshRoll.WorkloadNotFound", $"There is no {name.Kind?.ToLowerInvariant() ?? "workload"} '{name.Pattern}' in {where}.{NearMatches.Sentence(name.Pattern.Text, known)}");
    }

    /// <summary>No revision or tag of that name, and no version either where one was allowed; names those there are.</summary>
    internal static NotFoundException Revision(string name, IEnumerable<string> revisions, IReadOnlyDictionary<string, string> tags, IEnumerable<string>? versions = null)
    {
        var what = versions is null ? "revision or tag" : "revision, tag or version";
        List<string> known = [$"Revisions: {Listed(revisions)}", $"tags: {Listed(tags.Select(tag => $"{tag.Key} ({tag.Value})"))}"];
        if (versions is not null) known.Add($"versions: {Listed(versions)}");
        return new("MeshRoll.RevisionNotFound", $"There is no {what} '{name}'. {string.Join("; ", known)}.");
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } listed ? listed : "none";
}
