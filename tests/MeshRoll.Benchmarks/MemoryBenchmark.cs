using System.Globalization;
using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Benchmarks;

/// <summary>
/// What a run keeps: live memory of this process, garbage collected, while the engine restarts 2,000 workloads. The cluster is a sandbox in virtual time in a
/// process of its own, so that what it remembers does not count.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Count = 2000;
    private const int Step = 400;

    internal static async Task RunAsync(Pwsh pwsh, int rounds)
    {
        var marks = Enumerable.Range(1, Count / Step).Select(number => number * Step).ToList();
        var values = marks.ToDictionary(mark => mark, _ => new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (mark, value) in await RunOnceAsync(pwsh))
            {
                if (round > 0) values[mark].Add(value);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Memory, round {round}: after {mark} of {Count}: {value:0.##} MB"));
            }
        }
        var figures = marks.ConvertAll(mark => new Figures($"after {mark}", values[mark], "MB"));
        Report.Table($"Live memory of a run over {Count} workloads, 50 at a time", figures);
        var growth = (figures[^1].Median - figures[0].Median) * 1024 / (Count - Step);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- {growth:0.##} KB for each further workload (medians, from {marks[0]} to {marks[^1]})"));
    }

    private static async Task<List<(int Mark, double Megabytes)>> RunOnceAsync(Pwsh pwsh)
    {
        await using var sandbox = await pwsh.HoldAsync(string.Create(CultureInfo.InvariantCulture, $"""
            Import-Module $env:MESHROLL_MODULE
            (New-MeshSandbox -Scenario Large -Workloads {Count} -PodsPerWorkload 2 -VirtualTime).KubeConfigPath
            """));
        await using var session = new ClusterSession(KubeConfig.Load(sandbox.Said).Resolve());
        var targets = new List<RestartTarget>();
        await foreach (var found in new SidecarInventory(session).ReadWorkloadsAsync(new() { Selection = new WorkloadSelection { AllNamespaces = true } }))
        {
            if (found is ReadEvent<MeshWorkload>.Found { Item: { Restartable: true } workload }) targets.Add(new(new(workload.Namespace, workload.Kind, workload.Name)));
        }

        var marks = new List<(int, double)>();
        var ended = 0;
        await foreach (var step in new RestartEngine(session).RunAsync(targets, new() { MaxConcurrent = 50, Force = true, FollowToEnd = true }, CancellationToken.None))
        {
            if (step is not RestartEvent.Ended { Rollout: var rollout }) continue;
            if (rollout.State != RolloutState.Complete) throw new InvalidOperationException($"{rollout.Name}: {rollout.State} {rollout.Message}");
            if (++ended % Step == 0) marks.Add((ended, GC.GetTotalMemory(forceFullCollection: true) / (1024.0 * 1024)));
        }
        return ended == Count ? marks : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{ended} of {Count} are complete"));
    }
}
