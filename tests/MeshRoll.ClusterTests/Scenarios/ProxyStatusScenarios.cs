using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.ControlPlane.ProxyStatus;

namespace MeshRoll.ClusterTests.Scenarios;

/// <summary>On the real control plane nodes are played and have no kubelet, so that no port can be forwarded: every istiod is one that cannot be asked.</summary>
public sealed class ProxyStatusOnARealControlPlane(RealWorld world) : ProxyStatusScenarios(world)
{
    [Fact]
    public async Task Istiods_behind_nodes_without_a_kubelet_are_one_warning_for_each_revision_and_the_rows_come_as_unknown()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "proxies");
        await shop.CreateAsync((shop.Workload("web") with { Replicas = 2 }).AsDeployment());
        await using var session = Open();

        var (rows, remarks) = await ReadAsync(session, new() { Selection = new() { Namespaces = [shop.Name] } });

        Assert.Equal([("Deployment", "web"), ("Deployment", "web")], rows.Select(row => (row.Kind, row.Name)));
        Assert.All(rows, row => Assert.Equal(
            (ProxyState.Unknown, null, null, "default", ClusterWorld.OldVersion, "no istiod could be asked"),
            (row.State, row.Cds, row.Istiod, row.Revision, row.Version, row.Reason)));
        Assert.Equal(["1-27-1", "default"], remarks.Select(remark => remark.Split(' ')[3]).Order(StringComparer.Ordinal));
        Assert.All(remarks, remark => Assert.Contains("could not be asked for its proxies: Cannot get pods/portforward", remark, StringComparison.Ordinal));
    }
}

public sealed class ProxyStatusInTheSandbox(EmbeddedWorld world) : ProxyStatusScenarios(world)
{
    private const string Debug = "sandbox.meshroll.io/debug-endpoint";

    [Fact]
    public async Task Every_proxy_is_on_one_of_several_istiods_of_its_revision_in_the_old_form_and_the_new()
    {
        await ScaleIstiodsAsync(3);
        try
        {
            var shop = await ScenarioNamespace.CreateAsync(World, "proxies");
            await shop.CreateAsync((shop.Workload("old") with { Replicas = 9 }).AsDeployment());
            await shop.SwitchToNewRevisionAsync();
            await shop.CreateAsync((shop.Workload("new") with { Replicas = 9 }).AsDeployment(), (shop.Workload("db") with { Replicas = 2 }).AsStatefulSet());
            await using var session = Open();

            var (rows, remarks) = await ReadAsync(session, new() { Selection = new() { Namespaces = [shop.Name] } });

            Assert.Empty(remarks);
            Assert.Equal((await shop.PodsAsync()).Select(pod => (string)pod["metadata"]!["name"]!).Order(StringComparer.Ordinal), rows.Select(row => row.Pod).Order(StringComparer.Ordinal));
            Assert.All(rows, row => Assert.Equal((ProxyState.Synced, XdsSync.Synced, XdsSync.NotSent, ""), (row.State, row.Cds, row.Ecds, row.Reason)));
            Assert.All(rows, row => Assert.Equal(
                row.Name == "old" ? ("default", ClusterWorld.OldVersion) : (ClusterWorld.NewRevision, ClusterWorld.NewVersion), (row.Revision, row.Version)));
            Assert.InRange(rows.Where(row => row.Name == "old").Select(row => row.Istiod).Distinct().Count(), 2, 3);
            Assert.InRange(rows.Where(row => row.Name != "old").Select(row => row.Istiod).Distinct().Count(), 2, 3);
            Assert.Equal(9, (await ReadAsync(session, new() { Selection = new() { Namespaces = [shop.Name] }, Revisions = ["default"] })).Rows.Count);
        }
        finally
        {
            await ScaleIstiodsAsync(1);
        }
    }

