using System.Runtime.CompilerServices;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Sidecars;

/// <summary>One reading of workloads: their own objects, their pods and the mesh's knowledge at the same time, then summed up.</summary>
internal sealed class WorkloadReading(ClusterSession session, SidecarQuery query, NameFilter filter)
{
    private readonly OwnerResolver _owners = new(session);
    private readonly ReadingRemarks _remarks = new();
    private readonly Dictionary<WorkloadReference, Gathered> _gathered = [];

    /// <summary>What is known of the meshes; null until the first object came.</summary>
    public MeshKnowledge? Knowledge { get; private set; }

    public async IAsyncEnumerable<ReadEvent<GatheredWorkload>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var end = new CancelAtEnd(stop);
        var scopeTask = NamespaceScope.ResolveAsync(session, query.Selection, stop.Token);
        var knowledgeTask = MeshKnowledgeReader.ReadAsync(session, query.Target, SidecarReading.FactsAsync(scopeTask), stop.Token);
        var scope = await scopeTask;
        foreach (var (target, error) in scope.Failures) yield return new ReadEvent<GatheredWorkload>.Failed(error, target);
        foreach (var remark in scope.Remarks) yield return new ReadEvent<GatheredWorkload>.Remark(remark);

        await using var pods = new ScopedListing<Pod>(session, Resources.Pods, scope, PodQuery.Of(null), stop.Token);
        var listing = new WorkloadListing(session, scope, filter, query.Selection.LabelSelector);
        var listedTask = listing.ReadAsync(stop.Token);
        await Task.WhenAll(knowledgeTask, listedTask);
        var knowledge = Knowledge = await knowledgeTask;
        var listed = await listedTask;

        var missing = (await scope.Facts).Missing;
        foreach (var name in missing)
        {
            yield return new ReadEvent<GatheredWorkload>.Failed(await NamespaceScope.DescribeMissingAsync(session, name, knowledge.Namespaces, stop.Token), name);
        }
        foreach (var (target, error) in listing.Failures) yield return new ReadEvent<GatheredWorkload>.Failed(error, target);

        await foreach (var happened in pods.ReadAsync(stop.Token))
        {
            if (happened is ReadEvent<Pod>.Found { Item: var pod }) await GatherAsync(pod, knowledge, listing, listed, stop.Token);
            else if (happened is ReadEvent<Pod>.Failed failed && !missing.Contains(failed.Target)) yield return new ReadEvent<GatheredWorkload>.Failed(failed.Error, failed.Target);
        }

