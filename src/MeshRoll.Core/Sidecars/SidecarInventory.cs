namespace MeshRoll.Core.Sidecars;

/// <summary>Reads sidecars and workloads of a cluster.</summary>
public sealed class SidecarInventory(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>One <see cref="MeshSidecar"/> per pod with a sidecar, while pages arrive.</summary>
    public IAsyncEnumerable<ReadEvent<MeshSidecar>> ReadSidecarsAsync(SidecarQuery query, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>One <see cref="Workloads.MeshWorkload"/> per workload that has pods with a sidecar (or none yet, but would get one), including what cannot be restarted.</summary>
    public IAsyncEnumerable<ReadEvent<Workloads.MeshWorkload>> ReadWorkloadsAsync(SidecarQuery query, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
