using System.Globalization;

namespace MeshRoll.Benchmarks.Measuring;

/// <summary>
/// Several ways to do the same, measured in turn, A B C A B C …, so that a machine that slows down slows all of them down.
/// </summary>
internal sealed class Contest(string title, int rounds)
{
    private readonly List<(string Name, Func<Task<double>> Measure, List<double> Values)> _contestants = [];

    /// <summary>Adds one. What it returns is what is counted, in the unit of the report.</summary>
    internal void Add(string name, Func<Task<double>> measure) => _contestants.Add((name, measure, []));

    /// <summary>One round that does not count, then those that do; writes the table and, against the first, the ratio of medians.</summary>
    internal async Task<IReadOnlyList<Figures>> RunAsync(string unit)
    {
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (name, measure, values) in _contestants)
            {
                var value = await measure();
                if (round > 0) values.Add(value);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {title}, round {round}: {name}: {value:0.##} {unit}"));
            }
        }
        var figures = _contestants.ConvertAll(contestant => new Figures(contestant.Name, contestant.Values, unit));
        Report.Table(title, figures);
        foreach (var other in figures.Skip(1))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- {figures[0].Name} / {other.Name} = {figures[0].Median / other.Median:0.###} (medians)"));
        }
        return figures;
    }
}

/// <summary>Markdown for the README.</summary>
internal static class Report
{
    internal static void Table(string title, IEnumerable<Figures> figures)
    {
        Console.WriteLine($"\n### {title}\n\n| what | min | median | max | unit | runs |\n|---|---|---|---|---|---|");
        foreach (var figure in figures) Console.WriteLine(figure.Row);
    }
}
