using System.Globalization;

namespace MeshRoll.Benchmarks.Measuring;

/// <summary>Some measurements of one thing; the median is the figure to quote.</summary>
internal sealed record Figures(string Name, IReadOnlyList<double> Values, string Unit)
{
    internal double Minimum => Values.Min();

    internal double Median => Quantile(0.5);

    internal double Maximum => Values.Max();

    internal double Quantile(double share)
    {
        var sorted = Values.Order().ToArray();
        return sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }

    internal string Row => string.Create(CultureInfo.InvariantCulture, $"| {Name} | {Minimum:0.##} | {Median:0.##} | {Maximum:0.##} | {Unit} | {Values.Count} |");
}
