using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Sidecars;

/// <summary>What to say of a workload that was named and that no pod answered to: it may have no pods, or the name may be wrong.</summary>
internal static class UnmetNames
{
    /// <summary>Looks it up.</summary>
    public static async Task<ReadEvent<T>> DescribeAsync<T>(ClusterSession session, WorkloadName name, NamespaceScope scope, NameFilter filter, string? labelSelector, string without, CancellationToken cancellationToken)
    {
        try
        {
            return await new WorkloadLookup(session, scope).FindAsync(name, cancellationToken) is { } found
                ? new ReadEvent<T>.Remark($"{found} has no pods{(labelSelector is null ? "" : " with these labels")}, and so no {without}.")
                : new ReadEvent<T>.Failed(NotFoundException.Workload(name, scope.InWords, filter.Seen), name.ToString());
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return new ReadEvent<T>.Remark($"No pod belongs to '{name}', and whether it exists cannot be told ({Refusal.InWords(e)}).");
        }
    }
}
