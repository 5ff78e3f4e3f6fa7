using MeshRoll.ClusterTests.World;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class ManyWaitersOnARealControlPlane(RealWorld world) : ManyWaitersScenarios(world);

public sealed class ManyWaitersInTheSandbox(EmbeddedWorld world) : ManyWaitersScenarios(world);

public abstract class ManyWaitersScenarios(ClusterWorld world) : Scenario(world)
{
    private const int Count = 300;

    [Fact]
    public async Task Three_hundred_rollouts_are_waited_for_with_one_watch_per_resource()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "many");
        await shop.CreateAsync([.. Enumerable.Range(1, Count).Select(number => shop.Workload($"web-{number}").AsDeployment())]);
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();
        var before = await World.WatchesAtRestAsync(Cancelled);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var counting = MostWatchesAsync(before, ended.Token);

        var events = await RestartAsync(session, targets, new() { MaxConcurrent = 0 });
        await ended.CancelAsync();
        var most = await counting;

        Assert.Equal(Count, Ended(events).Count(rollout => rollout.State == RolloutState.Complete));
        Assert.Equal(1, most["deployments"]);
        Assert.Equal(1, most["pods"]);
        Assert.All(most, watch => Assert.InRange(watch.Value, 0, 1));
    }

    /// <summary>The most watches by resource, beyond those before, that were there at one time until the end.</summary>
    private async Task<Dictionary<string, int>> MostWatchesAsync(Dictionary<string, int> before, CancellationToken end)
    {
        var most = new Dictionary<string, int>();
        while (!end.IsCancellationRequested)
        {
            foreach (var (resource, watches) in await World.WatchesAsync(Cancelled))
            {
                most[resource] = Math.Max(most.GetValueOrDefault(resource), watches - before.GetValueOrDefault(resource));
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
        return most;
    }
}
