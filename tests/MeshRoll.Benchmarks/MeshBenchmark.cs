using MeshRoll.Benchmarks.Measuring;
using MeshRoll.Benchmarks.World;

namespace MeshRoll.Benchmarks;

/// <summary>
/// What is told of namespaces and of a migration, beside the inventory's own list of the same pods, each as the first call in a fresh pwsh. All of them read every
/// pod once; the aim is 1.5 times the list.
/// </summary>
internal static class MeshBenchmark
{
    internal static async Task RunAsync(BenchmarkWorld world, Pwsh pwsh, int rounds)
    {
        await world.InstallSecondAsync();
        var contest = new Contest("Namespaces and a migration beside the list of all sidecars, first call in a fresh process", rounds);
        foreach (var command in (string[])["Get-MeshSidecarVersion -AllNamespaces", "Get-MeshNamespace", $"Get-MeshMigration -From default -To {BenchmarkWorld.SecondRevision}", "Get-MeshControlPlane"])
        {
            contest.Add(command, () => pwsh.NumberAsync($$"""
                Import-Module $env:MESHROLL_MODULE
                $clock = [Diagnostics.Stopwatch]::StartNew()
                $count = 0
                {{command}} | ForEach-Object { $count++ }
                if (-not $count) { throw 'nothing came' }
                $clock.Elapsed.TotalMilliseconds
                """));
        }
        var figures = await contest.RunAsync("ms");
        foreach (var figure in figures.Skip(1).Take(2))
        {
            var ratio = figure.Median / figures[0].Median;
            Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"- {figure.Name} takes {ratio:0.##} times the list; the aim is 1.5: {(ratio <= 1.5 ? "met" : "MISSED")}"));
        }
    }
}
