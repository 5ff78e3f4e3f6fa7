using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Kubelet;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class GuardOnARealControlPlane(RealWorld world) : GuardScenarios(world);

public sealed class GuardInTheSandbox(EmbeddedWorld world) : GuardScenarios(world);

public abstract class GuardScenarios(ClusterWorld world) : Scenario(world)
{
    [Fact]
    public async Task What_is_excluded_or_annotated_is_left_alone_and_says_why()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "guardleft");
        await shop.CreateAsync(shop.Workload("web").AsDeployment(), shop.Workload("cart").AsDeployment(),
            (shop.Workload("ledger") with { Annotations = new Dictionary<string, string> { ["meshroll.io/restart"] = "never", ["meshroll.io/restart-reason"] = "ask Ada" } }).AsStatefulSet(),
            (shop.Workload("search") with { Annotations = new Dictionary<string, string> { ["meshroll.io/restart"] = "manual" } }).AsDeployment());
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();

        var events = await RestartAsync(session, targets, new() { Guards = new() { Exclude = ["c*"] } });
        var named = await RestartAsync(session, [.. targets.Where(target => target.Workload.Name is "search" or "ledger").Select(target => target with { IsNamed = true })]);

        Assert.Equal(["web"], Ended(events).Select(rollout => rollout.Name));
        Assert.Equal(["search"], Ended(named).Select(rollout => rollout.Name));
        var skipped = events.OfType<RestartEvent.Skipped>().ToDictionary(step => step.Rollout.Name, step => step.Rollout.Message);
        Assert.Equal("excluded by c*", skipped["cart"]);
        Assert.Equal("it has the annotation meshroll.io/restart: never: ask Ada", skipped["ledger"]);
        Assert.Contains("manual", skipped["search"], StringComparison.Ordinal);
        var versions = await shop.SidecarVersionsAsync();
        Assert.Equal([ClusterWorld.OldVersion], versions["cart"]);
        Assert.Equal([ClusterWorld.OldVersion], versions["ledger"]);
    }

    [Fact]
    public async Task No_more_pods_are_coming_up_or_missing_than_allowed_over_all_workloads()
    {
        const int Limit = 3;
        var shop = await ScenarioNamespace.CreateAsync(World, "guardlimit");
        await shop.CreateAsync([.. Enumerable.Range(1, 6).Select(number => (shop.Workload($"web-{number}") with
        {
            Replicas = 2, PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "700ms" },
        }).AsDeployment())]);
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var counting = MostUnreadyAsync(shop, enough.Token);

        var events = await RestartAsync(session, targets, new() { MaxConcurrent = 0, Guards = new() { MaxPodsInTransition = Limit } });
        await enough.CancelAsync();

        Assert.Equal(6, Ended(events).Count(rollout => rollout.State == RolloutState.Complete));
        Assert.InRange(await counting, 1, Limit);
    }

    [Fact]
    public async Task While_a_node_is_lost_nothing_further_is_started_and_when_it_is_back_the_walk_goes_on()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "guardnode");
        await shop.CreateAsync([.. Enumerable.Range(1, 2).Select(number => (shop.Workload($"web-{number}") with
        {
            PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "4s" },
        }).AsDeployment())]);
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();
        var remarks = new List<string>();
        var started = 0;
        try
        {
            await foreach (var step in new RestartEngine(session).RunAsync(targets, new() { MaxConcurrent = 1, FollowToEnd = true }, Cancelled))
            {
                if (step is RestartEvent.Started && started++ == 0) await SetNodeAsync(shop.Api, "Unknown");
                if (step is not RestartEvent.Remark { Text: var text }) continue;
                remarks.Add(text);
                if (!text.StartsWith("Held back", StringComparison.Ordinal)) continue;
                Assert.Equal(1, started);
                await SetNodeAsync(shop.Api, "True");
            }
        }
        finally
        {
            await SetNodeAsync(shop.Api, "True");
        }

        Assert.Equal(2, started);
        Assert.Equal(2, remarks.Count);
        Assert.StartsWith("Held back: node node-3 has become NotReady.", remarks[0], StringComparison.Ordinal);
        Assert.StartsWith("Going on after ", remarks[1], StringComparison.Ordinal);
    }

    private static Task SetNodeAsync(KubeApi api, string ready)
    {
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var condition = new JsonObject { ["type"] = "Ready", ["status"] = ready, ["reason"] = "Scenario", ["message"] = "as the scenario wants it", ["lastHeartbeatTime"] = now, ["lastTransitionTime"] = now };
        return api.PatchAsync("/api/v1/nodes/node-3/status", new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) } }, cancellation: Cancelled);
    }

    /// <summary>Counts, by looking again and again, the most pods of the namespace that are wanted and not ready.</summary>
    private static async Task<int> MostUnreadyAsync(ScenarioNamespace shop, CancellationToken enough)
    {
        var most = 0;
        while (!enough.IsCancellationRequested)
        {
            most = Math.Max(most, (await shop.PodsAsync()).Count(pod => pod["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") != true));
            await Task.Delay(50, CancellationToken.None);
        }
        return most;
    }
}
