using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>
/// One reading of proxy status: all istiods and the pods at the same time. No row is right before every istiod has answered; from then on they come as
/// the pages of pods do.
/// </summary>
internal sealed class ProxyStatusReading(ClusterSession session, ProxyStatusQuery query, NameFilter filter)
{
    // A pod that came while istiods were asked is missing from the list; more than a few such are no coincidence.
    private const int MostLookedUp = 32;

    private readonly OwnerResolver _owners = new(session);
    private readonly HashSet<string> _unreadable = [];
    private bool _isListed = true;
    private bool _sawOther;
    private bool _sawIstio;

    public async IAsyncEnumerable<ReadEvent<MeshProxyStatus>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var end = new CancelAtEnd(stop);
        var knownTask = KnownProxies.ReadAsync(session, OnlyNamespace(), stop.Token);
        var tagsTask = query.Revisions.Count == 0 ? Task.FromResult((Tags: RevisionTags.From(null), Problem: "")) : IstiodListing.TryTagsAsync(session, stop.Token);
        var scope = await NamespaceScope.ResolveAsync(session, query.Selection, stop.Token);
        foreach (var (target, error) in scope.Failures) yield return new ReadEvent<MeshProxyStatus>.Failed(error, target);
        foreach (var remark in scope.Remarks) yield return new ReadEvent<MeshProxyStatus>.Remark(remark);

        await using var pods = new ScopedListing<Pod>(session, Resources.Pods, scope, PodQuery.Of(query.Selection.LabelSelector), stop.Token);
        var told = Channel.CreateUnbounded<ReadEvent<PodProxy>>(new() { SingleReader = true, SingleWriter = true });
        var taking = TakeAsync(pods, told.Writer, stop.Token);
        var known = await knownTask;
        var (tags, tagProblem) = await tagsTask;
        var revisions = new RevisionFilter(query.Revisions, tags);
        if (tagProblem.Length > 0) yield return new ReadEvent<MeshProxyStatus>.Remark($"Injector webhooks cannot be read ({tagProblem}): tags are taken for revisions.");
        var remarksDue = known.Remarks.Count > 0;
        var missing = (await scope.Facts).Missing;
        foreach (var name in missing)
            yield return new ReadEvent<MeshProxyStatus>.Failed(await NamespaceScope.DescribeMissingAsync(session, name, await scope.Facts, stop.Token), name);

        await foreach (var happened in RowsAsync(told.Reader, known, missing, stop.Token))
        {
            // Where nobody has a proxy of Istio, nobody misses an istiod.
            if (remarksDue && happened is ReadEvent<MeshProxyStatus>.Found)
            {
                remarksDue = false;
                foreach (var remark in known.Remarks) yield return new ReadEvent<MeshProxyStatus>.Remark(remark);
            }
            if (happened is not ReadEvent<MeshProxyStatus>.Found { Item: var row } || Passes(row, revisions)) yield return happened;
        }
        await taking;
        await foreach (var row in RestAsync(scope, known, stop.Token))
        {
            foreach (var remark in remarksDue ? known.Remarks : []) yield return new ReadEvent<MeshProxyStatus>.Remark(remark);
            remarksDue = false;
            if (Passes(row, revisions)) yield return new ReadEvent<MeshProxyStatus>.Found(row);
        }

