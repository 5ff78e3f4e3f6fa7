using MeshRoll.Sandbox.Controllers.ArgoRollouts;
using MeshRoll.Sandbox.Controllers.DaemonSets;
using MeshRoll.Sandbox.Controllers.Deployments;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Controllers.StatefulSets;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Observing;

/// <summary>
/// Writes down how many pods of which sort every workload has, whenever that changes: what a test of a runbook asserts, such as that one pod was ready
/// at any time. Counts go along with the changes of the store, so that ten thousand pods cost no more per change than ten.
/// </summary>
/// <remarks>All members are for use inside the simulation only.</remarks>
internal sealed class Timeline
{
    /// <summary>How many entries are kept of one workload.</summary>
    public const int KeptPerWorkload = 2_000;

    /// <summary>How many entries are kept of all.</summary>
    public const int KeptInAll = 200_000;

    private readonly Cluster _cluster;
    private readonly Dictionary<string, WorkloadTrack> _tracks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CountedPod> _pods = new(StringComparer.Ordinal);
    private readonly List<WorkloadTrack> _gone = [];
    private readonly Queue<(WorkloadTrack Track, long Order)> _all = new();
    private long _order;
    private int _kept;

    /// <summary>Begins with what there is.</summary>
    public Timeline(Cluster cluster)
    {
        _cluster = cluster;
        foreach (var resource in (ApiResource[])[ApiResources.Deployments, ApiResources.StatefulSets, ApiResources.DaemonSets, ApiResources.ArgoRollouts, ApiResources.ReplicaSets])
        {
            foreach (var workload in cluster.Store.List(resource).Where(IsWorkload)) Learn(workload, before: null);
        }
        foreach (var pod in cluster.Store.List(ApiResources.Pods)) Count(pod);
        Clear();
        cluster.Store.Changed += Observe;
    }

    /// <summary>Forgets what was recorded and begins anew: each workload's first entry is how it is now.</summary>
    public void Clear()
    {
        _gone.Clear();
        _all.Clear();
        _kept = 0;
        foreach (var track in _tracks.Values.OrderBy(track => track.Namespace, StringComparer.Ordinal).ThenBy(track => track.Kind, StringComparer.Ordinal).ThenBy(track => track.Name, StringComparer.Ordinal))
        {
            track.Entries.Clear();
            track.Last = null;
            Record(track);
        }
    }

    /// <summary>The entries of the workloads meant, in the order in which they were recorded.</summary>
    /// <param name="namespace">A namespace; * and ? are wildcards; null for any.</param>
    /// <param name="kind">A kind, likewise.</param>
    /// <param name="name">A name, likewise.</param>
    public IReadOnlyList<SandboxTimelineEntry> Read(string? @namespace = null, string? kind = null, string? name = null) =>
        [.. _tracks.Values.Concat(_gone)
            .Where(track => Like(@namespace, track.Namespace) && Like(kind, track.Kind) && Like(name, track.Name))
            .SelectMany(track => track.Entries)
            .OrderBy(recorded => recorded.Order)
            .Select(recorded => recorded.Entry)];

    private static bool Like(string? pattern, string text) => pattern is null || Pattern.Like(pattern, text);

    private static bool IsWorkload(StoredObject stored) =>
        stored.Resource == ApiResources.Deployments || stored.Resource == ApiResources.StatefulSets || stored.Resource == ApiResources.DaemonSets
        || stored.Resource == ApiResources.ArgoRollouts || (stored.Resource == ApiResources.ReplicaSets && stored.ControllerUid.Length == 0);

    private void Observe(StoreChange change)
    {
        var resource = change.Object.Resource;
        if (resource == ApiResources.Pods) ObservePod(change);
        else if (resource == ApiResources.ControllerRevisions) ObserveTemplate(change.Object);
        else if (resource == ApiResources.ReplicaSets && change.Object.ControllerUid.Length > 0) ObserveReplicaSet(change);
        else if (IsWorkload(change.Object)) ObserveWorkload(change);
    }

    private void ObserveWorkload(StoreChange change)
    {
        if (change.Type != ChangeType.Deleted)
        {
            if (Learn(change.Object, change.Before) is { } learnt) Record(learnt);
        }
        else if (_tracks.TryGetValue(change.Object.Uid, out var track))
        {
            track.IsGone = true;
            Record(track);
            Retire(change.Object.Uid, track);
        }
    }

    // Its revision is among its annotations; how many pods it has tells nothing of templates.
    private void ObserveReplicaSet(StoreChange change)
    {
        if (change.Type != ChangeType.Modified || change.Before?.Metadata != change.Object.Metadata) ObserveTemplate(change.Object);
    }

    /// <summary>A template was written down, or gone: the workload's new pods may be other ones now.</summary>
    private void ObserveTemplate(StoredObject written)
    {
        if (!_tracks.TryGetValue(written.ControllerUid, out var track) || _cluster.Store.FindByUid(written.ControllerUid) is not { } workload) return;
        track.Template = Templates.Present(_cluster.Store, workload);
        Record(track);
    }

