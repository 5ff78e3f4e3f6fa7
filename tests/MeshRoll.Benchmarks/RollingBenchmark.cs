using System.Diagnostics;
using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Benchmarks.World;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.TestControlPlane;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.Benchmarks;

/// <summary>
/// A rolling restart of 500 Deployments of 2 pods from first to last: MeshRoll with 50 moving at a time, followed to the end, against what the controllers
/// alone need when one kubectl restarts all of them at once. Both ends are seen by the same witness, a watch of the benchmark's own.
/// </summary>
internal static class RollingBenchmark
{
    private const int Count = 500;
    private const int Pacing = 50;

    internal static async Task RunAsync(BenchmarkWorld world, int rounds)
    {
        var name = await world.DeploymentsAsync("rolling", Count, replicas: 2);
        var contest = new Contest($"Rolling restart of {Count} Deployments of 2 pods, to the end of the last", rounds);
        contest.Add($"MeshRoll, {Pacing} at a time", () => MeasureAsync(world, name, () => RestartAsync(world, name)));
        contest.Add("one kubectl rollout restart for all", () => MeasureAsync(world, name, () => KubectlAsync(world, name)));
        await contest.RunAsync("ms");
    }

    /// <summary>From the first request until all Deployments are done with a template made since.</summary>
    private static async Task<double> MeasureAsync(BenchmarkWorld world, string name, Func<Task> restart)
    {
        var before = await GenerationsAsync(world, name);
        var clock = Stopwatch.StartNew();
        await restart();
        while (!await AreAllDoneAsync(world, name, before)) await Task.Delay(100);
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task RestartAsync(BenchmarkWorld world, string name)
    {
        await using var session = new ClusterSession(KubeConfig.Load(world.ControlPlane.KubeConfigPath).Resolve());
        var targets = Enumerable.Range(1, Count).Select(number => new RestartTarget(new(name, "Deployment", $"web-{number}"))).ToList();
        var complete = 0;
        await foreach (var step in new RestartEngine(session).RunAsync(targets, new() { MaxConcurrent = Pacing, Force = true, FollowToEnd = true }, CancellationToken.None))
        {
            if (step is RestartEvent.Ended { Rollout: var rollout } && rollout.State != RolloutState.Complete) throw new InvalidOperationException($"{rollout.Name}: {rollout.State} {rollout.Message}");
            if (step is RestartEvent.Ended) complete++;
        }
        if (complete != Count) throw new InvalidOperationException($"Only {complete} of {Count} were restarted.");
    }

    private static async Task KubectlAsync(BenchmarkWorld world, string name)
    {
        var kubectl = new Kubectl(world.ControlPlane.KubectlPath, world.ControlPlane.KubeConfigPath, Path.GetTempPath());
        var result = await kubectl.RunAsync(["rollout", "restart", "deployment", "-n", name], CancellationToken.None);
        if (result.ExitCode != 0) throw new InvalidOperationException($"kubectl ended with {result.ExitCode}: {result.Error}");
    }

    private static async Task<Dictionary<string, long>> GenerationsAsync(BenchmarkWorld world, string name) =>
        (await world.ControlPlane.Api.ListAsync(ObjectPath.Deployments(name))).Items.ToDictionary(item => (string)item["metadata"]!["name"]!, item => (long)item["metadata"]!["generation"]!);

    private static async Task<bool> AreAllDoneAsync(BenchmarkWorld world, string name, Dictionary<string, long> before) =>
        (await world.ControlPlane.Api.ListAsync(ObjectPath.Deployments(name))).Items.All(item => (long)item["metadata"]!["generation"]! > before[(string)item["metadata"]!["name"]!] && WaitBenchmark.IsDone(item));
}
