using System.Diagnostics;
using System.Globalization;
using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Sandbox;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Benchmarks;

/// <summary>Hours of restarts in a sandbox with virtual time.</summary>
internal static class VirtualRestartBenchmark
{
    internal static async Task RunAsync(int rounds)
    {
        var contest = new Contest("A restart of 1,000 workloads with 10,000 pods in virtual time, followed to its end", rounds);
        contest.Add("as Connect-MeshCluster -Sandbox goes", () => RestartedAsync(isBySocket: true));
        contest.Add("over HTTPS", () => RestartedAsync(isBySocket: false));
        await contest.RunAsync("s");

        static async Task<double> RestartedAsync(bool isBySocket)
        {
            await using var sandbox = SandboxCluster.Start(new() { World = BuiltInWorlds.Find("Large"), VirtualTime = true });
            await using var session = new ClusterSession(isBySocket ? sandbox.Connection : sandbox.Connection with { SocketPath = null });
            var targets = new List<RestartTarget>();
            await foreach (var found in new SidecarInventory(session).ReadWorkloadsAsync(new() { Selection = new WorkloadSelection { AllNamespaces = true }, OutdatedOnly = true }))
            {
                if (found is ReadEvent<MeshWorkload>.Found { Item: { Restartable: true } workload }) targets.Add(new(new(workload.Namespace, workload.Kind, workload.Name), workload.DesiredVersion, workload.DesiredRevision));
            }
            var start = Stopwatch.GetTimestamp();
            var complete = 0;
            await foreach (var step in new RestartEngine(session).RunAsync(targets, new() { MaxConcurrent = 50, FollowToEnd = true }, CancellationToken.None))
            {
                if (step is RestartEvent.Ended { Rollout.State: RolloutState.Complete }) complete++;
            }
            if (complete != 1000) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{complete} of 1000 are complete"));
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
