using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Controllers.World;

/// <summary>A cluster in virtual time with all controllers; its kubelets are played, unless there are nodes.</summary>
internal sealed class ControllerWorld
{
    public const string Home = "shop";

    public ControllerWorld(int seed = 1, int nodes = 0)
    {
        Simulation = new Simulation(new() { Scale = double.PositiveInfinity, Seed = seed, TimeProvider = new ManualTimeProvider() });
        Cluster = new Cluster(Simulation);
        Recorder = new EventRecorder(Cluster);
        Kubelet = new PlayedKubelet(Cluster) { IsAbsent = nodes > 0 };
        _ = new ControllerSet(Cluster, Recorder);
        if (nodes > 0) new NodeSet(Cluster, Recorder).Add(nodes);
        Cluster.Create(ApiResources.Namespaces, "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = Home } });
    }

    public Simulation Simulation { get; }

    public Cluster Cluster { get; }

    public EventRecorder Recorder { get; }

    public PlayedKubelet Kubelet { get; }

    public DateTimeOffset Now => Simulation.Now;

    /// <summary>Lets everything happen that is going to, but for background work.</summary>
    public void Settle() => Settle(TimeSpan.FromHours(2));

    public void Settle(TimeSpan atMost) => Simulation.Settle(atMost);

    /// <summary>Lets exactly this time pass.</summary>
    public void Pass(TimeSpan time)
    {
        var end = Now + time;
        Simulation.After(time, static () => { });
        while (Now < end) Simulation.Settle(end - Now);
        Simulation.Settle(TimeSpan.Zero);
    }

    public void Pass(int seconds) => Pass(TimeSpan.FromSeconds(seconds));

    public StoredObject Create(ApiResource resource, JsonObject body) => Cluster.Create(resource, resource.Namespaced ? body.Text("metadata", "namespace") ?? Home : "", body);

    public StoredObject? Find(ApiResource resource, string name) => Cluster.Store.Find(resource, resource.Namespaced ? Home : "", name);

    public StoredObject Get(ApiResource resource, string name) => Find(resource, name) ?? throw new InvalidOperationException($"There is no {resource} {name}.");

    public JsonObject Read(ApiResource resource, string name) => Get(resource, name).ToJson();

    public StoredObject Change(ApiResource resource, string name, Action<JsonObject> change) => Cluster.Change(Get(resource, name), change);

    public void Delete(ApiResource resource, string name, string? policy = null) => Cluster.Delete(Get(resource, name), new DeleteOptions { PropagationPolicy = policy });

    public List<StoredObject> List(ApiResource resource) => [.. Cluster.Store.List(resource, Home)];

    /// <summary>Pods that neither ended nor are about to.</summary>
    public List<StoredObject> ActivePods => [.. List(ApiResources.Pods).Where(pod => pod.As<PodView>().IsActive)];

    /// <summary>Messages of all events of a reason, in order.</summary>
    public List<string> Messages(string reason) =>
        [.. Cluster.Store.List(ApiResources.Events, Home).OrderBy(stored => stored.Version).Select(stored => stored.ToJson()).Where(json => json.Text("reason") == reason).Select(json => json.Text("message")!)];

    /// <summary>A condition of an object's status as <c>status/reason/message</c>, or null.</summary>
    public string? Condition(ApiResource resource, string name, string type) =>
        Read(resource, name).Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type) is { } found
            ? $"{found.Text("status")}/{found.Text("reason")}/{found.Text("message")}"
            : null;

    /// <summary>Counts of a status as <c>replicas=3 readyReplicas=2</c>, in the order asked for.</summary>
    public string Status(ApiResource resource, string name, params string[] fields)
    {
        var status = Read(resource, name)["status"];
        return string.Join(' ', fields.Select(field => $"{field}={status.Number(field)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}"));
    }
}
