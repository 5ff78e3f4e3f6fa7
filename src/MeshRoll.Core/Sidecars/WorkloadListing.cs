using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Sidecars;

/// <summary>The workloads of a scope: all kinds that may be meant, at the same time; Argo Rollouts only where they are served.</summary>
internal sealed class WorkloadListing(ClusterSession session, NamespaceScope scope, NameFilter filter, string? labelSelector)
{
    /// <summary>Kinds that could be read everywhere in the scope: of them, what is not listed does not exist.</summary>
    public HashSet<string> WhollyRead { get; } = [];

    /// <summary>What could not be read.</summary>
    public List<(string Target, MeshRollException Error)> Failures { get; } = [];

    /// <summary>Reads them.</summary>
    public async Task<Dictionary<WorkloadReference, ListedWorkload>> ReadAsync(CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(
            OfKindAsync(Resources.Deployments, ListedWorkload.Of, cancellationToken),
            OfKindAsync(Resources.StatefulSets, ListedWorkload.Of, cancellationToken),
            OfKindAsync(Resources.DaemonSets, ListedWorkload.Of, cancellationToken),
            RolloutsAsync(cancellationToken));
        Dictionary<WorkloadReference, ListedWorkload> all = [];
        foreach (var (kind, items, failures) in lists)
        {
            foreach (var item in items) all[item.Workload] = item;
            if (failures.Count == 0 && filter.MayBe(kind)) WhollyRead.Add(kind);
            Failures.AddRange(failures);
        }
        return all;
    }

    private async Task<KindList> RolloutsAsync(CancellationToken cancellationToken)
    {
        if (!filter.MayBe(WorkloadKinds.Rollout)) return KindList.Empty(WorkloadKinds.Rollout);
        try
        {
            if (!await session.Client.ServesAsync(Resources.ArgoRollouts, cancellationToken)) return KindList.Empty(WorkloadKinds.Rollout);
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return new(WorkloadKinds.Rollout, [], [(WorkloadKinds.Rollout, e)]);
        }
        return await OfKindAsync(Resources.ArgoRollouts, ListedWorkload.Of, cancellationToken);
    }

    private async Task<KindList> OfKindAsync<T>(Resource<T> resource, Func<T, ListedWorkload> convert, CancellationToken cancellationToken) where T : class, IKubernetesObject
    {
        var list = KindList.Empty(resource.Kind);
        if (!filter.MayBe(resource.Kind)) return list;
        await using var listing = new ScopedListing<T>(session, resource, scope, new() { LabelSelector = labelSelector }, cancellationToken);
        await foreach (var happened in listing.ReadAsync(cancellationToken))
        {
            if (happened is ReadEvent<T>.Failed failed) list.Failures.Add((failed.Target, failed.Error));
            else if (happened is ReadEvent<T>.Found { Item: var item }) list.Items.Add(convert(item));
        }
        return list;
    }

    private sealed record KindList(string Kind, List<ListedWorkload> Items, List<(string Target, MeshRollException Error)> Failures)
    {
        public static KindList Empty(string kind) => new(kind, [], []);
    }
}
