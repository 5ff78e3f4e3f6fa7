using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Benchmarks.World;

namespace MeshRoll.Benchmarks;

/// <summary>Issuing 200 restarts, pacing off: MeshRoll, a loop around kubectl, and one kubectl for all.</summary>
internal static class RestartBenchmark
{
    private const int Count = 200;

    internal static async Task RunAsync(BenchmarkWorld world, Pwsh pwsh, int rounds)
    {
        var name = await world.DeploymentsAsync("restarts", Count);
        var contest = new Contest($"Issuing the restart of {Count} Deployments", rounds);
        contest.Add("Start-MeshRolloutRestart", () => Settled(() => pwsh.NumberAsync($$"""
            Import-Module $env:MESHROLL_MODULE
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $started = Start-MeshRolloutRestart -Namespace {{name}} -Kind Deployment -Force -MaxConcurrent 0 -Confirm:$false
            $clock.Stop()
            if (@($started | Where-Object State -ne Skipped).Count -ne {{Count}}) { throw "only $($started.Count) started" }
            $clock.Elapsed.TotalMilliseconds
            """)));
        contest.Add("kubectl rollout restart in a loop", () => Settled(() => pwsh.NumberAsync($$"""
            $clock = [Diagnostics.Stopwatch]::StartNew()
            foreach ($number in 1..{{Count}}) { $null = & $env:MESHROLL_KUBECTL rollout restart deployment/web-$number -n {{name}} }
            $clock.Elapsed.TotalMilliseconds
            """)));
        contest.Add("one kubectl rollout restart for all", () => Settled(() => pwsh.NumberAsync($$"""
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $null = & $env:MESHROLL_KUBECTL rollout restart deployment -n {{name}}
            $clock.Elapsed.TotalMilliseconds
            """)));
        await contest.RunAsync("ms");

        // The next contestant begins on a quiet cluster.
        async Task<double> Settled(Func<Task<double>> measure)
        {
            var value = await measure();
            await MeshRoll.TestControlPlane.Workloads.WorkloadReadiness.WaitAsync(world.ControlPlane.Api, name, TimeSpan.FromMinutes(5));
            return value;
        }
    }
}
