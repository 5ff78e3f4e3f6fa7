using System.Text.Json;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Controllers.Revisions;
using MeshRoll.Sandbox.Nodes.Scheduling;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.DaemonSets;

/// <summary>Keeps one pod of each DaemonSet on every node that matches, and rolls its template out node by node.</summary>
internal sealed class DaemonSetController(Cluster cluster, EventRecorder events, Claims claims) : Controller(cluster, ApiResources.DaemonSets, ApiResources.Pods)
{
    private const string Component = "daemonset-controller";

    private readonly RevisionHistory _history = new(cluster, claims, "controller-revision-hash");
    private readonly SortedList<string, NodeRoom> _nodes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void LookAtAll()
    {
        foreach (var node in Cluster.Store.List(ApiResources.Nodes)) Learn(node);
        base.LookAtAll();
    }

    /// <inheritdoc/>
    protected override LabelSelector SelectorOf(StoredObject target) => target.As<DaemonSetView>().Selector;

    /// <inheritdoc/>
    protected override void Observe(StoreChange change)
    {
        base.Observe(change);
        if (change.Object.Resource != ApiResources.Nodes || (change.Type == ChangeType.Modified && SameForPods(change.Before!, change.Object))) return;
        if (change.Type == ChangeType.Deleted) _nodes.Remove(change.Object.Name);
        else Learn(change.Object);
        foreach (var target in Cluster.Store.List(Resource)) Enqueue(target);
    }

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        var wish = target.As<DaemonSetView>();
        // One that selects everything would take in every pod (SelectingAll).
        if (wish.Selector.IsEverything) return;
        var revisions = _history.List(target, wish.Selector);
        var current = _history.Sync(target, wish.TemplateHash, revisions);
        var pods = Pods(target, wish);

        ApiStatusException? refusal = null;
        if (!target.IsDeleting)
        {
            try
            {
                if (Act(target, wish, Nodes(wish, pods))) pods = Pods(target, wish);
            }
            catch (ApiStatusException refused)
            {
                (refusal, pods) = (refused, Pods(target, wish));
            }
        }

