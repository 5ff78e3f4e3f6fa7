using System.Runtime.CompilerServices;

namespace MeshRoll.Core.Sidecars;

/// <summary>Reads sidecars and workloads of a cluster.</summary>
public sealed class SidecarInventory(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>
    /// One <see cref="MeshSidecar"/> per pod with a sidecar, while pages arrive. Pods that are being deleted or have ended are left out:
    /// there is nothing to restart in them.
    /// </summary>
    /// <exception cref="InvalidRequestException">At once: a name, kind or label selector cannot be read.</exception>
    public IAsyncEnumerable<ReadEvent<MeshSidecar>> ReadSidecarsAsync(SidecarQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new SidecarReading(Session, query, new(query.Selection)).ReadAsync(cancellationToken);
    }

    /// <summary>
    /// One <see cref="Workloads.MeshWorkload"/> per workload that has pods with a sidecar (or none yet, but would get one), including what cannot be restarted.
    /// They come when all pods were read, by namespace, kind and name. With a label selector, only kinds that can be restarted come:
    /// it is applied to them, and a Job's or a bare pod's labels say nothing of a workload.
    /// </summary>
    /// <exception cref="InvalidRequestException">At once: a name, kind or label selector cannot be read.</exception>
    public IAsyncEnumerable<ReadEvent<Workloads.MeshWorkload>> ReadWorkloadsAsync(SidecarQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return SumsOf(new WorkloadReading(Session, query, new(query.Selection)).ReadAsync(cancellationToken), cancellationToken);
    }

    private static async IAsyncEnumerable<ReadEvent<Workloads.MeshWorkload>> SumsOf(
        IAsyncEnumerable<ReadEvent<GatheredWorkload>> gathered, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in gathered.WithCancellation(cancellationToken)) yield return happened.As(static item => item.Workload);
    }
}
