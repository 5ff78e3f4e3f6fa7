using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Kubelet;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class WaitOnARealControlPlane(RealWorld world) : WaitScenarios(world);

public sealed class WaitInTheSandbox(EmbeddedWorld world) : WaitScenarios(world)
{
    // Only here: the real control plane has no controller of Argo's.
    [Fact]
    public async Task An_Argo_Rollout_is_waited_for_until_its_controller_has_restarted_every_pod()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "waitargo");
        var body = (shop.Workload("canary") with { Replicas = 3, PodAnnotations = SlowStart("1s") }).AsDeployment();
        (body["apiVersion"], body["kind"]) = ("argoproj.io/v1alpha1", "Rollout");
        body["spec"]!["strategy"] = new JsonObject { ["canary"] = new JsonObject() };
        await shop.Api.CreateAsync($"/apis/argoproj.io/v1alpha1/namespaces/{shop.Name}/rollouts", body, Cancelled);
        await PodsReadyAsync(shop, 3);
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();

        var seen = new List<MeshRollout>();
        await foreach (var step in new RestartEngine(session).RunAsync([new(new(shop.Name, "Rollout", "canary"), ClusterWorld.NewVersion)], new() { FollowToEnd = true }, Cancelled))
        {
            if (step is RestartEvent.Changed { Rollout: var changed }) seen.Add(changed);
            if (step is RestartEvent.Ended { Rollout: var ended }) seen.Add(ended);
        }

        Assert.True(seen[^1] is { State: RolloutState.Complete, Updated: 3, Diagnosis.Count: 0 }, $"{seen[^1].State}: {seen[^1].Message}");
        Assert.Contains(seen, rollout => rollout is { State: RolloutState.Progressing, Updated: 1 or 2 });
        Assert.All((await shop.SidecarVersionsAsync())["canary"], version => Assert.Equal(ClusterWorld.NewVersion, version));
    }
}

/// <summary>What can happen to a workload while somebody waits for it, each from the outside, as an admin sees it.</summary>
public abstract class WaitScenarios(ClusterWorld world) : Scenario(world)
{
    [Fact]
    public async Task Counts_run_live_pods_being_deleted_included_and_the_time_left_runs_down()
    {
        var shop = await CreateAsync("waitlive", shop => (shop.Workload("web") with
        {
            Replicas = 4,
            Strategy = Workload.RollingUpdate("1", "0"),
            PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "1s", [PodFaults.StopAfterAnnotation] = "2s" },
        }).AsDeployment());
        await using var session = Open();

        var seen = await RestartAndWatchAsync(session, shop, "web");

