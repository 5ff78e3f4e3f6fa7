using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.TestControlPlane.Kubelet;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class DisturbedWaitOnARealControlPlane(RealWorld world) : DisturbedWaitScenarios(world);

public sealed class DisturbedWaitInTheSandbox(EmbeddedWorld world) : DisturbedWaitScenarios(world);

public abstract class DisturbedWaitScenarios(ClusterWorld world) : Scenario(world)
{
    [Fact]
    public async Task A_wait_survives_a_restart_of_the_API_server()
    {
        var shop = await SlowShopAsync("apirestart");
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();

        var events = await RestartAsync(session, targets, AllAtOnce, () => World.RestartApiServerAsync(Cancelled), starts: targets.Count);

        AssertAllComplete(events, 6);
    }

    [Fact]
    public async Task A_wait_survives_connections_that_are_cut_again_and_again()
    {
        var shop = await SlowShopAsync("cut");
        await using var wire = new CuttableWire(World.Server);
        var kubeConfig = wire.WriteKubeConfig(World);
        try
        {
            await using var session = Open(kubeConfig);
            var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();
            using var enough = new CancellationTokenSource();

            var events = await RestartAsync(session, targets, meanwhile: () =>
            {
                _ = wire.CutEveryAsync(TimeSpan.FromMilliseconds(700), enough.Token);
                return Task.CompletedTask;
            });
            await enough.CancelAsync();

            AssertAllComplete(events, 6);
            Assert.True(wire.Cuts > 2, $"{wire.Cuts} cuts");
        }
        finally
        {
            File.Delete(kubeConfig);
        }
    }

    [Fact]
    public async Task A_wait_survives_the_loss_of_the_history_its_watch_would_resume_from()
    {
        var shop = await SlowShopAsync("compacted");
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();

        var events = await RestartAsync(session, targets, AllAtOnce, () => World.RestartWithoutHistoryAsync(Cancelled), starts: targets.Count);

        AssertAllComplete(events, 6);
    }

    [Fact]
    public async Task A_change_by_somebody_else_during_the_wait_is_followed_to_its_end()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "conflict");
        await shop.CreateAsync((shop.Workload("web") with { Replicas = 3, PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "800ms" } }).AsDeployment());
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();

        var events = await RestartAsync(session, targets, meanwhile: () => shop.PatchAppAsync("deployments", "web",
            new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["release"] = "2" } } } } }));

        AssertAllComplete(events, 1);
        var pods = await shop.PodsAsync();
        Assert.All(pods, pod => Assert.Equal("2", (string?)pod["metadata"]!["annotations"]!["release"]));
    }

    [Fact]
    public async Task A_workload_deleted_during_the_wait_is_a_failure_that_says_so()
    {
        var shop = await SlowShopAsync("deleted", count: 1);
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();

        var events = await RestartAsync(session, targets, meanwhile: () =>
            shop.Api.DeleteAsync($"/apis/apps/v1/namespaces/{shop.Name}/deployments/web-1", cancellation: Cancelled));

        var ended = Assert.Single(Ended(events));
        Assert.Equal(RolloutState.Failed, ended.State);
        Assert.Contains("deleted", ended.Message, StringComparison.Ordinal);
    }

    private async Task<ScenarioNamespace> SlowShopAsync(string scenario, int count = 6)
    {
        var shop = await ScenarioNamespace.CreateAsync(World, scenario);
        await shop.CreateAsync([.. Enumerable.Range(1, count).Select(number => (shop.Workload($"web-{number}") with
        {
            Replicas = 2, PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "1500ms" },
        }).AsDeployment())]);
        await shop.SwitchToNewRevisionAsync();
        return shop;
    }

    // A restart on its way while the server goes away may be refused; here it is the wait that is disturbed.
    private static RestartOptions AllAtOnce => new() { MaxConcurrent = 0 };

    private static void AssertAllComplete(List<RestartEvent> events, int count)
    {
        var ended = Ended(events);
        Assert.Equal(count, ended.Count);
        Assert.All(ended, rollout => Assert.True(rollout.State == RolloutState.Complete, $"{rollout.Name}: {rollout.State} {rollout.Message}"));
        Assert.All(ended, rollout => Assert.Empty(rollout.Diagnosis));
    }
}
