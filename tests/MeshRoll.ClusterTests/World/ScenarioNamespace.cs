using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Observation;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.ClusterTests.World;

/// <summary>
/// A namespace of one scenario, with the mesh's old version in it. Everything here asks the server by a client of the tests' own,
/// so that MeshRoll is never its own witness.
/// </summary>
public sealed class ScenarioNamespace(KubeApi api, string name)
{
    private static int _last;

    public string Name => name;

    public KubeApi Api => api;

    /// <summary>A fresh namespace that injects the old version.</summary>
    public static async Task<ScenarioNamespace> CreateAsync(ClusterWorld world, string scenario)
    {
        // In order of their making also where they are sorted by name.
        var name = $"{scenario}-{Interlocked.Increment(ref _last):0000}";
        var api = world.Api;
        await api.CreateNamespaceAsync(name, new Dictionary<string, string> { ["istio-injection"] = "enabled" }, Cancelled);
        await api.WaitForServiceAccountAsync(name, Cancelled);
        return new(api, name);
    }

    /// <summary>A workload of this namespace to be described further.</summary>
    public Workload Workload(string workload) => new(name, workload);

    /// <summary>Creates objects and waits until all pods of the namespace are ready.</summary>
    public async Task CreateAsync(params JsonObject[] objects)
    {
        foreach (var body in objects)
        {
            await api.CreateAsync(body, Cancelled);
        }
        await ReadyAsync();
    }

    /// <summary>Waits until all pods of the namespace's workloads are there and ready.</summary>
    public Task ReadyAsync() => WorkloadReadiness.WaitAsync(api, name, TimeSpan.FromSeconds(60), Cancelled);

    /// <summary>From now on new pods get the new version: the mesh upgrade as an admin does it, by relabelling the namespace.</summary>
    public Task SwitchToNewRevisionAsync() => api.LabelAsync($"/api/v1/namespaces/{name}",
        new Dictionary<string, string?> { ["istio-injection"] = null, ["istio.io/rev"] = ClusterWorld.NewRevision }, Cancelled);

    /// <summary>Counts ready pods from now on, by itself.</summary>
    public Task<ReadyFloorWatcher> WatchReadyFloorAsync() => ReadyFloorWatcher.StartAsync(api, name, Cancelled);

    /// <summary>The pods that are not being deleted, as the server has them.</summary>
    public async Task<IReadOnlyList<JsonObject>> PodsAsync() =>
        [.. (await api.ListAsync(ObjectPath.Pods(name), "", Cancelled)).Items.Where(pod => pod["metadata"]!["deletionTimestamp"] is null)];

    /// <summary>Sidecar version of each pod that has one, by the label app.</summary>
    public async Task<ILookup<string, string>> SidecarVersionsAsync() => (await PodsAsync())
        .Where(pod => SidecarImage(pod) is not null)
        .ToLookup(pod => (string)pod["metadata"]!["labels"]!["app"]!, pod => SidecarImage(pod)!.Split(':')[^1]);

    /// <summary>One object of this namespace, by its API path below the namespace, such as <c>deployments/web</c> of apps/v1.</summary>
    public Task<JsonObject> AppAsync(string plural, string workload) => api.GetAsync($"{ObjectPath.Collection("apps/v1", plural, name)}/{workload}", Cancelled);

    /// <summary>Changes one of the namespace's workloads, as somebody else would.</summary>
    public Task<JsonObject> PatchAppAsync(string plural, string workload, JsonNode patch) =>
        api.PatchAsync($"{ObjectPath.Collection("apps/v1", plural, name)}/{workload}", patch, cancellation: Cancelled);

    private static string? SidecarImage(JsonObject pod) => (string?)pod["spec"]!["containers"]!.AsArray()
        .FirstOrDefault(container => (string?)container!["name"] == "istio-proxy")?["image"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