        var workloads = Combine(knowledge, listed);
        if (workloads.Count > 0)
        {
            foreach (var remark in _remarks.First(knowledge)) yield return new ReadEvent<GatheredWorkload>.Remark(remark);
        }
        foreach (var workload in workloads)
        {
            if (!query.OutdatedOnly || workload.Workload.Outdated) yield return new ReadEvent<GatheredWorkload>.Found(workload);
        }
        foreach (var name in filter.Unmet)
        {
            if (missing.Count > 0 && missing.Count == scope.Names.Count) break;
            yield return new ReadEvent<GatheredWorkload>.Failed(NotFoundException.Workload(name, scope.InWords, filter.Seen), name.ToString());
        }
        foreach (var remark in _remarks.Last()) yield return new ReadEvent<GatheredWorkload>.Remark(remark);
    }

    private async ValueTask GatherAsync(Pod pod, MeshKnowledge knowledge, WorkloadListing listing, Dictionary<WorkloadReference, ListedWorkload> listed, CancellationToken cancellationToken)
    {
        if (!PodQuery.IsLive(pod)) return;
        var owner = await _owners.ResolveAsync(pod, cancellationToken);
        var isListed = listed.TryGetValue(owner.Workload, out var own);
        // A Deployment inferred from a ReplicaSet's name that is not there: the ReplicaSet was orphaned.
        if (!isListed && owner.Restartable && query.Selection.LabelSelector is null && listing.WhollyRead.Contains(owner.Workload.Kind)
            && pod.Metadata.Controller is { Kind: "ReplicaSet" } replicaSet)
        {
            owner = await _owners.OfReplicaSetAsync(pod.Metadata.Namespace, replicaSet.Name, cancellationToken);
        }
        if (!filter.IsMatch(owner.Workload)) return;
        if (!isListed && query.Selection.LabelSelector is not null) return;

        if (!_gathered.TryGetValue(owner.Workload, out var pods)) _gathered[owner.Workload] = pods = new(owner);
        pods.Count++;
        if (PodQuery.IsReady(pod)) pods.Ready++;

        var proxies = SidecarContainers.Find(pod.Spec, query.Target.SidecarContainer);
        if (proxies.Count == 0) return;
        if (knowledge.Describe(pod, owner.Workload, session.Name, own?.Template, proxies) is not { } sidecar) _remarks.CountProxyless();
        else if (sidecar.Gateway && !query.IncludeGateway) pods.IsGateway = true;
        else
        {
            _remarks.Count(sidecar, query);
            pods.Sidecars.Add(sidecar);
        }
    }

    private List<GatheredWorkload> Combine(MeshKnowledge knowledge, Dictionary<WorkloadReference, ListedWorkload> listed)
    {
        List<GatheredWorkload> all = [];
        foreach (var own in listed.Values)
        {
            if (!filter.IsMatch(own.Workload)) continue;
            var pods = _gathered.GetValueOrDefault(own.Workload) ?? new(new(own.Workload, true, ""));
            if (pods.Sidecars.Count > 0) all.Add(new(Summed(pods, own), pods.Sidecars));
            else if (WithoutSidecars(knowledge, own, pods) is { } future) all.Add(new(future, []));
        }
        foreach (var (workload, pods) in _gathered)
        {
            if (!listed.ContainsKey(workload) && pods.Sidecars.Count > 0) all.Add(new(Summed(pods, null), pods.Sidecars));
        }
        return [.. all.OrderBy(static item => item.Workload.Namespace, StringComparer.Ordinal).ThenBy(static item => item.Workload.Kind, StringComparer.Ordinal).ThenBy(static item => item.Workload.Name, StringComparer.Ordinal)];
    }

    private MeshWorkload Summed(Gathered pods, ListedWorkload? own)
    {
        var sidecars = WorkloadSidecars.Summarize(pods.Sidecars);
        return Object(pods, own) with
        {
            Sidecars = sidecars.Total,
            OutdatedSidecars = sidecars.Outdated,
            Versions = sidecars.Versions,
            DesiredVersion = sidecars.DesiredVersion,
            DesiredRevision = sidecars.DesiredRevision,
            Reason = Join(sidecars.Reason, WhyNotRestartable(pods, own)),
        };
    }

    private MeshWorkload? WithoutSidecars(MeshKnowledge knowledge, ListedWorkload own, Gathered pods)
    {
        if (pods.IsGateway || own.Template is null || (!query.IncludeGateway && PodMeshRoles.IsGateway(own.Template.Metadata))) return null;
        if (knowledge.Expect(own.Workload.Namespace, own.Template) is not { } expected) return null;
        var version = expected.Version ?? "one of unknown version";
        return Object(pods, own) with
        {
            DesiredVersion = expected.Version,
            DesiredRevision = expected.Revision,
            Reason = Join(pods.Count == 0 ? $"no pods; a new one would get {version}: {expected.Rule}" : $"no sidecar yet; a restart would add {version}: {expected.Rule}", WhyNotRestartable(pods, own)),
        };
    }

    private MeshWorkload Object(Gathered pods, ListedWorkload? own) => new()
    {
        Cluster = session.Name,
        Namespace = pods.Owner.Workload.Namespace,
        Kind = pods.Owner.Workload.Kind,
        Name = pods.Owner.Workload.Name,
        Replicas = own?.Replicas ?? pods.Count,
        Ready = own?.Ready ?? pods.Ready,
        UpdateStrategy = own?.UpdateStrategy ?? "",
        Restartable = pods.Owner.Restartable && own?.Paused != true,
    };

    private static string WhyNotRestartable(Gathered pods, ListedWorkload? own) => own?.Paused == true ? "it is paused: resume it first" : pods.Owner.Reason;

    private static string Join(string sentence, string more) => more.Length == 0 ? sentence : sentence.Length == 0 ? more : $"{sentence}; {more}";

    private sealed class Gathered(WorkloadOwner owner)
    {
        public WorkloadOwner Owner { get; } = owner;
        public List<MeshSidecar> Sidecars { get; } = [];
        public int Count { get; set; }
        public int Ready { get; set; }
        public bool IsGateway { get; set; }
    }
}