        var status = Observe(target, Nodes(wish, pods));
        if (status != wish.Status) Cluster.SetStatus(target, status.ToJson());
        _history.Truncate(revisions, revision => revision == current || pods.Values.Any(on => on.Any(pod => pod.As<PodView>().RevisionHash == _history.HashOf(revision))), wish.RevisionHistoryLimit);
        if (ReplicaSetRules.NextAvailability(wish.MinReady, pods.Values.SelectMany(on => on), Cluster.Now) is { } delay) EnqueueAfter(target, delay);
        if (refusal is not null) throw refusal;
    }

    private bool Act(StoredObject target, DaemonSetView wish, List<DaemonNode> nodes)
    {
        var steps = DaemonSetPlan.Manage(nodes, wish.Surges);
        if (steps.IsEmpty && !wish.IsOnDelete)
        {
            // Only when every node has what it should have, old ones are replaced: what was just done shows in the next turn.
            var (surge, unavailable) = DaemonSetPlan.Limits(wish.MaxSurge, wish.MaxUnavailable, nodes.Count(node => node.ShouldRun));
            steps = DaemonSetPlan.Update(nodes, surge, unavailable);
        }
        foreach (var name in steps.Delete) Delete(target, name);
        if (steps.CreateOn.Count > 0) Create(target, wish, steps.CreateOn);
        return !steps.IsEmpty;
    }

    private void Create(StoredObject target, DaemonSetView wish, List<string> nodes)
    {
        var template = PodTemplates.Of(target);
        foreach (var node in nodes)
        {
            var pod = template.Make(generateName: target.Name + "-");
            DaemonPods.Direct(pod, node, wish.TemplateHash, wish.TemplateGeneration);
            try
            {
                events.Normal(target, Component, "SuccessfulCreate", $"Created pod: {Cluster.Create(ApiResources.Pods, target.Namespace, pod).Name}");
            }
            catch (ApiStatusException refused)
            {
                events.Warning(target, Component, "FailedCreate", $"Error creating: {refused.Message}");
                throw;
            }
        }
    }

    private void Delete(StoredObject target, string name)
    {
        if (Cluster.Store.Find(ApiResources.Pods, target.Namespace, name) is not { } pod) return;
        if (pod.As<PodView>().HasEnded)
        {
            var (node, isFailure) = (DaemonPods.NodeOf(pod), pod.As<PodView>().Phase == "Failed");
            if (isFailure) events.Warning(target, Component, "FailedDaemonPod", $"Found failed daemon pod {target.Namespace}/{name} on node {node}, will try to kill it");
            else events.Normal(target, Component, "SucceededDaemonPod", $"Found succeeded daemon pod {target.Namespace}/{name} on node {node}, will try to delete it");
        }
        try
        {
            Cluster.Delete(pod);
            events.Normal(target, Component, "SuccessfulDelete", $"Deleted pod: {name}");
        }
        catch (ApiStatusException refused)
        {
            events.Warning(target, Component, "FailedDelete", $"Error deleting: {refused.Message}");
            throw;
        }
    }

    /// <summary>The pods by node, on each the oldest first; those that ended and are going are nobody's any more.</summary>
    private SortedList<string, List<StoredObject>> Pods(StoredObject target, DaemonSetView wish)
    {
        var pods = new SortedList<string, List<StoredObject>>(StringComparer.Ordinal);
        var claimed = claims.Claim(target, wish.Selector, ApiResources.Pods);
        claimed.Sort(ByAge);
        foreach (var pod in claimed)
        {
            if (pod.IsDeleting && pod.As<PodView>().HasEnded) continue;
            var node = DaemonPods.NodeOf(pod);
            if (!pods.TryGetValue(node, out var on)) pods[node] = on = [];
            on.Add(pod);
        }
        return pods;
    }

    // What has no node yet comes last.
    private static int ByAge(StoredObject one, StoredObject other)
    {
        var (pod, otherPod) = (one.As<PodView>(), other.As<PodView>());
        var order = (pod.NodeName.Length == 0).CompareTo(otherPod.NodeName.Length == 0);
        if (order == 0) order = pod.Created.CompareTo(otherPod.Created);
        return order != 0 ? order : string.CompareOrdinal(one.Name, other.Name);
    }

    private List<DaemonNode> Nodes(DaemonSetView wish, SortedList<string, List<StoredObject>> pods)
    {
        var nodes = new List<DaemonNode>(_nodes.Count);
        foreach (var (name, node) in _nodes)
        {
            var isWanted = wish.Placement.Wants(node);
            var repelling = node.Taints.Where(taint => taint.Repels && !wish.Placement.Tolerates(taint)).ToList();
            nodes.Add(new(name, isWanted && repelling.Count == 0, isWanted && repelling.TrueForAll(taint => taint.Effect != "NoExecute"), [.. pods.GetValueOrDefault(name, []).Select(Look)]));
        }
        // Pods that wait for a node that is gone will wait for ever.
        foreach (var (name, on) in pods)
        {
            var stranded = on.Where(pod => pod.As<PodView>().NodeName.Length == 0).ToList();
            if (!_nodes.ContainsKey(name) && stranded.Count > 0) nodes.Add(new(name, ShouldRun: false, MayStay: false, [.. stranded.Select(Look)]));
        }
        return nodes;

        DaemonPod Look(StoredObject pod) => new(pod.Name)
        {
            IsUpdated = pod.As<PodView>().RevisionHash == wish.TemplateHash,
            IsReady = pod.As<PodView>().IsReady,
            IsAvailable = pod.As<PodView>().IsAvailable(wish.MinReady, Cluster.Now),
            IsEnding = pod.IsDeleting,
            HasEnded = pod.As<PodView>().HasEnded,
        };
    }

    private static DaemonSetStatus Observe(StoredObject target, List<DaemonNode> nodes)
    {
        var status = new DaemonSetStatus { ObservedGeneration = target.Generation };
        foreach (var node in nodes)
        {
            if (!node.ShouldRun)
            {
                if (node.Pods.Count > 0) status = status with { Misscheduled = status.Misscheduled + 1 };
                continue;
            }
            status = status with { Desired = status.Desired + 1 };
            if (node.Pods is not [var oldest, ..]) continue;
            status = status with
            {
                Current = status.Current + 1,
                Ready = status.Ready + (oldest.IsReady ? 1 : 0),
                Available = status.Available + (oldest.IsAvailable ? 1 : 0),
                Updated = status.Updated + (oldest.IsUpdated ? 1 : 0),
            };
        }
        return status with { Unavailable = status.Desired - status.Available };
    }

    private void Learn(StoredObject node)
    {
        if (!_nodes.TryGetValue(node.Name, out var room)) _nodes[node.Name] = room = new(node.Name);
        room.Learn(node);
    }

    private static bool SameForPods(StoredObject before, StoredObject after)
    {
        if (!Selectors.SameLabels(before, after)) return false;
        using var one = JsonDocument.Parse(before.Json);
        using var other = JsonDocument.Parse(after.Json);
        return one.RootElement.At("spec") is var spec && other.RootElement.At("spec") is var changed
            && (spec.ValueKind == JsonValueKind.Undefined ? changed.ValueKind == JsonValueKind.Undefined : changed.ValueKind != JsonValueKind.Undefined && spec.GetRawText() == changed.GetRawText());
    }
}