    private void ObservePod(StoreChange change)
    {
        var before = _pods.GetValueOrDefault(change.Object.Uid);
        if (change.Type == ChangeType.Deleted)
        {
            if (before is null) return;
            _pods.Remove(change.Object.Uid);
            before.Track.Count(before.Template, before.State, -1);
            Record(before.Track);
            Retire(before.Workload, before.Track);
        }
        else if (before is null)
        {
            if (Count(change.Object) is { } counted) Record(counted.Track);
        }
        else if (StateOf(change.Object) is var state && state != before.State)
        {
            before.Track.Count(before.Template, before.State, -1);
            before.Track.Count(before.Template, state, 1);
            before.State = state;
            Record(before.Track);
        }
    }

    /// <summary>Counts a new pod in; null when it belongs to no workload.</summary>
    private CountedPod? Count(StoredObject pod)
    {
        if (_cluster.Store.FindByUid(pod.ControllerUid) is not { } controller) return null;
        var workload = controller.ControllerUid.Length > 0 && controller.Resource == ApiResources.ReplicaSets ? _cluster.Store.FindByUid(controller.ControllerUid) : controller;
        if (workload is null || !_tracks.TryGetValue(workload.Uid, out var track)) return null;
        var counted = new CountedPod(workload.Uid, track, Templates.Of(pod, controller, workload, track.Template), StateOf(pod));
        track.Count(counted.Template, counted.State, 1);
        return _pods[pod.Uid] = counted;
    }

    private static PodState StateOf(StoredObject pod)
    {
        if (pod.IsDeleting) return PodState.Terminating;
        var view = pod.As<PodView>();
        if (view.HasEnded) return PodState.Ended;
        return view.IsReady ? PodState.Ready : PodState.Active;
    }

    private WorkloadTrack? Learn(StoredObject workload, StoredObject? before)
    {
        // A status changes with every pod, the wish seldom; only a DaemonSet's is in its status.
        var isSame = before is not null && before.Generation == workload.Generation && workload.Resource != ApiResources.DaemonSets;
        if (isSame && _tracks.ContainsKey(workload.Uid)) return null;
        if (!_tracks.TryGetValue(workload.Uid, out var track)) _tracks[workload.Uid] = track = new(workload);
        track.Desired = Desired(workload);
        track.Template = Templates.Present(_cluster.Store, workload);
        return track;
    }

    private static int Desired(StoredObject workload)
    {
        if (workload.Resource == ApiResources.DaemonSets) return workload.As<DaemonSetView>().Status.Desired;
        if (workload.Resource == ApiResources.Deployments) return workload.As<DeploymentView>().Replicas;
        if (workload.Resource == ApiResources.StatefulSets) return workload.As<StatefulSetView>().Replicas;
        return workload.Resource == ApiResources.ReplicaSets ? workload.As<ReplicaSetView>().Replicas : workload.As<ArgoRolloutView>().Wish.Replicas;
    }

    private void Record(WorkloadTrack track)
    {
        var entry = track.At(_cluster.Now);
        if (track.Last is { } last && entry with { Time = last.Time } == last) return;
        track.Last = entry;
        track.Entries.Enqueue((_order, entry));
        _all.Enqueue((track, _order++));
        _kept++;
        if (track.Entries.Count > KeptPerWorkload) Drop(track);
        while (_kept > KeptInAll && _all.TryDequeue(out var oldest))
        {
            if (oldest.Track.Entries.TryPeek(out var first) && first.Order == oldest.Order) Drop(oldest.Track);
        }
        // What was dropped for its workload's sake is still in this queue; at twice the number it is made anew.
        if (_all.Count > 2 * KeptInAll) Tidy();
    }

    private void Drop(WorkloadTrack track)
    {
        track.Entries.Dequeue();
        _kept--;
        if (track is { IsGone: true, Entries.Count: 0 }) _gone.Remove(track);
    }

    private void Tidy()
    {
        var kept = _all.Where(entry => entry.Track.Entries.TryPeek(out var first) && first.Order <= entry.Order).ToList();
        _all.Clear();
        foreach (var entry in kept) _all.Enqueue(entry);
    }

    /// <summary>A workload that is gone with all its pods is not looked up any more; what was recorded stays.</summary>
    private void Retire(string uid, WorkloadTrack track)
    {
        if (!track.IsGone || track.HasPods || !_tracks.Remove(uid)) return;
        if (track.Entries.Count > 0) _gone.Add(track);
    }

    /// <summary>A pod as it was counted last.</summary>
    private sealed class CountedPod(string workload, WorkloadTrack track, string template, PodState state)
    {
        public string Workload { get; } = workload;

        public WorkloadTrack Track { get; } = track;

        public string Template { get; } = template;

        public PodState State { get; set; } = state;
    }
}
