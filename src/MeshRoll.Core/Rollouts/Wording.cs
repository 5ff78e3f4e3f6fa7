using System.Globalization;

namespace MeshRoll.Core.Rollouts;

/// <summary>Counts and times as people say them.</summary>
internal static class Wording
{
    /// <summary><c>1 pod</c>, <c>2 pods</c>.</summary>
    public static string Count(int count, string one) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count} {one}s");

    /// <summary><c>1 old pod is</c>, <c>2 old pods are</c>.</summary>
    public static string CountIs(int count, string one) => count == 1 ? $"1 {one} is" : $"{Count(count, one)} are";

    /// <summary><c>45 s</c>, <c>2 min</c>, <c>1 h 30 min</c>: two units at most, rounded.</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(90)) return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Round(duration.TotalSeconds)):0} s");
        var minutes = (long)Math.Round(duration.TotalMinutes);
        if (minutes < 60) return string.Create(CultureInfo.InvariantCulture, $"{minutes} min");
        return minutes % 60 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h {minutes % 60} min");
    }

    /// <summary>Without a full stop at the end, to be built into a sentence.</summary>
    public static string Clause(string sentence) => sentence.TrimEnd('.', ' ', '\n', '\r');

    /// <summary>One line of at most <paramref name="length"/> characters, without anything that steers a terminal.</summary>
    public static string Line(string text, int length = 300)
    {
        var line = string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        line = PlainText.Of(line);
        return line.Length <= length ? line : string.Concat(line.AsSpan(0, length - 1), "…");
    }
}
