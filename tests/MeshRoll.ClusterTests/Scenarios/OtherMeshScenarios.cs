using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Permissions;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Mesh;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class OtherMeshOnARealControlPlane(RealWorld world) : OtherMeshScenarios(world)
{
    // What the server calls when it calls the service. In the sandbox the injector's pods answer by themselves.
    protected override async Task<IOtherInjector> StartInjectorAsync(OtherMesh mesh, string version) =>
        new Played(await FakeInjector.StartAsync(World.Api, mesh, version, Port, Cancelled));

    private sealed class Played(FakeInjector injector) : IOtherInjector
    {
        public string CaPem => injector.CaPem;

        public void Upgrade(string version) => injector.Version = version;

        public ValueTask DisposeAsync() => injector.DisposeAsync();
    }
}

public sealed class OtherMeshInTheSandbox(EmbeddedWorld world) : OtherMeshScenarios(world);

/// <summary>Linkerd and Consul beside Istio: read, measured and restarted like Istio's; only what is Istio's alone says so.</summary>
public abstract class OtherMeshScenarios(ClusterWorld world) : Scenario(world)
{
    protected const int Port = 15443;

    private const string Label = "scenario";

    public static TheoryData<string> Meshes => [OtherMesh.Linkerd.Name, OtherMesh.Consul.Name];

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task Proxies_of_another_mesh_are_found_outdated_after_its_upgrade_and_restarted_to_the_new_version(string name)
    {
        const string Before = "1.4.0", After = "1.5.1";
        var mesh = name == OtherMesh.Linkerd.Name ? OtherMesh.Linkerd : OtherMesh.Consul;
        var shop = await CreateNamespaceAsync(name);
        await using var session = Open();
        await using var injector = await InstallAsync(mesh, shop, Before);
        try
        {
            await shop.CreateAsync((shop.Workload("web") with { Replicas = 2 }).AsDeployment(), shop.Workload("db").AsStatefulSet(), shop.Workload("agent").AsDaemonSet());
            var fresh = await SidecarsAsync(session, shop.Name);
            Assert.NotEmpty(fresh);
            Assert.All(fresh, sidecar => Assert.Equal((name, Before, Before, false), (sidecar.Mesh, sidecar.Version, sidecar.DesiredVersion, sidecar.Outdated)));

            await UpgradeAsync(mesh, injector, After);
            var workloads = await WorkloadsAsync(session, shop.Name, outdatedOnly: true);
            Assert.Equal(["agent", "db", "web"], workloads.Select(workload => workload.Name).Order(StringComparer.Ordinal));
            Assert.All(workloads, workload => Assert.True(workload.DesiredVersion == After && workload.Reason.Contains(Before, StringComparison.Ordinal), workload.Reason));

            foreach (var workload in workloads)
            {
                var strategy = workload.Name == "web" ? RestartStrategy.Surge : RestartStrategy.Rolling;
                var ended = Ended(await RestartAsync(session, [Target(workload)], new() { Strategy = strategy }));
                Assert.All(ended, rollout => Assert.True(rollout.State == RolloutState.Complete && rollout.Diagnosis.Count == 0, $"{rollout.Name}: {rollout.Message}"));
                Assert.Single(ended);
            }
            Assert.Empty(await WorkloadsAsync(session, shop.Name, outdatedOnly: true));
            Assert.All(await shop.PodsAsync(), pod => Assert.Contains($"{mesh.Image}:{After}", pod.ToJsonString(), StringComparison.Ordinal));

            await AssertRightsAsync(session, mesh, shop.Name);
            await AssertProxyStatusIsIstiosAsync(session, shop.Name);
        }
        finally
        {
            await World.Api.DeleteAsync($"/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/{mesh.Injector}", cancellation: CancellationToken.None);
        }
    }

    /// <summary>Whoever answers the webhook.</summary>
    protected virtual Task<IOtherInjector> StartInjectorAsync(OtherMesh mesh, string version) => Task.FromResult<IOtherInjector>(new Resident());

