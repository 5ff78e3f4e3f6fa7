using System.Runtime.CompilerServices;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

/// <summary>Reads the rollouts of workloads as they stand: once, without following.</summary>
public sealed class RolloutReader(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>
    /// One <see cref="MeshRollout"/> per workload, while pages arrive. Those that are done come at once; for those that are not, the pods of their
    /// namespaces are read as well, so that they come last, with a diagnosis. Generation is null: whoever waits for such an object waits for the workload's
    /// newest template.
    /// </summary>
    /// <exception cref="InvalidRequestException">At once: a name, kind or label selector cannot be read.</exception>
    public IAsyncEnumerable<ReadEvent<MeshRollout>> ReadAsync(WorkloadSelection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return ReadAsync(selection, new NameFilter(selection), cancellationToken);
    }

    private async IAsyncEnumerable<ReadEvent<MeshRollout>> ReadAsync(WorkloadSelection selection, NameFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scope = await NamespaceScope.ResolveAsync(Session, selection, cancellationToken);
        foreach (var (target, error) in scope.Failures) yield return new ReadEvent<MeshRollout>.Failed(error, target);
        foreach (var remark in scope.Remarks) yield return new ReadEvent<MeshRollout>.Remark(remark);

        List<IKubernetesObject> moving = [];
        await foreach (var happened in WorkloadsAsync(selection, scope, filter, cancellationToken))
        {
            if (happened is ReadEvent<IKubernetesObject>.Failed failed) yield return new ReadEvent<MeshRollout>.Failed(failed.Error, failed.Target);
            if (happened is not ReadEvent<IKubernetesObject>.Found { Item: var workload } || !filter.IsMatch(WorkloadObject.ReferenceOf(workload))) continue;
            var status = RolloutStatusRules.Of(workload, RolloutExpectation.Any, []);
            if (status.State == RolloutState.Complete) yield return new ReadEvent<MeshRollout>.Found(Describe(workload, status, []));
            else moving.Add(workload);
        }
        await foreach (var happened in MovingAsync(moving, cancellationToken)) yield return happened;

        var missing = (await scope.Facts).Missing;
        foreach (var name in missing) yield return new ReadEvent<MeshRollout>.Failed(await NamespaceScope.DescribeMissingAsync(Session, name, await scope.Facts, cancellationToken), name);
        if (missing.Count > 0 && missing.Count == scope.Names.Count) yield break;
        foreach (var name in filter.Unmet) yield return new ReadEvent<MeshRollout>.Failed(NotFoundException.Workload(name, scope.InWords, filter.Seen), name.ToString());
    }

    private async IAsyncEnumerable<ReadEvent<IKubernetesObject>> WorkloadsAsync(WorkloadSelection selection, NamespaceScope scope, NameFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in OfKindAsync(Resources.Deployments, cancellationToken)) yield return item;
        await foreach (var item in OfKindAsync(Resources.StatefulSets, cancellationToken)) yield return item;
        await foreach (var item in OfKindAsync(Resources.DaemonSets, cancellationToken)) yield return item;
        if (!filter.MayBe(WorkloadKinds.Rollout) || !await Session.Client.ServesAsync(Resources.ArgoRollouts, cancellationToken)) yield break;
        await foreach (var item in OfKindAsync(Resources.ArgoRollouts, cancellationToken)) yield return item;

        async IAsyncEnumerable<ReadEvent<IKubernetesObject>> OfKindAsync<T>(Resource<T> resource, [EnumeratorCancellation] CancellationToken cancel) where T : class, IKubernetesObject
        {
            if (!filter.MayBe(resource.Kind)) yield break;
            await using var listing = new ScopedListing<T>(Session, resource, scope, new() { LabelSelector = selection.LabelSelector }, cancel);
            await foreach (var happened in listing.ReadAsync(cancel))
            {
                if (happened is ReadEvent<T>.Found found) yield return new ReadEvent<IKubernetesObject>.Found(found.Item);
                if (happened is ReadEvent<T>.Failed failed) yield return new ReadEvent<IKubernetesObject>.Failed(failed.Error, failed.Target);
            }
        }
    }

    /// <summary>Those that are not done, with what their pods tell.</summary>
    private async IAsyncEnumerable<ReadEvent<MeshRollout>> MovingAsync(List<IKubernetesObject> moving, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (index, inquiries, now) = (new PodIndex(), new Inquiries(Session, new()), Session.TimeProvider.GetUtcNow());
        foreach (var group in moving.GroupBy(workload => workload.Metadata.Namespace))
        {
            if (await ReadPodsAsync(index, group.Key, cancellationToken) is { } refused)
            {
                yield return new ReadEvent<MeshRollout>.Remark($"Pods of namespace {group.Key} cannot be read, so reasons are not known there: {refused.Message}");
            }
            foreach (var workload in group)
            {
                var reference = WorkloadObject.ReferenceOf(workload);
                var pods = index.Of(reference);
                var status = RolloutStatusRules.Of(workload, RolloutExpectation.Any, pods);
                IReadOnlyList<Event> events = pods.Count < status.Desired ? await EventsAsync(inquiries, reference, now, cancellationToken) : [];
                var diagnosis = DiagnosisRules.Diagnose(new() { Workload = workload, Pods = pods, Events = events, Now = now, IsSingle = true });
                yield return new ReadEvent<MeshRollout>.Found(Describe(workload, status, diagnosis.Findings) with { Terminating = pods.Count(pod => pod.Metadata.DeletionTimestamp is not null) });
            }
        }
    }

    private async Task<MeshRollException?> ReadPodsAsync(PodIndex index, string @namespace, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var pod in Session.Client.ListAsync(Resources.Pods, @namespace, cancellationToken: cancellationToken)) index.Put(pod);
            return null;
        }
        catch (ApiException error)
        {
            return error;
        }
    }

    // Events only add a reason; who may not read them sees the rest.
    private static async Task<IReadOnlyList<Event>> EventsAsync(Inquiries inquiries, WorkloadReference workload, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await inquiries.FailedCreatesAsync(workload, now, cancellationToken);
        }
        catch (ApiException)
        {
            return [];
        }
    }

    private MeshRollout Describe(IKubernetesObject workload, RolloutStatus status, IReadOnlyList<MeshFinding> findings) => new()
    {
        Cluster = Session.Name,
        Namespace = workload.Metadata.Namespace,
        Kind = WorkloadObject.KindOf(workload),
        Name = workload.Metadata.Name,
        State = status.State,
        Desired = status.Desired,
        Updated = status.Updated,
        Ready = status.Ready,
        Available = status.Available,
        Old = status.Old,
        Revision = status.Revision,
        Message = status.Message,
        Diagnosis = findings,
        Uid = workload.Metadata.Uid,
    };
}
