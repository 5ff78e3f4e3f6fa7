using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>
/// What the meshes of a cluster would inject into a new pod, read once: injector ConfigMaps, webhooks and namespaces. Immutable.
/// What could not be read (no right, no such mesh) is a remark and makes judgements unknown, never wrong.
/// </summary>
public sealed class MeshKnowledge
{
    /// <summary>Reads it. <paramref name="namespaces"/> limits which namespaces' labels are read; null means all.</summary>
    public static Task<MeshKnowledge> ReadAsync(ClusterSession session, SidecarTarget target, IReadOnlyCollection<string>? namespaces, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>What could not be read and what follows from it, in words.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The sidecar of <paramref name="pod"/>, judged; null when it carries none.</summary>
    public MeshSidecar? Describe(Pod pod, WorkloadReference owner, string cluster) => throw new NotImplementedException();
}
