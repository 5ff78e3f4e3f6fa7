using System.Runtime.CompilerServices;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Nodes.Logs;

/// <summary>The logs of the nodes' containers, told from what has become of them.</summary>
internal sealed class PodLogs(Cluster cluster) : IPodLogs
{
    /// <inheritdoc/>
    public IReadOnlyList<PodLogLine> Read(StoredObject pod, string container, bool previous) => LogLines.Of(ContainerRun.Of(pod, container, previous));

    /// <inheritdoc/>
    public async IAsyncEnumerable<PodLogLine> FollowAsync(StoredObject pod, string container, int after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (run, link) = cluster.Simulation.Enter(() =>
        {
            var present = cluster.Store.FindByUid(pod.Uid) ?? pod;
            return (ContainerRun.Of(present, container, previous: false), cluster.Store.Log(ApiResources.Pods).After(cluster.Store.Version));
        });
        for (var told = after; ;)
        {
            foreach (var line in LogLines.Of(run).Skip(told))
            {
                told++;
                yield return line;
            }
            if (run.EndedAt is not null || link is null) yield break;

            do link = await link.NextAsync(cancellationToken).ConfigureAwait(false);
            while (link.Change.Object.Uid != pod.Uid);
            if (link.Change.Type == ChangeType.Deleted) yield break;
            var next = ContainerRun.Of(link.Change.Object, container, previous: false);
            // A container that has been started again has another log.
            if (next.StartedAt != run.StartedAt) yield break;
            run = next;
        }
    }
}