        foreach (var complaint in revisions.Unmet([.. known.Istiods.Select(static istiod => istiod.Revision).Distinct()])) yield return complaint;
        foreach (var name in filter.Unmet)
        {
            if (missing.Count > 0 && missing.Count == scope.Names.Count) break;
            yield return await UnmetNames.DescribeAsync<MeshProxyStatus>(session, name, scope, filter, query.Selection.LabelSelector, "proxies", stop.Token);
        }
        if (_sawOther && !_sawIstio)
            yield return new ReadEvent<MeshProxyStatus>.Remark("The proxies here are not Istio's. Proxy status is Istio's alone: Linkerd and Consul have no such answer. Get-MeshSidecarVersion reads theirs.");
    }

    // What is meant is known before anything was asked, unless it is a pattern.
    private string? OnlyNamespace() => query.Selection switch
    {
        { AllNamespaces: true } => null,
        { Namespaces: [] } => session.Client.Connection.Namespace,
        { Namespaces: [var only] } => new NamePattern(only.Trim()).Literal,
        _ => null,
    };

    private bool Passes(MeshProxyStatus row, RevisionFilter revisions) => revisions.IsMatch(row.Revision) && (query.States.Count == 0 || query.States.Contains(row.State));

    private async IAsyncEnumerable<ReadEvent<MeshProxyStatus>> RowsAsync(ChannelReader<ReadEvent<PodProxy>> pods, KnownProxies known, IReadOnlyList<string> missing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in pods.ReadAllAsync(cancellationToken))
        {
            switch (happened)
            {
                case ReadEvent<PodProxy>.Failed failed:
                    _unreadable.Add(failed.Target);
                    _isListed &= failed.Target != ScopedListing<Pod>.WholeCluster;
                    if (!missing.Contains(failed.Target)) yield return new ReadEvent<MeshProxyStatus>.Failed(failed.Error, failed.Target);
                    break;
                case ReadEvent<PodProxy>.Found { Item: var pod } when Join(pod, known) is { } row:
                    yield return new ReadEvent<MeshProxyStatus>.Found(row);
                    break;
            }
        }
    }

    private MeshProxyStatus? Join(PodProxy pod, KnownProxies known)
    {
        var row = ProxyRows.OfPod(pod, known.Take(pod.Row.Namespace, pod.Row.Pod), known);
        _sawIstio |= row is not null;
        _sawOther |= row is null && pod.IsOfAnotherMesh;
        return row;
    }

    /// <summary>Takes from the pods what they tell while istiods are still being asked, so that the slower of both decides how long it takes, not their sum.</summary>
    private async Task TakeAsync(ScopedListing<Pod> pods, ChannelWriter<ReadEvent<PodProxy>> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in pods.ReadAsync(cancellationToken))
            {
                if (happened is ReadEvent<Pod>.Failed failed) writer.TryWrite(new ReadEvent<PodProxy>.Failed(failed.Error, failed.Target));
                else if (happened is ReadEvent<Pod>.Found { Item: var pod } && await DescribeAsync(pod, cancellationToken) is { } told) writer.TryWrite(new ReadEvent<PodProxy>.Found(told));
            }
            writer.Complete();
        }
        catch (Exception e)
        {
            // The reader's to learn of.
            writer.Complete(e);
        }
    }

    private async ValueTask<PodProxy?> DescribeAsync(Pod pod, CancellationToken cancellationToken)
    {
        // Without a proxy the server is not asked for its owner: hardly any of these is known to istiod.
        if (filter.IsEmpty && SidecarContainers.Find(pod.Spec).Count == 0)
            return ProxyRows.Of(session.Name, pod, (OwnerRules.Resolve(pod) ?? OwnerRules.OfReplicaSet(pod.Metadata.Namespace, pod.Metadata.Controller!.Name, null)).Workload);

        var owner = await _owners.ResolveAsync(pod, cancellationToken);
        return filter.IsMatch(owner.Workload) ? ProxyRows.Of(session.Name, pod, owner.Workload) : null;
    }

    /// <summary>Proxies that istiod knows and for which no pod came: only where all pods of their namespaces were to come.</summary>
    private async IAsyncEnumerable<MeshProxyStatus> RestAsync(NamespaceScope scope, KnownProxies known, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!filter.IsEmpty || query.Selection.LabelSelector is not null) yield break;
        HashSet<string>? wanted = scope.All ? null : [.. scope.Names];
        List<KnownProxy> rest = [.. known.Rest.Where(proxy => wanted is null || wanted.Contains(proxy.Namespace))];
        var lookUp = rest.Count(proxy => known.IsLocal(proxy.ClusterId)) <= MostLookedUp;
        foreach (var proxy in rest)
        {
            var isLocal = known.IsLocal(proxy.ClusterId);
            if (isLocal && (!_isListed || _unreadable.Contains(proxy.Namespace))) yield return ProxyRows.OfUnreadable(session.Name, proxy);
            else if (isLocal && lookUp && await FindAsync(proxy, cancellationToken) is { } late) yield return await DescribeAsync(late, proxy, known, cancellationToken);
            else yield return ProxyRows.OfNobody(session.Name, proxy, isLocal);
        }
    }

    private async Task<MeshProxyStatus> DescribeAsync(Pod pod, KnownProxy proxy, KnownProxies known, CancellationToken cancellationToken)
    {
        var owner = await _owners.ResolveAsync(pod, cancellationToken);
        return ProxyRows.OfPod(ProxyRows.Of(session.Name, pod, owner.Workload), proxy, known)!;
    }

    private async Task<Pod?> FindAsync(KnownProxy proxy, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Client.FindAsync(Resources.Pods, proxy.Namespace, proxy.Pod, cancellationToken);
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            // The list did not have it, which is what is known.
            return null;
        }
    }
}