    [Fact]
    public async Task Proxies_that_are_behind_or_lost_are_told_apart()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "proxies");
        await shop.CreateAsync([.. new[] { "stale", "not-sent", "disconnected" }.Select(sync => (shop.Workload(sync) with { PodAnnotations = Sync(sync) }).AsDeployment())]);
        await shop.SwitchToNewRevisionAsync();
        await shop.CreateAsync((shop.Workload("new-stale") with { PodAnnotations = Sync("stale") }).AsDeployment());
        await using var session = Open();

        var rows = (await ReadAsync(session, new() { Selection = new() { Namespaces = [shop.Name] } })).Rows.ToDictionary(row => row.Name);

        foreach (var stale in new[] { rows["stale"], rows["new-stale"] })
            Assert.Equal((ProxyState.Stale, XdsSync.Stale, XdsSync.Stale, XdsSync.NotSent), (stale.State, stale.Cds, stale.Rds, stale.Ecds));
        Assert.Equal((ProxyState.NotSent, XdsSync.NotSent, true), (rows["not-sent"].State, rows["not-sent"].Lds, rows["not-sent"].Connected));
        Assert.Equal((ProxyState.Disconnected, null, false), (rows["disconnected"].State, rows["disconnected"].Lds, rows["disconnected"].Connected));
    }

    [Theory]
    [InlineData("401", "refuses its debug endpoint (401 Unauthorized)")]
    [InlineData("403", "refuses its debug endpoint (403 Forbidden)")]
    [InlineData("404", "does not serve /debug/syncz")]
    [InlineData("closed", "Nothing listens on port 15014")]
    [InlineData("garbage", "makes no sense")]
    public async Task An_istiod_that_refuses_makes_its_proxies_unknown_and_no_others(string behaviour, string told)
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "proxies");
        await shop.CreateAsync(shop.Workload("old").AsDeployment());
        await shop.SwitchToNewRevisionAsync();
        await shop.CreateAsync(shop.Workload("new").AsDeployment());
        var istiod = await IstiodAsync("default");
        await AnnotateAsync(istiod, Debug, behaviour);
        try
        {
            await using var session = Open();
            var (rows, remarks) = await ReadAsync(session, new() { Selection = new() { Namespaces = [shop.Name] } });
            Assert.Equal((ProxyState.Unknown, ProxyState.Synced), (rows.Single(row => row.Name == "old").State, rows.Single(row => row.Name == "new").State));
            Assert.Contains(told, Assert.Single(remarks), StringComparison.Ordinal);
        }
        finally
        {
            await AnnotateAsync(istiod, Debug, null);
        }
    }

    [Fact]
    public async Task Without_a_ready_istiod_proxies_are_disconnected()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "proxies");
        await shop.CreateAsync(shop.Workload("web").AsDeployment());
        var istiod = await IstiodAsync("default");
        await AnnotateAsync(istiod, "sandbox.meshroll.io/never-ready", "true");
        try
        {
            await ReadyAsync(istiod, "False");
            await using var session = Open();
            var (rows, remarks) = await ReadAsync(session, new() { Selection = new() { Namespaces = [shop.Name] } });
            Assert.Equal(ProxyState.Disconnected, Assert.Single(rows).State);
            Assert.Empty(remarks);
        }
        finally
        {
            await AnnotateAsync(istiod, "sandbox.meshroll.io/never-ready", null);
            await ReadyAsync(istiod, "True");
        }
    }

    private static Dictionary<string, string> Sync(string sync) => new() { ["sandbox.meshroll.io/proxy-sync"] = sync };

    private async Task ScaleIstiodsAsync(int replicas)
    {
        foreach (var name in new[] { "istiod", "istiod-" + ClusterWorld.NewRevision })
        {
            var path = $"/apis/apps/v1/namespaces/istio-system/deployments/{name}";
            await World.Api.PatchAsync(path, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }, cancellation: Cancelled);
            await World.Api.WaitAsync(path, istiod => istiod?["status"] is JsonObject status && (int?)status["readyReplicas"] == replicas && (int?)status["replicas"] == replicas, TimeSpan.FromSeconds(60), Cancelled);
        }
    }

    private async Task<string> IstiodAsync(string revision)
    {
        var pods = await World.Api.ListAsync("/api/v1/namespaces/istio-system/pods", $"labelSelector=app%3Distiod,istio.io%2Frev%3D{revision}", Cancelled);
        return $"/api/v1/namespaces/istio-system/pods/{(string)pods.Items.Single(pod => pod["metadata"]!["deletionTimestamp"] is null)["metadata"]!["name"]!}";
    }

    private Task AnnotateAsync(string pod, string annotation, string? value) =>
        World.Api.PatchAsync(pod, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } }, cancellation: Cancelled);

    private Task ReadyAsync(string pod, string status) => World.Api.WaitAsync(
        pod,
        found => found?["status"]?["conditions"] is JsonArray conditions && conditions.Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == status),
        TimeSpan.FromSeconds(60),
        Cancelled);
}

