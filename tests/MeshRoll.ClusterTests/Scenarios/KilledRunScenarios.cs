using System.Diagnostics;
using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Repair;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class KilledRunsOnARealControlPlane(RealWorld world) : KilledRunScenarios(world);

public sealed class KilledRunsInTheSandbox(EmbeddedWorld world) : KilledRunScenarios(world);

/// <summary>
/// A process of the Runner is killed, without a chance to say anything, at each change that it makes to the cluster: as soon as an independent watch sees
/// the change. Then somebody repairs, or restarts again.
/// </summary>
public abstract class KilledRunScenarios(ClusterWorld world) : Scenario(world)
{
    private const int Replicas = 2;

    // Surge: marked and raised, first pod evicted, second pod evicted, count restored. Evict: marked, first, second, unmarked.
    [Theory]
    [InlineData("surge", Replicas)]
    [InlineData("evict", Replicas - 1)]
    public async Task Killed_at_any_step_nothing_is_lost_and_repair_or_another_run_makes_it_whole(string strategy, int promised)
    {
        var shop = await ScenarioNamespace.CreateAsync(World, $"killed-{strategy}");
        await shop.CreateAsync([.. from step in Enumerable.Range(1, 4) from then in (string[])["repair", "restart"] select (shop.Workload($"web-{step}-{then}") with { Replicas = Replicas }).AsDeployment()]);
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        await using var floor = await shop.WatchReadyFloorAsync();

        for (var step = 1; step <= 4; step++)
        {
            foreach (var then in (string[])["repair", "restart"])
            {
                var name = $"web-{step}-{then}";
                await RunAndKillAsync(shop, name, strategy, step);
                if (then == "repair") await RepairAsync(session, shop, name);
                else await RestartAgainAsync(session, shop, name, strategy);

                var found = await shop.AppAsync("deployments", name);
                Assert.Equal(Replicas, (int)found["spec"]!["replicas"]!);
                Assert.Null(found["metadata"]!["labels"]?[RestartMark.Key]);
                Assert.Null(found["metadata"]!["annotations"]?[RestartMark.Key]);
                Assert.True(floor.FloorOf(name) >= promised, $"{name}: {floor.FloorOf(name)} ready pods, {promised} were promised");
                if (then == "restart") Assert.All((await shop.SidecarVersionsAsync())[name], version => Assert.Equal(ClusterWorld.NewVersion, version));
            }
        }
    }

    private static async Task RepairAsync(ClusterSession session, ScenarioNamespace shop, string name)
    {
        await foreach (var repaired in new WorkloadRepair(session).RunAsync(new() { Namespaces = [shop.Name], Names = [name] }, new(), Cancelled))
            Assert.True(Assert.IsType<ReadEvent<MeshRepair>.Found>(repaired).Item.Repaired);
    }

    private static async Task RestartAgainAsync(ClusterSession session, ScenarioNamespace shop, string name, string strategy)
    {
        var target = Target(Assert.Single(await WorkloadsAsync(session, shop.Name), workload => workload.Name == name));
        var events = await RestartAsync(session, [target], new() { Strategy = Enum.Parse<RestartStrategy>(strategy, ignoreCase: true) });
        if (events.Exists(step => step is RestartEvent.Skipped)) return;
        var ended = Assert.Single(Ended(events));
        Assert.True(ended.State == RolloutState.Complete, ended.Message);
    }

    /// <summary>Starts a run on one workload and kills its process at the change of that number.</summary>
    private async Task RunAndKillAsync(ScenarioNamespace shop, string name, string strategy, int step)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        enough.CancelAfter(TimeSpan.FromMinutes(1));
        var seen = await ChangeSeenAsync(shop, name, step, enough.Token);
        using var runner = Start(shop, name, strategy);
        try
        {
            await seen;
        }
        finally
        {
            runner.Kill();
            await runner.WaitForExitAsync(Cancelled);
        }
    }

    private Process Start(ScenarioNamespace shop, string name, string strategy)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "meshroll.dll"), "restart", "--kubeconfig", World.KubeConfigPath, "--namespace", shop.Name, "--strategy", strategy, "--name", $"deploy/{name}"])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => TestContext.Current.TestOutputHelper?.WriteLine(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Completes with the change of that number: the mark comes, a pod is evicted, the mark goes.</summary>
    private static async Task<Task> ChangeSeenAsync(ScenarioNamespace shop, string name, int step, CancellationToken cancellation)
    {
        var deployments = ObjectPath.Collection("apps/v1", "deployments", shop.Name);
        var (workloads, pods) = (await shop.Api.ListAsync(deployments, cancellation: cancellation), await shop.Api.ListAsync(ObjectPath.Pods(shop.Name), cancellation: cancellation));
        var seen = new HashSet<string>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = WatchAsync(deployments, workloads.ResourceVersion, body => (string)body["metadata"]!["name"]! != name ? null
            : body["metadata"]!["labels"]?[RestartMark.Key] is not null ? "marked" : seen.Contains("marked") ? "unmarked" : null);
        _ = WatchAsync(ObjectPath.Pods(shop.Name), pods.ResourceVersion, body =>
            (string?)body["metadata"]!["labels"]?["app"] == name && body["metadata"]!["deletionTimestamp"] is not null ? (string)body["metadata"]!["uid"]! : null);
        return reached.Task;

        async Task WatchAsync(string path, string version, Func<JsonObject, string?> change)
        {
            try
            {
                await foreach (var news in shop.Api.WatchAsync(path, version, cancellation: cancellation))
                {
                    lock (seen)
                    {
                        if (change(news.Body) is { } what && seen.Add(what) && seen.Count == step) reached.TrySetResult();
                    }
                }
            }
            catch (Exception error)
            {
                reached.TrySetException(error);
            }
        }
    }
}
