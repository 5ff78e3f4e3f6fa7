using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;

namespace MeshRoll.Sandbox.Nodes.Scheduling;

/// <summary>
/// Finds nodes for pods: one that has room and that the pod wants, the one with the fewest pods first, then by name. Who finds none waits until
/// something about the nodes changes, and between two tries longer each time. What is taken of a node is counted along, so the price of a pod does
/// not depend on how many there are.
/// </summary>
internal sealed class Scheduler
{
    private const string Component = "default-scheduler";

    // As the real one: podInitialBackoffSeconds and podMaxBackoffSeconds.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Cluster _cluster;
    private readonly EventRecorder _events;
    private readonly Kubelet _kubelet;
    private readonly SortedList<string, NodeRoom> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Charge> _charges = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, WaitingPod> _waiting = [];
    private readonly Dictionary<string, long> _places = new(StringComparer.Ordinal);
    private PendingWork? _nextTry;
    private long _arrivals;
    private bool _isSettling;

    public Scheduler(Cluster cluster, EventRecorder events, Kubelet kubelet)
    {
        (_cluster, _events, _kubelet) = (cluster, events, kubelet);
        cluster.Store.Changed += Observe;
    }

    /// <summary>Whether the world is still being run up to what it is when time begins: then a pod is made, bound and started in one write.</summary>
    public bool IsSettling
    {
        get => _isSettling;
        set
        {
            _isSettling = value;
            _cluster.Arrival = value ? Place : null;
        }
    }

    /// <summary>How many pods have found no node so far.</summary>
    public int Unschedulable => _waiting.Count;

    private void Observe(StoreChange change)
    {
        if (change.Object.Resource == ApiResources.Nodes) ObserveNode(change);
        else if (change.Object.Resource == ApiResources.Pods) ObservePod(change);
    }

    private void ObserveNode(StoreChange change)
    {
        var name = change.Object.Name;
        if (change.Type == ChangeType.Deleted)
        {
            _nodes.Remove(name);
            return;
        }
        if (!_nodes.TryGetValue(name, out var room))
        {
            _nodes[name] = room = new(name);
            foreach (var charge in _charges.Values.Where(charge => charge.Node == name)) room.Take(charge.MilliCpu, charge.Memory);
        }
        room.Learn(change.Object);
        Wake();
    }

    private void ObservePod(StoreChange change)
    {
        var pod = change.Object;
        if (change.Type == ChangeType.Deleted)
        {
            StopWaiting(pod.Uid);
            Release(pod.Uid);
            return;
        }
        var isCharged = _charges.ContainsKey(pod.Uid);
        var view = pod.As<PodView>();
        if (view.HasEnded)
        {
            if (isCharged) Release(pod.Uid);
            return;
        }
        if (pod.NodeName.Length > 0)
        {
            if (isCharged) return;
            StopWaiting(pod.Uid);
            Take(pod.Uid, pod.NodeName, PodPlan.Of(pod).Placement);
            return;
        }
        if (change.Type == ChangeType.Added) _cluster.Simulation.Soon(() => Schedule(pod));
    }

    /// <summary>Binds and starts a pod before it is even kept, if there is room for it now; otherwise it waits like any other.</summary>
    private StoredObject Place(StoredObject draft)
    {
        if (draft.Resource != ApiResources.Pods || draft.NodeName.Length > 0) return draft;
        var plan = PodPlan.Of(draft);
        if (plan.Placement.SchedulerName is not ("" or Component) || Choose(plan.Placement, out _) is not { } node) return draft;
        Take(draft.Uid, node.Name, plan.Placement);
        var (report, now) = (_kubelet.RunUp(draft, plan, node.Name), _cluster.Now);
        var status = new LateJsonPart(() => report.Write(SetScheduled(draft.StatusToJson(), now, "True", null, null)));
        return draft.On(node.Name, status, report.View(draft, node.Name));
    }

    private void Schedule(StoredObject pod)
    {
        if (_cluster.Store.Find(pod.Resource, pod.Namespace, pod.Name) is not { } present || present.Uid != pod.Uid) return;
        var plan = PodPlan.Of(present);
        if (plan.Placement.SchedulerName is not ("" or Component)) return;
        var waiting = new WaitingPod(present, plan);
        if (!TryBind(waiting))
        {
            _waiting[++_arrivals] = waiting;
            _places[pod.Uid] = _arrivals;
        }
    }

    private bool TryBind(WaitingPod waiting)
    {
        var (pod, plan) = (waiting.Pod, waiting.Plan);
        if (_cluster.Store.Find(pod.Resource, pod.Namespace, pod.Name) is not { } present || present.Uid != pod.Uid || present.IsDeleting || present.NodeName.Length > 0) return true;
        if (Choose(plan.Placement, out var failure) is not { } node)
        {
            waiting.Pause = waiting.Pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(waiting.Pause.Ticks * 2, LongestPause.Ticks));
            waiting.NotBefore = _cluster.Now + waiting.Pause;
            Report(waiting, present, failure.ToString());
            return false;
        }

