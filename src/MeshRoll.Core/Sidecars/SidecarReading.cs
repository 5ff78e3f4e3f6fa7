using System.Runtime.CompilerServices;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Sidecars;

/// <summary>One reading of sidecars: pods, namespaces and the mesh's knowledge at the same time, then pod by pod as pages arrive.</summary>
internal sealed class SidecarReading(ClusterSession session, SidecarQuery query, NameFilter filter)
{
    private readonly OwnerResolver _owners = new(session);
    private readonly ReadingRemarks _remarks = new();

    public async IAsyncEnumerable<ReadEvent<MeshSidecar>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var end = new CancelAtEnd(stop);
        var scopeTask = NamespaceScope.ResolveAsync(session, query.Selection, stop.Token);
        var knowledgeTask = MeshKnowledgeReader.ReadAsync(session, query.Target, FactsAsync(scopeTask), stop.Token);
        var scope = await scopeTask;
        foreach (var (target, error) in scope.Failures) yield return new ReadEvent<MeshSidecar>.Failed(error, target);
        foreach (var remark in scope.Remarks) yield return new ReadEvent<MeshSidecar>.Remark(remark);

        await using var pods = new ScopedListing<Pod>(session, Resources.Pods, scope, PodQuery.Of(query.Selection.LabelSelector), stop.Token);
        var knowledge = await knowledgeTask;
        var missing = (await scope.Facts).Missing;
        foreach (var name in missing)
        {
            yield return new ReadEvent<MeshSidecar>.Failed(await NamespaceScope.DescribeMissingAsync(session, name, knowledge.Namespaces, stop.Token), name);
        }

        await foreach (var happened in pods.ReadAsync(stop.Token))
        {
            switch (happened)
            {
                case ReadEvent<Pod>.Failed failed:
                    if (!missing.Contains(failed.Target)) yield return new ReadEvent<MeshSidecar>.Failed(failed.Error, failed.Target);
                    break;
                case ReadEvent<Pod>.Found { Item: var pod }:
                    if (await DescribeAsync(pod, knowledge, stop.Token) is not { } sidecar) break;
                    foreach (var remark in _remarks.First(knowledge)) yield return new ReadEvent<MeshSidecar>.Remark(remark);
                    if (!query.IncludeGateway && sidecar.Gateway) break;
                    _remarks.Count(sidecar, query);
                    if (!query.OutdatedOnly || sidecar.Outdated == true) yield return new ReadEvent<MeshSidecar>.Found(sidecar);
                    break;
            }
        }

        foreach (var name in filter.Unmet)
        {
            if (missing.Count > 0 && missing.Count == scope.Names.Count) break;
            yield return await UnmetNames.DescribeAsync<MeshSidecar>(session, name, scope, filter, query.Selection.LabelSelector, "sidecars", stop.Token);
        }
        foreach (var remark in _remarks.Last()) yield return new ReadEvent<MeshSidecar>.Remark(remark);
    }

    internal static async Task<NamespaceFacts> FactsAsync(Task<NamespaceScope> scope) => await (await scope).Facts;

    private async ValueTask<MeshSidecar?> DescribeAsync(Pod pod, MeshKnowledge knowledge, CancellationToken cancellationToken)
    {
        if (!PodQuery.IsLive(pod)) return null;
        var proxies = SidecarContainers.Find(pod.Spec, query.Target.SidecarContainer);
        // Without names the owner of a pod without a proxy is nobody's business.
        if (proxies.Count == 0 && filter.IsEmpty) return null;

        var owner = await _owners.ResolveAsync(pod, cancellationToken);
        if (!filter.IsMatch(owner.Workload) || proxies.Count == 0) return null;
        var sidecar = knowledge.Describe(pod, owner.Workload, session.Name, null, proxies);
        if (sidecar is null) _remarks.CountProxyless();
        return sidecar;
    }
}
