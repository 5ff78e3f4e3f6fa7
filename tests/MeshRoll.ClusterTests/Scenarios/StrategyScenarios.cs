using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.TestControlPlane.Kubelet;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class StrategiesOnARealControlPlane(RealWorld world) : StrategyScenarios(world);

public sealed class StrategiesInTheSandbox(EmbeddedWorld world) : StrategyScenarios(world);

/// <summary>Ways to restart other than a rolling update: what they promise, and what is left when they fail.</summary>
public abstract class StrategyScenarios(ClusterWorld world) : Scenario(world)
{
    private static readonly RestartOptions Surge = new() { Strategy = RestartStrategy.Surge };
    private static readonly RestartOptions Evict = new() { Strategy = RestartStrategy.Evict };
    private static readonly RestartOptions Auto = new() { Strategy = RestartStrategy.Auto };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    public async Task A_surge_keeps_every_pod_of_the_original_count_serving(int replicas, int surge)
    {
        var shop = await ShopAsync("surge", names => (names.Workload("web") with { Replicas = replicas }).AsDeployment());
        await using var session = Open();
        await using var floor = await shop.WatchReadyFloorAsync();

        var events = await RestartAsync(session, await TargetsAsync(session, shop), Surge with { SurgeCount = surge });

        var ended = Assert.Single(Ended(events));
        Assert.True(ended.State == RolloutState.Complete, ended.Message);
        Assert.Equal(("Surge", replicas, 0), (ended.Strategy, ended.Desired, ended.Old));
        Assert.Equal(replicas, floor.FloorOf("web"));
        await AssertWholeAsync(shop, "deployments", "web", replicas);
        await AssertAllNewAsync(shop, "web", replicas);
        Assert.Null((await shop.AppAsync("deployments", "web"))["spec"]!["template"]!["metadata"]!["annotations"]?["kubectl.kubernetes.io/restartedAt"]);
    }

    [Fact]
    public async Task A_surge_whose_new_pod_cannot_come_up_leaves_the_old_pods_alone_and_stops_the_walk()
    {
        var shop = await ShopAsync("nosurge", names => (names.Workload("web-1") with { Replicas = 2, Image = "gone.example/surge:1" }).AsDeployment(), names => names.Workload("web-2").AsDeployment());
        await World.DeleteImageAsync("gone.example/surge:1");
        await using var session = Open();
        var before = await UidsAsync(shop);

        var events = await RestartAsync(session, await TargetsAsync(session, shop), Surge with { MaxConcurrent = 1 });

        var failed = Assert.Single(Ended(events));
        Assert.Equal((RolloutState.Failed, "web-1"), (failed.State, failed.Name));
        Assert.Contains("gone.example/surge:1", failed.Message, StringComparison.Ordinal);
        Assert.Contains(failed.Diagnosis, finding => finding is { Id: "ImagePull", Verdict: FindingVerdict.Fatal });
        Assert.Equal("web-2", Assert.Single(Assert.Single(events.OfType<RestartEvent.Stopped>()).NotStarted).Name);
        await AssertWholeAsync(shop, "deployments", "web-1", 2);
        Assert.Superset(before, await SettledUidsAsync(shop, 3));
    }

    [Fact]
    public async Task What_cannot_surge_is_refused_with_the_way_out()
    {
        var shop = await ShopAsync("unfit", names => names.Workload("db").AsStatefulSet(), names => names.Workload("agent").AsDaemonSet(), names => names.Workload("scaled").AsDeployment());
        await shop.Api.CreateAsync(Autoscaler(shop.Name, "scaled"), Cancelled);
        await using var session = Open();

        var events = await RestartAsync(session, await TargetsAsync(session, shop), Surge);

        var refused = events.OfType<RestartEvent.Refused>().ToDictionary(step => step.Workload.Name, step => step.Error);
        Assert.Equal(("MeshRoll.SurgeUnfit", "MeshRoll.SurgeUnfit", "MeshRoll.AutoscalerPresent"), (refused["db"].Id, refused["agent"].Id, refused["scaled"].Id));
        Assert.Contains("ordinal", refused["db"].Message, StringComparison.Ordinal);
        Assert.Contains("the-scaler", refused["scaled"].Message, StringComparison.Ordinal);
        Assert.Contains("-IgnoreAutoscaler", refused["scaled"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_autoscaler_that_fights_a_surge_wins_and_the_run_says_so()
    {
        var shop = await ShopAsync("fought", names => (names.Workload("web") with { Replicas = 3, PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "2s" } }).AsDeployment());
        await using var session = Open();

        var events = await RestartAsync(session, await TargetsAsync(session, shop), Surge with { IgnoreAutoscaler = true },
            async () => await shop.PatchAppAsync("deployments", "web", new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 5 } }));

        var failed = Assert.Single(Ended(events));
        Assert.Equal(RolloutState.Failed, failed.State);
        Assert.Contains("set to 5 by somebody else", failed.Message, StringComparison.Ordinal);
        await AssertWholeAsync(shop, "deployments", "web", 5);
    }

