using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Nodes.Images;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;

namespace MeshRoll.Sandbox.Nodes;

/// <summary>
/// Plays the kubelets of all nodes: pods that are bound come to life, go through what their spec, their annotations and the faults have in store for
/// them, and end when they are deleted. Nothing runs; statuses and events are written.
/// </summary>
internal sealed class Kubelet
{
    private readonly Cluster _cluster;
    private readonly EventRecorder _events;
    private readonly IPodFaults? _faults;
    private readonly Dictionary<string, PodLife> _lives = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodLife> _stuck = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private string _writing = "";
    private string _runUp = "";
    private int _addressesGiven;

    public Kubelet(Cluster cluster, EventRecorder events, KubeletOptions options, ImageRegistry images, IPodFaults? faults)
    {
        (_cluster, _events, Options, Images, _faults) = (cluster, events, options, images, faults);
        cluster.Store.Changed += Observe;
        images.Changed += Recheck;
        if (faults is not null) faults.Changed += Reconsider;
    }

    /// <summary>How the nodes behave; may be changed at any time.</summary>
    public KubeletOptions Options { get; set; }

    /// <summary>Where the nodes pull from.</summary>
    public ImageRegistry Images { get; }

    /// <summary>Whether pods end without taking time.</summary>
    public bool IsSettling { get; set; }

    public bool TellsEvents => _events.IsOn;

    public DateTimeOffset Now => _cluster.Now;

    /// <summary>Runs a pod up at once while it is being bound: one write for both. Returns how it is then.</summary>
    public PodReport RunUp(StoredObject pod, PodPlan plan, string node)
    {
        var life = Make(pod, plan, node);
        _lives[pod.Uid] = life;
        _runUp = pod.Uid;
        return life.RunUp();
    }

    public PodBehaviour BehaviourOf(StoredObject pod, PodBehaviour own) => _faults?.Apply(own, pod) ?? own;

    public string? ProblemOf(NeededConfig need, string @namespace) => need.Problem(_cluster.Store, @namespace);

    /// <summary>A node's own address; empty for one that does not exist.</summary>
    public string AddressOf(string node)
    {
        if (_addresses.TryGetValue(node, out var known)) return known;
        if (_cluster.Store.Find(ApiResources.Nodes, "", node) is not { } found) return "";
        var address = found.ToJson().Items("status", "addresses").FirstOrDefault(entry => entry.Text("type") == "InternalIP").Text("address") ?? "";
        return _addresses[node] = address;
    }

    public PendingWork After(TimeSpan delay, Action work, bool inBackground) => _cluster.Simulation.After(delay, work, inBackground);

    public void Tell(string uid, string node, string type, string reason, string message, string fieldPath)
    {
        if (!_events.IsOn || _cluster.Store.FindByUid(uid) is not { } pod) return;
        if (type == "Normal") _events.Normal(pod, "kubelet", reason, message, node, fieldPath);
        else _events.Warning(pod, "kubelet", reason, message, node, fieldPath);
    }

    public void WriteStatus(string uid, string @namespace, string name, Action<JsonObject, Utf8JsonWriter> write)
    {
        if (_cluster.Store.Find(ApiResources.Pods, @namespace, name) is not { } pod || pod.Uid != uid) return;
        var before = _writing;
        _writing = uid;
        _cluster.WriteStatus(pod, write);
        _writing = before;
    }

    public void Finish(string uid, string @namespace, string name)
    {
        if (_cluster.Store.Find(ApiResources.Pods, @namespace, name) is { } pod && pod.Uid == uid) _cluster.Finish(pod);
    }

    public void NoteStuck(string uid, PodLife life, bool isStuck)
    {
        if (isStuck) _stuck[uid] = life;
        else _stuck.Remove(uid);
    }

    private void Observe(StoreChange change)
    {
        var resource = change.Object.Resource;
        if (resource == ApiResources.Pods) ObservePod(change);
        else if (resource == ApiResources.Nodes) _addresses.Remove(change.Object.Name);
        else if (_stuck.Count > 0 && (resource == ApiResources.ConfigMaps || resource == ApiResources.Secrets)) Recheck();
    }

    private void ObservePod(StoreChange change)
    {
        var pod = change.Object;
        if (change.Type == ChangeType.Deleted)
        {
            if (_lives.Remove(pod.Uid, out var gone)) gone.Forget();
            _stuck.Remove(pod.Uid);
            return;
        }
        if (_writing == pod.Uid) return;
        if (!_lives.TryGetValue(pod.Uid, out var life))
        {
            var view = pod.As<PodView>();
            if (view.NodeName.Length == 0 || view.HasEnded) return;
            _lives[pod.Uid] = life = Make(pod, PodPlan.Of(pod), view.NodeName);
            Soon(pod, life, () => life.Begin(view.Phase == "Running" ? pod.StatusToJson() : null));
            if (!pod.IsDeleting) return;
        }
        else if (_runUp == pod.Uid)
        {
            _runUp = "";
            return;
        }
        if (pod.IsDeleting)
        {
            _stuck.Remove(pod.Uid);
            var grace = TimeSpan.FromSeconds(pod.Metadata.DeletionGrace ?? 30);
            Soon(pod, life, () => life.Stop(grace));
            return;
        }
        var own = PodBehaviour.Of(pod);
        if (own != life.Own) Soon(pod, life, () => life.Reconsider(pod, own));
        else if (life.ReadinessGates.Count > 0) Soon(pod, life, life.GatesChanged);
    }

    /// <summary>What follows from a change comes after everybody has seen it.</summary>
    private void Soon(StoredObject pod, PodLife life, Action work) => _cluster.Simulation.Soon(() =>
    {
        if (_lives.GetValueOrDefault(pod.Uid) == life) work();
    });

    private PodLife Make(StoredObject pod, PodPlan plan, string node) => new(this, pod, plan, node, plan.HostNetwork ? AddressOf(node) : NextAddress());

    /// <summary>What pods wait for may have come.</summary>
    private void Recheck() => _cluster.Simulation.Soon(() =>
    {
        foreach (var life in _stuck.Values.ToList()) life.Sync();
    });

    private void Reconsider() => _cluster.Simulation.Soon(() =>
    {
        foreach (var (uid, life) in _lives.ToList())
        {
            if (_cluster.Store.FindByUid(uid) is { } pod) life.Reconsider(pod, null);
        }
    });

    private string NextAddress()
    {
        var number = _addressesGiven++;
        return string.Create(CultureInfo.InvariantCulture, $"10.{(16 + (number / (254 * 256))) % 256}.{number / 254 % 256}.{(number % 254) + 1}");
    }
}
