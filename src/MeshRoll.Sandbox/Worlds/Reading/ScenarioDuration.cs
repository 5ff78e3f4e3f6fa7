using System.Buffers;
using System.Globalization;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Durations as scenarios write them: <c>10</c> (seconds), <c>1.5</c>, <c>10s</c>, <c>250ms</c>, <c>1m30s</c>, <c>2h</c>, <c>3d</c>, or a TimeSpan.</summary>
internal static class ScenarioDuration
{
    /// <summary>How durations may be written, for error messages.</summary>
    public const string Forms = "seconds as a number, or 250ms, 10s, 1m30s, 2h, 3d";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>The duration that a value is, or null when it is none, negative, or longer than ten years.</summary>
    public static TimeSpan? Read(DataNode node)
    {
        if (node.Kind != DataKind.Scalar) return null;
        return (node.Duration ?? Read(node.Text)) is { } duration && duration >= TimeSpan.Zero && duration <= Longest ? duration : null;
    }

    /// <summary>The duration that a text means, or null.</summary>
    public static TimeSpan? Read(string text)
    {
        var rest = text.AsSpan().Trim();
        if (Number(rest) is { } seconds) return seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
        if (rest.Contains(':')) return TimeSpan.TryParse(rest, CultureInfo.InvariantCulture, out var clock) ? clock : null;

        var total = TimeSpan.Zero;
        var largest = double.MaxValue;
        if (rest.IsEmpty) return null;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || Number(rest[..digits]) is not { } amount) return null;
            rest = rest[digits..];
            var (unit, length) = Unit(rest);
            // From large to small and each once, as people write them: 5s1m is a slip of the hand.
            if (unit == 0 || unit >= largest || amount * unit > Longest.TotalSeconds) return null;
            largest = unit;
            total += TimeSpan.FromSeconds(amount * unit);
            rest = rest[length..];
        }
        return total;
    }

    private static (double Seconds, int Length) Unit(ReadOnlySpan<char> rest) => rest switch
    {
        ['m', 's', ..] => (0.001, 2),
        ['s', ..] => (1, 1),
        ['m', ..] => (60, 1),
        ['h', ..] => (3600, 1),
        ['d', ..] => (86_400, 1),
        _ => (0, 0),
    };

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
