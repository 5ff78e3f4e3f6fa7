using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Workloads;

/// <summary>Something the user named is not in the cluster. Ids: <c>MeshRoll.NamespaceNotFound</c>, <c>MeshRoll.WorkloadNotFound</c>.</summary>
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
}
