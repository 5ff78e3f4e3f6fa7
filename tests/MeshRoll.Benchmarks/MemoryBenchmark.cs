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
/// What a run keeps: live memory of this process, garbage collected, while the engine restarts 2,000 workloads and then the same 2,000 once more. The cluster
/// is a sandbox in virtual time in a process of its own, so that what it remembers does not count. In the first pass every object of the cluster that the
/// shared watches hold changes for the first time (annotations, the second ReplicaSet); what still grows in the second pass would be the run's own.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Count = 2000;
    private const int Step = 400;
    private const int Passes = 2;

    internal static async Task RunAsync(Pwsh pwsh, int rounds)
    {
        var marks = Enumerable.Range(1, Passes * Count / Step).Select(number => number * Step).ToList();
        var values = marks.ToDictionary(mark => mark, _ => new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (mark, value) in await RunOnceAsync(pwsh))
            {
                if (round > 0) values[mark].Add(value);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Memory, round {round}: after {mark} restarts: {value:0.##} MB"));
            }
        }
        var figures = marks.ConvertAll(mark => new Figures($"after {mark} restarts", values[mark], "MB"));
        Report.Table($"Live memory of runs over {Count} workloads, 50 at a time, each restarted {Passes} times", figures);
        for (var pass = 0; pass < Passes; pass++)
        {
            var (first, last) = (pass * Count / Step, ((pass + 1) * Count / Step) - 1);
            var growth = (figures[last].Median - figures[first].Median) * 1024 / (Count - Step);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- pass {pass + 1}: {growth:0.##} KB for each further workload (medians, from {marks[first]} to {marks[last]})"));
        }
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
        for (var pass = 0; pass < Passes; pass++) await RestartAllAsync(session, targets, marks);
        return marks;
    }

    private static async Task RestartAllAsync(ClusterSession session, List<RestartTarget> targets, List<(int, double)> marks)
    {
        var before = marks.Count * Step;
        var ended = 0;
        await foreach (var step in new RestartEngine(session).RunAsync(targets, new() { MaxConcurrent = 50, Force = true, FollowToEnd = true }, CancellationToken.None))
        {
            if (step is not RestartEvent.Ended { Rollout: var rollout }) continue;
            if (rollout.State != RolloutState.Complete) throw new InvalidOperationException($"{rollout.Name}: {rollout.State} {rollout.Message}");
            if (++ended % Step == 0) marks.Add((before + ended, GC.GetTotalMemory(forceFullCollection: true) / (1024.0 * 1024)));
        }
        if (ended != Count) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{ended} of {Count} are complete"));
    }
}
