using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class RolloutVerbsOnARealControlPlane(RealWorld world) : RolloutVerbScenarios(world);

public sealed class RolloutVerbsInTheSandbox(EmbeddedWorld world) : RolloutVerbScenarios(world);

public abstract class RolloutVerbScenarios(ClusterWorld world) : Scenario(world)
{
    [Fact]
    public async Task A_new_image_is_followed_to_its_end()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "image");
        await shop.CreateAsync((shop.Workload("web") with { Replicas = 3 }).AsDeployment(), (shop.Workload("db") with { Replicas = 2 }).AsStatefulSet(), shop.Workload("agent").AsDaemonSet());
        await using var session = Open();
        var started = new List<MeshRollout>();
        foreach (var workload in (WorkloadReference[])[new(shop.Name, "Deployment", "web"), new(shop.Name, "StatefulSet", "db"), new(shop.Name, "DaemonSet", "agent")])
            started.Add(await RunAsync(session, workload, Image("app", "hub.example/app:2")));

        var ended = await FollowAsync(session, started, new() { TimeoutAll = TimeSpan.FromMinutes(1) });

        Assert.Equal(3, ended.Count);
        Assert.All(ended, rollout => Assert.True(rollout.State == RolloutState.Complete, $"{rollout.Name} {rollout.State}: {rollout.Message}"));
        Assert.All(await shop.PodsAsync(), pod => Assert.Equal("hub.example/app:2", AppImage(pod)));
    }

    [Fact]
    public async Task An_image_that_does_not_exist_fails_with_the_reason_and_an_undo_brings_the_old_one_back()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "badimage");
        await shop.CreateAsync((shop.Workload("web") with { Replicas = 2 }).AsDeployment());
        await using var session = Open();
        await using var floor = await shop.WatchReadyFloorAsync();
        var web = new WorkloadReference(shop.Name, "Deployment", "web");

        var failed = Assert.Single(await FollowAsync(session, [await RunAsync(session, web, Image("app", "hub.example/does-not-exist:2"))], new() { TimeoutAll = TimeSpan.FromMinutes(1) }));
        Assert.Equal(RolloutState.Failed, failed.State);
        Assert.Contains("hub.example/does-not-exist:2", failed.Message, StringComparison.Ordinal);

        var undone = Assert.Single(await FollowAsync(session, [await RunAsync(session, web, new UndoVerb())], new() { TimeoutAll = TimeSpan.FromMinutes(1) }));
        Assert.True(undone.State == RolloutState.Complete, undone.Message);
        await shop.ReadyAsync();
        Assert.All(await shop.PodsAsync(), pod => Assert.Equal("hub.example/app:1", AppImage(pod)));
        Assert.Equal(2, floor.FloorOf("web"));
    }

    [Fact]
    public async Task An_undo_after_a_mesh_upgrade_does_not_bring_the_old_proxy_back()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "undo");
        await shop.CreateAsync((shop.Workload("web") with { Replicas = 2 }).AsDeployment());
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        var web = new WorkloadReference(shop.Name, "Deployment", "web");
        Assert.Equal(["1 * 1.26.4"], await HistoryAsync(session, web));
        await RestartAsync(session, [new RestartTarget(web)]);
        await shop.ReadyAsync();
        Assert.Equal(["1 ", "2 * 1.27.1"], await HistoryAsync(session, web));

        var asked = "";
        var undone = await new VerbEngine(session).RunAsync(web, new UndoVerb(), (action, _) =>
        {
            asked = action;
            return ValueTask.FromResult(true);
        }, cancellationToken: Cancelled);
        await FollowAsync(session, [undone], new() { TimeoutAll = TimeSpan.FromMinutes(1) });
        await shop.ReadyAsync();

        Assert.Contains("by the time of a restart alone", asked, StringComparison.Ordinal);
        Assert.Contains("does not bring the old proxy back", asked, StringComparison.Ordinal);
        Assert.Contains("does not bring the old proxy back", undone.Message, StringComparison.Ordinal);
        Assert.Equal(["2 ", "3 * 1.27.1"], await HistoryAsync(session, web));
        Assert.All((await shop.SidecarVersionsAsync())["web"], version => Assert.Equal(ClusterWorld.NewVersion, version));
    }

    [Fact]
    public async Task The_history_tells_which_sidecars_the_pods_of_each_revision_carry()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "history");
        await shop.CreateAsync((shop.Workload("db") with { Replicas = 3, Strategy = Workload.Partitioned(2) }).AsStatefulSet());
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        var db = new WorkloadReference(shop.Name, "StatefulSet", "db");

        // Only the highest ordinal is replaced.
        await FollowAsync(session, [await RunAsync(session, db, Image("app", "hub.example/app:2"))], new() { TimeoutAll = TimeSpan.FromMinutes(1) });

        Assert.Equal(["1 1.26.4", "2 * 1.27.1"], await HistoryAsync(session, db));
    }

    [Fact]
    public async Task What_changes_while_a_Deployment_is_suspended_rolls_once_when_it_is_resumed()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "suspend");
        await shop.CreateAsync((shop.Workload("web") with { Replicas = 2, InitImage = "hub.example/init:1" }).AsDeployment());
        await using var session = Open();
        var web = new WorkloadReference(shop.Name, "Deployment", "web");

        Assert.Equal(RolloutState.Paused, (await RunAsync(session, web, new SuspendVerb())).State);
        await RunAsync(session, web, Image("app", "hub.example/app:2"));
        await RunAsync(session, web, Image("setup", "hub.example/init:2"));
        Assert.All(await shop.PodsAsync(), pod => Assert.Equal("hub.example/app:1", AppImage(pod)));

        var ended = Assert.Single(await FollowAsync(session, [await RunAsync(session, web, new ResumeVerb())], new() { TimeoutAll = TimeSpan.FromMinutes(1) }));

        Assert.True(ended.State == RolloutState.Complete, ended.Message);
        await shop.ReadyAsync();
        Assert.All(await shop.PodsAsync(), pod => Assert.Equal("hub.example/app:2", AppImage(pod)));
        Assert.Equal(2, (await HistoryAsync(session, web)).Count);
    }

    [Fact]
    public async Task Many_who_set_images_at_the_same_time_all_succeed_and_lose_nothing()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "crossing");
        await shop.CreateAsync((shop.Workload("web") with { InitImage = "hub.example/init:1" }).AsDeployment());
        await using var session = Open();
        var web = new WorkloadReference(shop.Name, "Deployment", "web");

        var done = await Task.WhenAll(Enumerable.Range(2, 12).Select(number => RunAsync(session, web, number % 2 == 0 ? Image("app", $"hub.example/app:{number}") : Image("setup", $"hub.example/init:{number}"))));

        Assert.All(done, rollout => Assert.NotEqual(RolloutState.Skipped, rollout.State));
        var template = (await shop.AppAsync("deployments", "web"))["spec"]!["template"]!["spec"]!;
        Assert.NotEqual("hub.example/app:1", (string?)template["containers"]![0]!["image"]);
        Assert.NotEqual("hub.example/init:1", (string?)template["initContainers"]![0]!["image"]);
        await shop.ReadyAsync();
    }

    [Fact]
    public async Task Without_the_right_to_patch_verb_and_resource_are_named_and_nothing_changes()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "verbrights");
        await shop.CreateAsync(shop.Workload("web").AsDeployment());
        var reader = World.CreateUser(shop.Name);
        await shop.Api.GrantAsync(reader.Name, shop.Name, [new("", ["pods"], ["get", "list"]), new("apps", ["deployments", "replicasets"], ["get", "list"])], Cancelled);
        await using var session = Open(reader.KubeConfigPath);
        var web = new WorkloadReference(shop.Name, "Deployment", "web");

        Assert.Equal(["1 *"], (await HistoryAsync(session, web)).Select(line => line[..3]));
        var refused = await Assert.ThrowsAnyAsync<MeshRollException>(() => RunAsync(session, web, new SuspendVerb()));

        Assert.Equal("MeshRoll.Forbidden", refused.Id);
        Assert.Contains("patch deployments.apps", refused.Message, StringComparison.Ordinal);
        Assert.Null((await shop.AppAsync("deployments", "web"))["spec"]!["paused"]);
    }

    [Fact]
    public async Task A_workload_that_is_gone_by_then_is_an_error_of_its_own()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "gone");
        await using var session = Open();
        Assert.Equal("MeshRoll.WorkloadNotFound", (await Assert.ThrowsAsync<NotFoundException>(() => RunAsync(session, new(shop.Name, "Deployment", "web"), new UndoVerb()))).Id);
    }

    private static SetImageVerb Image(string container, string image) => SetImageVerb.Of(new Dictionary<string, string> { [container] = image });

    private static Task<MeshRollout> RunAsync(ClusterSession session, WorkloadReference workload, RolloutVerb verb) =>
        new VerbEngine(session).RunAsync(workload, verb, cancellationToken: Cancelled);

    /// <summary>Each revision with an asterisk where it is the current one, and the sidecar versions of its pods.</summary>
    private static async Task<List<string>> HistoryAsync(ClusterSession session, WorkloadReference workload)
    {
        var lines = new List<string>();
        await foreach (var happened in new HistoryReader(session).ReadAsync([workload], [], Cancelled))
        {
            var entry = Assert.IsType<ReadEvent<MeshRevisionEntry>.Found>(happened).Item;
            lines.Add($"{entry.Revision} {(entry.Current ? "* " : "")}{string.Join(", ", entry.SidecarVersions)}");
        }
        return lines;
    }

    private static string? AppImage(JsonObject pod) => (string?)pod["spec"]!["containers"]!.AsArray().Single(container => (string?)container!["name"] == "app")!["image"];
}