public abstract class ProxyStatusScenarios(ClusterWorld world) : Scenario(world)
{
    [Fact]
    public async Task Without_the_right_to_forward_ports_the_rows_come_as_unknown_with_one_warning_that_names_it()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "proxies");
        await shop.CreateAsync(shop.Workload("web").AsDeployment(), shop.Workload("db").AsStatefulSet());
        var reader = World.CreateUser(shop.Name);
        await LetListAsync(shop, reader.Name);
        await using var session = Open(reader.KubeConfigPath);

        var (rows, remarks) = await ReadAsync(session, new());

        Assert.Equal(["db", "web"], rows.Select(row => row.Name).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal((ProxyState.Unknown, "default"), (row.State, row.Revision)));
        Assert.Equal(2, remarks.Count);
        Assert.All(remarks, remark => Assert.Contains("no right to forward its ports. Ask for the rights to get and create pods/portforward in istio-system.", remark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_only_see_his_own_namespace_is_told_that_istiods_cannot_be_found()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "proxies");
        await shop.CreateAsync(shop.Workload("web").AsDeployment());
        var reader = World.CreateUser(shop.Name);
        await shop.Api.CreateAsync(Role("Role", shop.Name, reader.Name), Cancelled);
        await shop.Api.CreateAsync(Binding("Role", shop.Name, reader.Name), Cancelled);
        await using var session = Open(reader.KubeConfigPath);

        var (rows, remarks) = await ReadAsync(session, new());

        Assert.Equal((ProxyState.Unknown, "web"), Assert.Single(rows) is var row ? (row.State, row.Name) : default);
        Assert.StartsWith("Istiods cannot be found (no right to list pods in istio-system): ", Assert.Single(remarks), StringComparison.Ordinal);
    }

    protected static async Task<(List<MeshProxyStatus> Rows, List<string> Remarks)> ReadAsync(ClusterSession session, ProxyStatusQuery query)
    {
        var (rows, remarks) = (new List<MeshProxyStatus>(), new List<string>());
        await foreach (var happened in new ProxyStatusReader(session).ReadAsync(query, Cancelled))
        {
            if (happened is ReadEvent<MeshProxyStatus>.Remark remark) remarks.Add(remark.Text);
            else rows.Add(Assert.IsType<ReadEvent<MeshProxyStatus>.Found>(happened).Item);
        }
        return (rows, remarks);
    }

    private static async Task LetListAsync(ScenarioNamespace shop, string user)
    {
        await shop.Api.CreateAsync(Role("ClusterRole", null, user), Cancelled);
        await shop.Api.CreateAsync(Binding("ClusterRole", null, user), Cancelled);
    }

    private static JsonObject Role(string kind, string? space, string user) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = kind,
        ["metadata"] = Named(space, user),
        ["rules"] = new JsonArray(new JsonObject { ["apiGroups"] = new JsonArray(""), ["resources"] = new JsonArray("pods", "namespaces"), ["verbs"] = new JsonArray("get", "list") }),
    };

    private static JsonObject Binding(string kind, string? space, string user) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = kind + "Binding",
        ["metadata"] = Named(space, user),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = kind, ["name"] = $"lister-{user}" },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "User", ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = user }),
    };

    private static JsonObject Named(string? space, string user)
    {
        var metadata = new JsonObject { ["name"] = $"lister-{user}" };
        if (space is not null) metadata["namespace"] = space;
        return metadata;
    }
}
