using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Nodes;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;

namespace MeshRoll.Sandbox.Tests.Builders;

/// <summary>A cluster in virtual time with nodes and nothing else: pods are made by hand.</summary>
internal sealed class NodeWorld
{
    public static readonly KubeletOptions Plain = new();

    public NodeWorld(int nodes = 1, KubeletOptions? options = null, NodeOptions? node = null, IPodFaults? faults = null, int seed = 1, Func<Cluster, IPodFaults>? faultsOf = null)
    {
        Simulation = new(new SimulationOptions { TimeProvider = new ManualTimeProvider(), Scale = double.PositiveInfinity, Seed = seed });
        Cluster = new(Simulation);
        Events = new(Cluster);
        Nodes = new(Cluster, Events, options, faultsOf?.Invoke(Cluster) ?? faults);
        Cluster.Store.Changed += change => Changes.Add(change);
        // Somebody reads events from the beginning.
        _ = Cluster.Store.Count(ApiResources.Events);
        Cluster.Create(ApiResources.Namespaces, "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "shop" } });
        Nodes.Add(nodes, node);
    }

    public Simulation Simulation { get; }

    public Cluster Cluster { get; }

    public EventRecorder Events { get; }

    public NodeSet Nodes { get; }

    public List<StoreChange> Changes { get; } = [];

    public DateTimeOffset Now => Simulation.Now;

    public StoredObject Create(JsonObject pod) => Cluster.Create(ApiResources.Pods, "shop", pod);

    /// <summary>Lets so much time pass, background work included.</summary>
    public void Run(double seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        Simulation.After(time, () => { });
        Simulation.Settle(time);
    }

    /// <summary>Lets time jump until nothing but background work is left.</summary>
    public TimeSpan Settle()
    {
        var before = Now;
        Simulation.Settle(TimeSpan.FromDays(1));
        return Now - before;
    }

    public JsonObject Pod(string name = "web") => Cluster.Store.Find(ApiResources.Pods, "shop", name)?.ToJson() ?? throw new InvalidOperationException($"There is no pod {name}.");

    public bool Exists(string name = "web") => Cluster.Store.Find(ApiResources.Pods, "shop", name) is not null;

    public JsonObject Status(string container = "app", string pod = "web") =>
        Pod(pod).Items("status", "containerStatuses").Concat(Pod(pod).Items("status", "initContainerStatuses")).Single(status => status.Text("name") == container);

    public string Waiting(string container = "app", string pod = "web") => Status(container, pod).Text("state", "waiting", "reason") ?? "";

    public JsonObject Condition(string type, string pod = "web") => Pod(pod).Items("status", "conditions").Single(condition => condition.Text("type") == type);

    public bool IsReady(string pod = "web") => Pod(pod).Items("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    /// <summary>What was told of a pod, in order: reason and message.</summary>
    public List<string> Told(string pod = "web") =>
    [
        .. Changes.Where(change => change.Type == ChangeType.Added && change.Object.Resource == ApiResources.Events)
            .Select(change => change.Object.ToJson())
            .Where(told => told.Text("involvedObject", "name") == pod)
            .Select(told => $"{told.Text("reason")}: {told.Text("message")}"),
    ];

    /// <summary>How often a pod was written after it was made.</summary>
    public int Writes(string pod = "web") => Changes.Count(change => change.Type == ChangeType.Modified && change.Object.Resource == ApiResources.Pods && change.Object.Name == pod);

    public void Annotate(string name, string? value, string pod = "web") =>
        Cluster.Change(Cluster.Store.Find(ApiResources.Pods, "shop", pod)!, json =>
        {
            var annotations = json.Object("metadata", "annotations");
            if (value is null) annotations.Remove(PodBehaviour.Prefix + name);
            else annotations[PodBehaviour.Prefix + name] = value;
        });
}
