using System.Runtime.CompilerServices;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

/// <summary>The workloads of a selection, while pages arrive; what cannot be read or is not there comes among them.</summary>
internal static class SelectedWorkloads
{
    public static async IAsyncEnumerable<ReadEvent<IKubernetesObject>> ReadAsync(ClusterSession session, WorkloadSelection selection, NameFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scope = await NamespaceScope.ResolveAsync(session, selection, cancellationToken);
        foreach (var (target, error) in scope.Failures) yield return new ReadEvent<IKubernetesObject>.Failed(error, target);
        foreach (var remark in scope.Remarks) yield return new ReadEvent<IKubernetesObject>.Remark(remark);

        await foreach (var item in OfKindAsync(Resources.Deployments, cancellationToken)) yield return item;
        await foreach (var item in OfKindAsync(Resources.StatefulSets, cancellationToken)) yield return item;
        await foreach (var item in OfKindAsync(Resources.DaemonSets, cancellationToken)) yield return item;
        if (filter.MayBe(WorkloadKinds.Rollout) && await session.Client.ServesAsync(Resources.ArgoRollouts, cancellationToken))
        {
            await foreach (var item in OfKindAsync(Resources.ArgoRollouts, cancellationToken)) yield return item;
        }

        var missing = (await scope.Facts).Missing;
        foreach (var name in missing) yield return new ReadEvent<IKubernetesObject>.Failed(await NamespaceScope.DescribeMissingAsync(session, name, await scope.Facts, cancellationToken), name);
        if (missing.Count > 0 && missing.Count == scope.Names.Count) yield break;
        foreach (var name in filter.Unmet) yield return new ReadEvent<IKubernetesObject>.Failed(NotFoundException.Workload(name, scope.InWords, filter.Seen), name.ToString());

        async IAsyncEnumerable<ReadEvent<IKubernetesObject>> OfKindAsync<T>(Resource<T> resource, [EnumeratorCancellation] CancellationToken cancel) where T : class, IKubernetesObject
        {
            if (!filter.MayBe(resource.Kind)) yield break;
            await using var listing = new ScopedListing<T>(session, resource, scope, new() { LabelSelector = selection.LabelSelector }, cancel);
            await foreach (var happened in listing.ReadAsync(cancel))
            {
                if (happened is ReadEvent<T>.Failed failed) yield return new ReadEvent<IKubernetesObject>.Failed(failed.Error, failed.Target);
                if (happened is ReadEvent<T>.Found { Item: var item } && filter.IsMatch(WorkloadObject.ReferenceOf(item))) yield return new ReadEvent<IKubernetesObject>.Found(item);
            }
        }
    }
}