    [Fact]
    public async Task Evictions_wait_for_a_disruption_budget_and_name_it()
    {
        var shop = await ShopAsync("budget", names => (names.Workload("web") with { Replicas = 3 }).AsDeployment());
        await shop.Api.CreateAsync(Budget(shop.Name, 3), Cancelled);
        await WaitForBudgetAsync(shop);
        await using var session = Open();
        await using var floor = await shop.WatchReadyFloorAsync();

        var events = await RestartAsync(session, await TargetsAsync(session, shop), Evict with { Timeout = TimeSpan.FromSeconds(60) }, async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3), Cancelled);
            Assert.Equal(3, floor.FloorOf("web"));
            await shop.Api.DeleteAsync($"{BudgetPath(shop.Name)}/the-budget", cancellation: Cancelled);
        }, begins: NamesTheBudget);

        var ended = Assert.Single(Ended(events));
        Assert.True(ended.State == RolloutState.Complete, ended.Message);
        Assert.Contains(events, NamesTheBudget);
        Assert.Equal(2, floor.FloorOf("web"));
        await AssertWholeAsync(shop, "deployments", "web", 3);
        await AssertAllNewAsync(shop, "web", 3);

        static bool NamesTheBudget(RestartEvent step) => step is RestartEvent.Changed { Rollout: var waiting } && waiting.Message.Contains("the-budget", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_evictions_renew_is_renewed_by_what_fits_it_one_pod_at_a_time()
    {
        var shop = await ShopAsync("fits",
            names => (names.Workload("db") with { Replicas = 3, Strategy = Workload.StrategyOf("OnDelete") }).AsStatefulSet(),
            names => (names.Workload("held") with { Replicas = 3, Strategy = Workload.Partitioned(2) }).AsStatefulSet(),
            names => (names.Workload("agent") with { Strategy = Workload.StrategyOf("OnDelete") }).AsDaemonSet(),
            names => (names.Workload("lone") with { Replicas = 2 }).AsReplicaSet(),
            names => (names.Workload("same") with { Replicas = 2, Strategy = Workload.StrategyOf("Recreate") }).AsDeployment(),
            names => (names.Workload("web") with { Replicas = 2 }).AsDeployment());
        await using var session = Open();
        var nodes = (await shop.PodsAsync()).Count(pod => (string)pod["metadata"]!["labels"]!["app"]! == "agent");
        await using var floor = await shop.WatchReadyFloorAsync();

        var events = await RestartAsync(session, await TargetsAsync(session, shop), Auto);

        var ended = Ended(events).ToDictionary(rollout => rollout.Name);
        Assert.All(ended.Values, rollout => Assert.True(rollout.State == RolloutState.Complete, $"{rollout.Name}: {rollout.Message}"));
        Assert.Equal(
            [("agent", "Evict"), ("db", "Evict"), ("held", "Evict"), ("lone", "Evict"), ("same", "Evict"), ("web", "Rolling")],
            ended.Values.Select(rollout => (rollout.Name, rollout.Strategy)).OrderBy(pair => pair.Name, StringComparer.Ordinal));
        Assert.Contains("OnDelete", ended["db"].StrategyReason, StringComparison.Ordinal);
        Assert.Contains("partition 2", ended["held"].StrategyReason, StringComparison.Ordinal);
        Assert.Equal((2, 2, nodes - 1, 1, 1), (floor.FloorOf("db"), floor.FloorOf("held"), floor.FloorOf("agent"), floor.FloorOf("lone"), floor.FloorOf("same")));
        var versions = await shop.SidecarVersionsAsync();
        Assert.All(versions, workload => Assert.All(workload, version => Assert.Equal(ClusterWorld.NewVersion, version)));
        await AssertWholeAsync(shop, "statefulsets", "db", 3);
        await AssertWholeAsync(shop, "replicasets", "lone", 2);
        await AssertWholeAsync(shop, "daemonsets", "agent", null);
    }

    [Fact]
    public async Task The_last_pod_is_evicted_only_where_downtime_is_allowed()
    {
        var shop = await ShopAsync("last", names => names.Workload("web").AsDeployment());
        await using var session = Open();
        var targets = await TargetsAsync(session, shop);

        var refused = Assert.Single((await RestartAsync(session, targets, Evict)).OfType<RestartEvent.Refused>()).Error;
        Assert.Equal("MeshRoll.LastPod", refused.Id);
        Assert.Contains("-Strategy Surge", refused.Message, StringComparison.Ordinal);

        var ended = Assert.Single(Ended(await RestartAsync(session, targets, Evict with { AllowDowntime = true })));
        Assert.True(ended.State == RolloutState.Complete, ended.Message);
        await AssertAllNewAsync(shop, "web", 1);
    }

    [Theory]
    [InlineData(PodFaults.InitFailsAnnotation, "true", "InitContainerFailed")]
    [InlineData(PodFaults.CrashesAfterAnnotation, "100ms", "CrashLoop")]
    public async Task A_replacement_that_cannot_come_up_ends_evictions_after_one_pod(string annotation, string value, string finding)
    {
        // What breaks pods from now on: the application's own fault, in a template that pods of a StatefulSet get when they are made anew.
        var shop = await ShopAsync("broken", names => (names.Workload("db") with { Replicas = 3, InitImage = "hub.example/init:1", Strategy = Workload.StrategyOf("OnDelete") }).AsStatefulSet());
        await shop.PatchAppAsync("statefulsets", "db", new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } } },
        });
        await using var session = Open();
        await using var floor = await shop.WatchReadyFloorAsync();

        var failed = Assert.Single(Ended(await RestartAsync(session, await TargetsAsync(session, shop), Evict)));

        Assert.True(failed.State == RolloutState.Failed, failed.Message);
        Assert.Contains(failed.Diagnosis, found => found.Id == finding);
        Assert.Equal(2, floor.FloorOf("db"));
        await AssertWholeAsync(shop, "statefulsets", "db", 3);
    }

    [Fact]
    public async Task A_replacement_that_no_node_takes_ends_evictions_after_one_pod()
    {
        var shop = await ShopAsync("nonode", names => (names.Workload("db") with { Replicas = 2, Strategy = Workload.StrategyOf("OnDelete") }).AsStatefulSet());
        await shop.PatchAppAsync("statefulsets", "db", new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["nodeSelector"] = new JsonObject { ["pool"] = "none" } } } },
        });
        await using var session = Open();
        await using var floor = await shop.WatchReadyFloorAsync();

        var ended = Assert.Single(Ended(await RestartAsync(session, await TargetsAsync(session, shop), Evict with { Timeout = TimeSpan.FromSeconds(25) })));

        Assert.True(ended.State is RolloutState.Failed or RolloutState.TimedOut, ended.Message);
        Assert.Contains(ended.Diagnosis, found => found.Id == "Unschedulable");
        Assert.Equal(1, floor.FloorOf("db"));
        await AssertWholeAsync(shop, "statefulsets", "db", 2);
    }

    [Fact]
    public async Task A_replacement_that_never_gets_ready_ends_evictions_when_the_time_is_over()
    {
        var shop = await ShopAsync("silent", names => (names.Workload("db") with { Replicas = 2, Strategy = Workload.StrategyOf("OnDelete") }).AsStatefulSet());
        await shop.PatchAppAsync("statefulsets", "db", new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [PodFaults.NeverReadyAnnotation] = "true" } } } },
        });
        await using var session = Open();
        await using var floor = await shop.WatchReadyFloorAsync();

        var ended = Assert.Single(Ended(await RestartAsync(session, await TargetsAsync(session, shop), Evict with { Timeout = TimeSpan.FromSeconds(8) })));

        Assert.Equal(RolloutState.TimedOut, ended.State);
        Assert.Equal(1, floor.FloorOf("db"));
        await AssertWholeAsync(shop, "statefulsets", "db", 2);
    }

    [Fact]
    public async Task A_quota_without_room_ends_a_surge_before_any_old_pod_goes()
    {
        var shop = await ShopAsync("quota", names => (names.Workload("web") with { Replicas = 2, ProgressDeadlineSeconds = 5 }).AsDeployment());
        await shop.Api.CreateAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ResourceQuota",
            ["metadata"] = new JsonObject { ["name"] = "two-pods", ["namespace"] = shop.Name },
            ["spec"] = new JsonObject { ["hard"] = new JsonObject { ["pods"] = "2" } },
        }, Cancelled);
        await shop.Api.WaitAsync($"/api/v1/namespaces/{shop.Name}/resourcequotas/two-pods", quota => (string?)quota?["status"]?["used"]?["pods"] == "2", TimeSpan.FromSeconds(30), Cancelled);
        await using var session = Open();
        var before = await UidsAsync(shop);

        var failed = Assert.Single(Ended(await RestartAsync(session, await TargetsAsync(session, shop), Surge)));

        Assert.True(failed.State == RolloutState.Failed, failed.Message);
        Assert.Contains(failed.Diagnosis, found => found.Id == "QuotaExceeded");
        Assert.Equal(before, await UidsAsync(shop));
        await AssertWholeAsync(shop, "deployments", "web", 2);
    }

    [Fact]
    public async Task A_surge_goes_on_after_the_apiserver_was_away()
    {
        var shop = await ShopAsync("away", names => (names.Workload("web") with { Replicas = 2, PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "1s" } }).AsDeployment());
        await using var session = Open();
        var targets = await TargetsAsync(session, shop);

        var ended = Assert.Single(Ended(await RestartAsync(session, targets, Surge, () => World.RestartApiServerAsync(Cancelled))));

        Assert.True(ended.State == RolloutState.Complete, ended.Message);
        await AssertWholeAsync(shop, "deployments", "web", 2);
        await AssertAllNewAsync(shop, "web", 2);
    }

    [Fact]
    public async Task Two_runs_at_once_on_one_workload_the_second_is_told_who_was_first()
    {
        var shop = await ShopAsync("twice", names => (names.Workload("web") with { Replicas = 2 }).AsDeployment());
        await using var session = Open();
        await using var other = Open();
        var targets = await TargetsAsync(session, shop);
        List<RestartEvent> second = [];

        var events = await RestartAsync(session, targets, Evict with { PodDelay = TimeSpan.FromSeconds(3) }, async () => second = await RestartAsync(other, targets, Evict));

        Assert.Equal(RolloutState.Complete, Assert.Single(Ended(events)).State);
        var refused = Assert.Single(second.OfType<RestartEvent.Refused>()).Error;
        Assert.Equal("MeshRoll.WorkloadTaken", refused.Id);
        Assert.Contains(Environment.MachineName, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_process_can_wait_for_a_replacement_by_its_mark()
    {
        var shop = await ShopAsync("waited", names => (names.Workload("web") with { Replicas = 2 }).AsDeployment());
        await using var session = Open();
        await using var elsewhere = Open();
        List<MeshRollout> waited = [];
        var targets = await TargetsAsync(session, shop);

        await foreach (var step in new RestartEngine(session).RunAsync(targets, Surge with { FollowToEnd = true }, Cancelled))
        {
            if (step is RestartEvent.Started { Rollout: var rollout }) waited = await FollowAsync(elsewhere, [rollout]);
        }

        Assert.Equal(RolloutState.Complete, Assert.Single(waited).State);
        await AssertAllNewAsync(shop, "web", 2);
    }

    [Fact]
    public async Task Whoever_is_stopped_puts_the_workload_back_first()
    {
        var shop = await ShopAsync("stopped", names => (names.Workload("web") with { Replicas = 2, PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "3s" } }).AsDeployment());
        await using var session = Open();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var left = new List<MeshRollout>();
        var targets = await TargetsAsync(session, shop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var step in new RestartEngine(session).RunAsync(targets, Surge with { FollowToEnd = true, TakenBack = left.Add }, stop.Token))
            {
                if (step is RestartEvent.Started) await stop.CancelAsync();
            }
        });

        Assert.Contains("stopped with 2 pods left to replace", Assert.Single(left).Message, StringComparison.Ordinal);
        await AssertWholeAsync(shop, "deployments", "web", 2);
    }

    private async Task<ScenarioNamespace> ShopAsync(string name, params Func<ScenarioNamespace, JsonObject>[] workloads)
    {
        var shop = await ScenarioNamespace.CreateAsync(World, name);
        await shop.CreateAsync([.. workloads.Select(workload => workload(shop))]);
        await shop.SwitchToNewRevisionAsync();
        return shop;
    }

    private static async Task<List<RestartTarget>> TargetsAsync(ClusterSession session, ScenarioNamespace shop) =>
        [.. (await WorkloadsAsync(session, shop.Name)).OrderBy(workload => workload.Name, StringComparer.Ordinal).Select(Target)];

    /// <summary>No mark is left and the count is as given.</summary>
    private static async Task AssertWholeAsync(ScenarioNamespace shop, string plural, string name, int? replicas)
    {
        var found = await shop.AppAsync(plural, name);
        Assert.Null(found["metadata"]!["labels"]?[RestartMark.Key]);
        Assert.Null(found["metadata"]!["annotations"]?[RestartMark.Key]);
        if (replicas is { } count) Assert.Equal(count, (int)found["spec"]!["replicas"]!);
    }

    private static async Task AssertAllNewAsync(ScenarioNamespace shop, string name, int pods)
    {
        var versions = (await shop.SidecarVersionsAsync())[name].ToList();
        Assert.Equal(pods, versions.Count);
        Assert.All(versions, version => Assert.Equal(ClusterWorld.NewVersion, version));
    }

    private static async Task<HashSet<string>> UidsAsync(ScenarioNamespace shop) => [.. (await shop.PodsAsync()).Select(pod => (string)pod["metadata"]!["uid"]!)];

    // The pod too many goes a moment after the count is back.
    private static async Task<HashSet<string>> SettledUidsAsync(ScenarioNamespace shop, int count)
    {
        var uids = await UidsAsync(shop);
        for (var i = 0; i < 50 && uids.Count != count; i++)
        {
            await Task.Delay(100, Cancelled);
            uids = await UidsAsync(shop);
        }
        return uids;
    }

    private static JsonObject Autoscaler(string @namespace, string deployment) => new()
    {
        ["apiVersion"] = "autoscaling/v1",
        ["kind"] = "HorizontalPodAutoscaler",
        ["metadata"] = new JsonObject { ["name"] = "the-scaler", ["namespace"] = @namespace },
        ["spec"] = new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = deployment },
            ["minReplicas"] = 1,
            ["maxReplicas"] = 3,
        },
    };

    // The real server is of a time when budgets were v1beta1.
    private static JsonObject Budget(string @namespace, int minAvailable) => new()
    {
        ["apiVersion"] = "policy/v1beta1",
        ["kind"] = "PodDisruptionBudget",
        ["metadata"] = new JsonObject { ["name"] = "the-budget", ["namespace"] = @namespace },
        ["spec"] = new JsonObject { ["minAvailable"] = minAvailable, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "web" } } },
    };

    private static string BudgetPath(string @namespace) => $"/apis/policy/v1beta1/namespaces/{@namespace}/poddisruptionbudgets";

    private static async Task WaitForBudgetAsync(ScenarioNamespace shop) =>
        await shop.Api.WaitAsync($"{BudgetPath(shop.Name)}/the-budget", budget => (int?)budget?["status"]?["currentHealthy"] == 3, TimeSpan.FromSeconds(30), Cancelled);
}
