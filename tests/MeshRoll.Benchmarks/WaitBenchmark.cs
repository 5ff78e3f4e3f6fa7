using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Benchmarks.World;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.Benchmarks;

/// <summary>
/// 300 rollouts at once: the time from the event on the wire that ends a rollout, as a watch of the benchmark's own sees it,
/// to the end as MeshRoll reports it; and how many watches the server served for that.
/// </summary>
internal static class WaitBenchmark
{
    private const int Count = 300;

    internal static async Task RunAsync(BenchmarkWorld world)
    {
        var name = await world.DeploymentsAsync("waits", Count);
        await using var session = new ClusterSession(KubeConfig.Load(world.ControlPlane.KubeConfigPath).Resolve());
        using var enough = new CancellationTokenSource();
        var onTheWire = new ConcurrentDictionary<string, long>();
        var watching = WatchAsync(world, name, onTheWire, enough.Token);
        var watchesBefore = await WatchesAsync(world);
        var counting = Task.FromResult("");

        var seen = new Dictionary<string, long>();
        var targets = Enumerable.Range(1, Count).Select(number => new RestartTarget(new(name, "Deployment", $"web-{number}"))).ToList();
        await foreach (var step in new RestartEngine(session).RunAsync(targets, new RestartOptions { MaxConcurrent = 0, Force = true, FollowToEnd = true }, CancellationToken.None))
        {
            if (step is not RestartEvent.Ended { Rollout: var rollout }) continue;
            if (rollout.State != RolloutState.Complete) throw new InvalidOperationException($"{rollout.Name}: {rollout.State} {rollout.Message}");
            seen[rollout.Name] = Stopwatch.GetTimestamp();
            // Beside, not between: what is read late would look as if it came late.
            if (seen.Count == Count / 2) counting = Task.Run(async () => Difference(watchesBefore, await WatchesAsync(world)));
        }
        await enough.CancelAsync();
        await watching;
        var watches = await counting;

        var delays = seen.Where(end => onTheWire.ContainsKey(end.Key)).Select(end => Stopwatch.GetElapsedTime(onTheWire[end.Key], end.Value).TotalMilliseconds).ToList();
        if (delays.Count < Count * 9 / 10) throw new InvalidOperationException($"The benchmark's own watch saw the end of {delays.Count} rollouts only.");
        var figures = new Figures("end of a rollout, wire to report", delays, "ms");
        Report.Table($"{Count} rollouts followed at once", [figures]);
        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"- 99 % within {figures.Quantile(0.99):0.#} ms; watches served for it: {watches}"));
    }

    private static async Task WatchAsync(BenchmarkWorld world, string name, ConcurrentDictionary<string, long> ends, CancellationToken cancelled)
    {
        // A busy server may end a watch early, or have forgotten a version a moment after it gave it; then it begins anew.
        while (!cancelled.IsCancellationRequested)
        {
            try
            {
                var version = (await world.ControlPlane.Api.ListAsync(ObjectPath.Deployments(name), cancellation: cancelled)).ResourceVersion;
                await foreach (var change in world.ControlPlane.Api.WatchAsync(ObjectPath.Deployments(name), version, cancellation: cancelled))
                {
                    var at = Stopwatch.GetTimestamp();
                    if (change.Type == "MODIFIED" && (long)change.Body["metadata"]!["generation"]! > 1 && IsDone(change.Body)) ends[(string)change.Body["metadata"]!["name"]!] = at;
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or KubeApiException or IOException or HttpRequestException)
            {
                // Cancelled, or to begin anew.
            }
        }
    }

    internal static bool IsDone(JsonObject deployment)
    {
        var status = deployment["status"]!;
        var wanted = (int)deployment["spec"]!["replicas"]!;
        return (long?)status["observedGeneration"] >= (long)deployment["metadata"]!["generation"]!
            && ((int?)status["updatedReplicas"] ?? 0) >= wanted && ((int?)status["replicas"] ?? 0) <= ((int?)status["updatedReplicas"] ?? 0)
            && ((int?)status["availableReplicas"] ?? 0) >= ((int?)status["updatedReplicas"] ?? 0);
    }

    private static async Task<Dictionary<string, int>> WatchesAsync(BenchmarkWorld world) =>
        (await world.ControlPlane.KubectlAsync(["get", "--raw", "/metrics"])).Output.Split('\n')
            .Where(line => line.StartsWith("apiserver_longrunning_gauge{", StringComparison.Ordinal) && line.Contains("verb=\"WATCH\"", StringComparison.Ordinal))
            .GroupBy(line => line.Split("resource=\"")[1].Split('"')[0])
            .ToDictionary(group => group.Key, group => group.Sum(line => int.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture)));

    private static string Difference(Dictionary<string, int> before, Dictionary<string, int> now) =>
        string.Join(", ", now.Select(entry => (entry.Key, More: entry.Value - before.GetValueOrDefault(entry.Key))).Where(entry => entry.More > 0).Select(entry => $"{entry.Key} {entry.More}"));
}