    private async Task<ScenarioNamespace> CreateNamespaceAsync(string mesh)
    {
        var place = new ScenarioNamespace(World.Api, $"other-{mesh.ToLowerInvariant()}");
        await World.Api.CreateNamespaceAsync(place.Name, new Dictionary<string, string> { [Label] = place.Name }, Cancelled);
        await World.Api.PatchAsync($"/api/v1/namespaces/{place.Name}", new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["linkerd.io/inject"] = "enabled" } } }, KubeApi.Merge, Cancelled);
        await World.Api.WaitForServiceAccountAsync(place.Name, Cancelled);
        return place;
    }

    private async Task<IOtherInjector> InstallAsync(OtherMesh mesh, ScenarioNamespace shop, string version)
    {
        await World.Api.CreateNamespaceAsync(mesh.Namespace, cancellation: Cancelled);
        await World.Api.WaitForServiceAccountAsync(mesh.Namespace, Cancelled);
        foreach (var body in mesh.Objects(version, Port)) await World.Api.CreateAsync(body, Cancelled);
        await new ScenarioNamespace(World.Api, mesh.Namespace).ReadyAsync();
        var injector = await StartInjectorAsync(mesh, version);
        await World.Api.CreateAsync(mesh.WebhookConfiguration(Label, shop.Name, Port, injector.CaPem), Cancelled);
        await CalledAsync(mesh, shop.Name);
        return injector;
    }

    private async Task UpgradeAsync(OtherMesh mesh, IOtherInjector injector, string version)
    {
        injector.Upgrade(version);
        foreach (var body in mesh.Objects(version, Port).Where(body => (string?)body["kind"] != "Service"))
            await World.Api.PatchAsync(ObjectPath.Of(body), body, KubeApi.StrategicMerge, Cancelled);
        await new ScenarioNamespace(World.Api, mesh.Namespace).ReadyAsync();
    }

    // The API server learns of webhooks by a watch: the first pods could slip through.
    private async Task CalledAsync(OtherMesh mesh, string place)
    {
        var probe = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["generateName"] = "probe-", ["namespace"] = place },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "probe", ["image"] = "probe" }) },
        };
        for (var attempt = 1; attempt <= 100; attempt++)
        {
            var made = await World.Api.CreateAsync(ObjectPath.CollectionOf(probe) + "?dryRun=All", probe, Cancelled);
            if (made["spec"]!["containers"]!.AsArray().Any(container => (string?)container!["name"] == mesh.Container)) return;
            await Task.Delay(100, Cancelled);
        }
        Assert.Fail($"The webhook of {mesh.Name} is not called.");
    }

    private static async Task AssertRightsAsync(ClusterSession session, OtherMesh mesh, string place)
    {
        var (yaml, _) = await new PermissionReader(session).WriteRolesAsync(new() { Cmdlets = ["Get-MeshWorkload"], Namespaces = [place] }, "reader", null, Cancelled);
        Assert.Contains($"namespace: {mesh.Namespace}\n", yaml, StringComparison.Ordinal);
    }

    private static async Task AssertProxyStatusIsIstiosAsync(ClusterSession session, string place)
    {
        var said = new List<string>();
        await foreach (var item in new ProxyStatusReader(session).ReadAsync(new() { Selection = new() { Namespaces = [place] } }, Cancelled))
        {
            if (item is ReadEvent<MeshProxyStatus>.Remark(var text)) said.Add(text);
            Assert.False(item is ReadEvent<MeshProxyStatus>.Found, item.ToString());
        }
        Assert.Contains(said, text => text.Contains("Istio's alone", StringComparison.Ordinal));
    }

    /// <summary>What answers the webhook, from the test's side.</summary>
    protected interface IOtherInjector : IAsyncDisposable
    {
        /// <summary>What the webhook must trust.</summary>
        string CaPem { get; }

        /// <summary>From now on it injects another version.</summary>
        void Upgrade(string version);
    }

    /// <summary>The sandbox's own: it reads its version where the real one does.</summary>
    private sealed class Resident : IOtherInjector
    {
        public string CaPem => "-----BEGIN CERTIFICATE-----";

        public void Upgrade(string version)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
