using MeshRoll.Benchmarks.Measuring;

namespace MeshRoll.Benchmarks;

/// <summary>What importing the packaged module adds to an empty pwsh.</summary>
internal static class ImportBenchmark
{
    internal static async Task RunAsync(Pwsh pwsh, int rounds)
    {
        var contest = new Contest("A pwsh process from start to end", rounds);
        contest.Add("with Import-Module MeshRoll", () => pwsh.ProcessTimeAsync("Import-Module $env:MESHROLL_MODULE"));
        contest.Add("empty", () => pwsh.ProcessTimeAsync(""));
        var figures = await contest.RunAsync("ms");
        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"- import costs {figures[0].Median - figures[1].Median:0} ms (difference of medians)"));
    }
}