        Assert.True(seen[^1] is { State: RolloutState.Complete, Updated: 4, Available: 4, Old: 0 }, $"{seen[^1].State}: {seen[^1].Message}");
        Assert.Contains(seen, rollout => rollout.Terminating > 0);
        Assert.All(seen, rollout => Assert.True(rollout.Available >= 4 || rollout.State == RolloutState.Pending, $"{rollout.Available} available: {rollout.Message}"));
        Assert.Equal([1, 2, 3, 4], seen.Where(rollout => rollout.State != RolloutState.Pending && rollout.Updated > 0).Select(rollout => rollout.Updated).Distinct().Order());
        var left = seen.Where(rollout => rollout is { State: RolloutState.Progressing, Remaining: not null }).Select(rollout => rollout.Remaining!.Value).ToList();
        Assert.NotEmpty(left);
        Assert.All(left, remaining => Assert.InRange(remaining, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.Equal(TimeSpan.Zero, seen[^1].Remaining);
    }

    [Fact]
    public async Task A_poll_interval_is_kept_and_opens_no_watch()
    {
        var shop = await CreateAsync("waitpoll", shop => (shop.Workload("web") with { Replicas = 2, PodAnnotations = SlowStart("1500ms") }).AsDeployment());
        await using var session = Open();
        var before = await World.WatchesAtRestAsync(Cancelled);
        var rollout = await RestartByKubectlAsync(session, shop, "deployments", "web");
        Dictionary<string, int>? during = null;

        var ended = Assert.Single(await FollowAsync(session, [rollout], new() { PollInterval = TimeSpan.FromSeconds(1), TimeoutAll = TimeSpan.FromMinutes(1) }, async () => during = await World.WatchesAsync(Cancelled)));

        Assert.True(ended.State == RolloutState.Complete, $"{ended.State}: {ended.Message}");
        Assert.NotNull(during);
        Assert.Equal(before.GetValueOrDefault("deployments"), during.GetValueOrDefault("deployments"));
        Assert.Equal(before.GetValueOrDefault("pods"), during.GetValueOrDefault("pods"));
    }

    [Fact]
    public async Task A_StatefulSet_with_a_partition_is_done_when_the_ordinals_from_it_up_are_new()
    {
        var shop = await CreateAsync("waitpartition", shop => (shop.Workload("db") with { Replicas = 3, Strategy = Workload.Partitioned(2) }).AsStatefulSet());
        await using var session = Open();

        var ended = Assert.Single(Ended(await RestartAsync(session, [new(new(shop.Name, "StatefulSet", "db"))])));

        Assert.Equal((RolloutState.Complete, 1, 2), (ended.State, ended.Updated, ended.Old));
        Assert.Contains("partition", ended.Message, StringComparison.Ordinal);
        Assert.Equal([ClusterWorld.OldVersion, ClusterWorld.OldVersion, ClusterWorld.NewVersion], (await shop.SidecarVersionsAsync())["db"].Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("StatefulSet", "statefulsets", 2)]
    [InlineData("DaemonSet", "daemonsets", 3)]
    public async Task OnDelete_is_followed_pod_by_pod_as_somebody_deletes_them(string kind, string plural, int pods)
    {
        var shop = await CreateAsync("waitondelete", shop => (shop.Workload("db") with { Replicas = pods, Strategy = Workload.StrategyOf("OnDelete") }) is var workload && kind == "StatefulSet" ? workload.AsStatefulSet() : workload.AsDaemonSet());
        await using var session = Open();
        var rollout = await RestartByKubectlAsync(session, shop, plural, "db");
        var old = (await shop.PodsAsync()).Select(pod => (string)pod["metadata"]!["name"]!).ToList();

        var seen = await WatchAsync(session, rollout, async changed =>
        {
            // The next one only when the one before is replaced: as a careful admin does it.
            if (changed.State != RolloutState.Progressing || changed.Available < pods || old.Count == 0 || changed.Old != old.Count) return;
            await shop.Api.DeleteAsync($"{ObjectPath.Pods(shop.Name)}/{old[^1]}", cancellation: Cancelled);
            old.RemoveAt(old.Count - 1);
        });

        Assert.True(seen[^1] is { State: RolloutState.Complete, Old: 0 } && seen[^1].Updated == pods, $"{seen[^1].State}: {seen[^1].Message}");
        Assert.Contains(seen, step => step.Message.Contains("when somebody deletes it", StringComparison.Ordinal));
        Assert.All(seen[..^1], step => Assert.Null(step.Remaining));
    }

    [Fact]
    public async Task A_DaemonSet_is_followed_node_by_node()
    {
        var shop = await CreateAsync("waitdaemon", shop => (shop.Workload("agent") with { PodAnnotations = SlowStart("500ms") }).AsDaemonSet());
        await using var session = Open();

        var seen = await RestartAndWatchAsync(session, shop, "agent", "DaemonSet");

        Assert.True(seen[^1] is { State: RolloutState.Complete, Desired: 3, Updated: 3, Available: 3 }, $"{seen[^1].State}: {seen[^1].Message}");
        Assert.All(seen.Where(step => step.State == RolloutState.Progressing), step => Assert.InRange(step.Available, 2, 3));
    }

    [Fact]
    public async Task Paused_while_waiting_is_said_and_is_no_end()
    {
        var shop = await CreateAsync("waitpaused", shop => (shop.Workload("web") with { Replicas = 3, Strategy = Workload.RollingUpdate("1", "0"), PodAnnotations = SlowStart("1s") }).AsDeployment());
        await using var session = Open();
        var rollout = await RestartByKubectlAsync(session, shop, "deployments", "web");
        var (isPaused, isResumed) = (false, false);

        var seen = await WatchAsync(session, rollout, async changed =>
        {
            if (!isPaused && changed is { State: RolloutState.Progressing, Updated: > 0 })
            {
                isPaused = true;
                await PauseAsync(shop, "web", true);
            }
            else if (!isResumed && changed.State == RolloutState.Paused)
            {
                isResumed = true;
                await PauseAsync(shop, "web", false);
            }
        });

        Assert.True(seen[^1].State == RolloutState.Complete, $"{seen[^1].State}: {seen[^1].Message}");
        var paused = seen.First(step => step.State == RolloutState.Paused);
        Assert.Contains("paused", paused.Message, StringComparison.Ordinal);
        Assert.Null(paused.Remaining);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1)]
    public async Task Scaled_while_waiting_it_is_followed_at_its_new_size(int replicas)
    {
        var shop = await CreateAsync("waitscaled", shop => (shop.Workload("web") with { Replicas = 3, Strategy = Workload.RollingUpdate("1", "0"), PodAnnotations = SlowStart("1s") }).AsDeployment());
        await using var session = Open();
        var rollout = await RestartByKubectlAsync(session, shop, "deployments", "web");
        var isScaled = false;

        var seen = await WatchAsync(session, rollout, async changed =>
        {
            if (isScaled || changed is not { State: RolloutState.Progressing, Updated: > 0 }) return;
            isScaled = true;
            await shop.PatchAppAsync("deployments", "web", new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } });
        });