        Take(pod.Uid, node.Name, plan.Placement);
        var bound = _cluster.WriteStatus(present, (status, writer) => WriteScheduled(writer, status, present, plan, node), node.Name);
        if (_events.IsOn) _events.Normal(bound, Component, "Scheduled", $"Successfully assigned {pod.Namespace}/{pod.Name} to {node.Name}");
        return true;
    }

    private void WriteScheduled(Utf8JsonWriter writer, JsonObject status, StoredObject pod, PodPlan plan, NodeRoom node)
    {
        status = SetScheduled(status, _cluster.Now, "True", null, null);
        if (IsSettling) PodStatus.Write(writer, status, _kubelet.RunUp(pod, plan, node.Name));
        else status.WriteTo(writer);
    }

    private NodeRoom? Choose(PodPlacement placement, out SchedulingFailure failure)
    {
        NodeRoom? best = null;
        failure = new();
        for (var i = 0; i < _nodes.Count; i++)
        {
            var node = _nodes.GetValueAtIndex(i);
            // Why the others do not fit matters only where none does.
            if (best is not null && node.Pods >= best.Pods) continue;
            if (NodeFit.Objections(placement, node) is { Count: > 0 } objections) failure.Add(objections);
            else best = node;
        }
        return best;
    }

    private void Report(WaitingPod waiting, StoredObject pod, string message)
    {
        _events.Warning(pod, Component, "FailedScheduling", message);
        if (waiting.Message == message) return;
        waiting.Message = message;
        _cluster.WriteStatus(pod, (status, writer) => SetScheduled(status, _cluster.Now, "False", "Unschedulable", message).WriteTo(writer));
    }

    private static JsonObject SetScheduled(JsonObject podStatus, DateTimeOffset now, string status, string? reason, string? message)
    {
        var list = podStatus.List("conditions");
        var known = list.OfType<JsonObject>().FirstOrDefault(entry => entry.Text("type") == "PodScheduled");
        var since = known.Text("status") == status ? known.Text("lastTransitionTime") : null;
        if (known is not null) list.Remove(known);
        var condition = new JsonObject { ["type"] = "PodScheduled", ["status"] = status, ["lastProbeTime"] = null, ["lastTransitionTime"] = since ?? JsonAccess.Timestamp(now) };
        if (reason is not null) condition["reason"] = reason;
        if (message is not null) condition["message"] = message;
        list.Add((JsonNode)condition);
        return podStatus;
    }

    private void Take(string uid, string nodeName, PodPlacement placement)
    {
        if (_nodes.TryGetValue(nodeName, out var node)) node.Take(placement.MilliCpu, placement.Memory);
        _charges[uid] = new(nodeName, placement.MilliCpu, placement.Memory);
    }

    private void Release(string uid)
    {
        if (!_charges.Remove(uid, out var charge)) return;
        if (_nodes.TryGetValue(charge.Node, out var node)) node.Release(charge.MilliCpu, charge.Memory);
        Wake();
    }

    /// <summary>Something may have become free: who waits tries again, as soon as its pause is over.</summary>
    private void Wake()
    {
        if (_waiting.Count == 0) return;
        foreach (var waiting in _waiting.Values) waiting.IsWoken = true;
        TryLater(_cluster.Now);
    }

    private void TryLater(DateTimeOffset due)
    {
        if (_nextTry is { IsOver: false } planned)
        {
            if (planned.Due <= due) return;
            planned.Cancel();
        }
        _nextTry = _cluster.Simulation.After(due - _cluster.Now, TryAgain);
    }

    private void TryAgain()
    {
        DateTimeOffset? next = null;
        foreach (var waiting in _waiting.Values.ToList())
        {
            if (!waiting.IsWoken) continue;
            if (waiting.NotBefore > _cluster.Now)
            {
                if (!(waiting.NotBefore >= next)) next = waiting.NotBefore;
                continue;
            }
            waiting.IsWoken = false;
            if (!TryBind(waiting)) continue;
            StopWaiting(waiting.Pod.Uid);
        }
        if (next is { } due) TryLater(due);
    }

    private void StopWaiting(string uid)
    {
        if (_places.Remove(uid, out var place)) _waiting.Remove(place);
    }

    private sealed class WaitingPod(StoredObject pod, PodPlan plan)
    {
        public StoredObject Pod { get; } = pod;

        public PodPlan Plan { get; } = plan;

        public TimeSpan Pause { get; set; }

        public DateTimeOffset NotBefore { get; set; }

        public bool IsWoken { get; set; }

        public string Message { get; set; } = "";
    }

    private sealed record Charge(string Node, long MilliCpu, long Memory);
}
