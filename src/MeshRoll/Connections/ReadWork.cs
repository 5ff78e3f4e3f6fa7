using MeshRoll.Core;
using MeshRoll.Core.Workloads;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;

namespace MeshRoll.Connections;

/// <summary>Reads from several clusters at the same time and writes what is found as it comes.</summary>
internal static class ReadWork
{
    /// <summary>Reads each part. What cannot be read is an error of its own; the rest goes on.</summary>
    /// <param name="parts">Which workloads of which cluster.</param>
    /// <param name="read">Reads one part.</param>
    /// <param name="found">What to do with each object.</param>
    /// <param name="output">Where errors and warnings go.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Task RunAsync<T>(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts,
        Func<ClusterSession, WorkloadSelection, CancellationToken, IAsyncEnumerable<ReadEvent<T>>> read,
        Func<MeshCluster, T, ValueTask> found,
        ICommandOutput output,
        CancellationToken cancellationToken)
    {
        return Task.WhenAll(parts.GroupBy(part => part.Cluster).Select(ReadClusterAsync));

        async Task ReadClusterAsync(IGrouping<MeshCluster, (MeshCluster Cluster, WorkloadSelection Selection)> group)
        {
            var said = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (cluster, selection) in group) await ReadPartAsync(cluster, selection, said);
        }

        async Task ReadPartAsync(MeshCluster cluster, WorkloadSelection selection, HashSet<string> said)
        {
            try
            {
                await foreach (var happening in read(cluster.Session!, selection, cancellationToken))
                {
                    switch (happening)
                    {
                        case ReadEvent<T>.Found(var item): await found(cluster, item); break;
                        case ReadEvent<T>.Failed(var error, var target): await output.WriteErrorAsync(CommandErrors.From(error, target)); break;
                        case ReadEvent<T>.Remark(var text) when said.Add(text): await output.WriteWarningAsync(text); break;
                    }
                }
            }
            catch (MeshRollException e)
            {
                await output.WriteErrorAsync(CommandErrors.From(e));
            }
        }
    }
}