        Assert.True(seen[^1].State == RolloutState.Complete && seen[^1].Desired == replicas && seen[^1].Updated == replicas, $"{seen[^1].State}: {seen[^1].Updated} of {seen[^1].Desired}: {seen[^1].Message}");
        Assert.Contains($"scaled from 3 to {replicas}", seen[^1].Message, StringComparison.Ordinal);
        Assert.Equal(replicas, (await shop.SidecarVersionsAsync())["web"].Count(version => version == ClusterWorld.NewVersion));
    }

    [Fact]
    public async Task A_workload_made_again_under_its_name_while_waiting_is_another_one()
    {
        var shop = await CreateAsync("waitanother", shop => (shop.Workload("web") with { Replicas = 2, PodAnnotations = SlowStart("2s") }).AsDeployment());
        await using var session = Open();
        var rollout = await RestartByKubectlAsync(session, shop, "deployments", "web");

        var ended = Assert.Single(await FollowAsync(session, [rollout], new() { TimeoutAll = TimeSpan.FromMinutes(1), PollInterval = TimeSpan.FromSeconds(3) }, async () =>
        {
            // Between two looks: nobody sees that it was gone.
            await shop.Api.DeleteAsync($"/apis/apps/v1/namespaces/{shop.Name}/deployments/web", cancellation: Cancelled);
            await shop.Api.CreateAsync((shop.Workload("web") with { Replicas = 2 }).AsDeployment(), Cancelled);
        }));

        Assert.Equal((RolloutState.Failed, "was deleted and made again under the same name: this is another workload now"), (ended.State, ended.Message));
    }

    protected static Dictionary<string, string> SlowStart(string time) => new() { [PodFaults.ReadyAfterAnnotation] = time };

    protected static async Task PodsReadyAsync(ScenarioNamespace shop, int count)
    {
        for (var i = 0; i < 120; i++)
        {
            var ready = (await shop.PodsAsync()).Count(pod => pod["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") == true);
            if (ready == count) return;
            await Task.Delay(250, Cancelled);
        }
        Assert.Fail($"The {count} pods of {shop.Name} do not become ready.");
    }

    /// <summary>Follows one rollout to its end; every state as it was told. <paramref name="then"/> runs after each.</summary>
    private static async Task<List<MeshRollout>> WatchAsync(ClusterSession session, MeshRollout rollout, Func<MeshRollout, Task> then)
    {
        await using var follower = new RolloutFollower(session, new() { TimeoutAll = TimeSpan.FromMinutes(2) });
        follower.Add(rollout);
        follower.Complete();
        var seen = new List<MeshRollout>();
        await foreach (var step in follower.Events(Cancelled))
        {
            if ((step as RolloutEvent.Changed)?.Rollout is { } changed)
            {
                seen.Add(changed);
                await then(changed);
            }
            if (step is RolloutEvent.Ended { Rollout: var ended }) seen.Add(ended);
        }
        return seen;
    }

    private static async Task<List<MeshRollout>> RestartAndWatchAsync(ClusterSession session, ScenarioNamespace shop, string name, string kind = "Deployment")
    {
        var events = await RestartAsync(session, [new(new(shop.Name, kind, name), ClusterWorld.NewVersion)]);
        return [.. events.Select(step => step switch
        {
            RestartEvent.Changed changed => changed.Rollout,
            RestartEvent.Ended ended => ended.Rollout,
            _ => null,
        }).OfType<MeshRollout>()];
    }

    /// <summary>A namespace with one workload that was made with the old version and would come back with the new one.</summary>
    private async Task<ScenarioNamespace> CreateAsync(string scenario, Func<ScenarioNamespace, JsonObject> workload)
    {
        var shop = await ScenarioNamespace.CreateAsync(World, scenario);
        await shop.CreateAsync(workload(shop));
        await shop.SwitchToNewRevisionAsync();
        return shop;
    }

    private static Task PauseAsync(ScenarioNamespace shop, string name, bool paused) =>
        shop.PatchAppAsync("deployments", name, new JsonObject { ["spec"] = new JsonObject { ["paused"] = paused } });

    /// <summary>Restarts as kubectl does, and gives the rollout as somebody knows it who saw that.</summary>
    private static async Task<MeshRollout> RestartByKubectlAsync(ClusterSession session, ScenarioNamespace shop, string plural, string name)
    {
        var start = DateTimeOffset.UtcNow;
        var annotations = new JsonObject { ["kubectl.kubernetes.io/restartedAt"] = start.ToString("O", System.Globalization.CultureInfo.InvariantCulture) };
        var changed = await shop.PatchAppAsync(plural, name, new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } } } });
        return new()
        {
            Cluster = session.Name,
            Namespace = shop.Name,
            Kind = plural switch { "deployments" => "Deployment", "statefulsets" => "StatefulSet", _ => "DaemonSet" },
            Name = name,
            StartTime = start,
            Generation = (long)changed["metadata"]!["generation"]!,
            Uid = (string)changed["metadata"]!["uid"]!,
        };
    }
}
