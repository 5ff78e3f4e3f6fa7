using System.Buffers;
using System.Globalization;

namespace MeshRoll.Core;

/// <summary>Durations as people write them: <c>90</c> (seconds), <c>10m</c>, <c>1h30m</c>, <c>2d</c>, <c>500ms</c>, <c>00:10:00</c>.</summary>
public static class DurationText
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>The longest duration taken: a year. More is a typing error, and timers cannot count it.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(366);

    /// <summary>Reads a duration.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.DurationInvalid</c>: not a duration, negative, or longer than <see cref="Longest"/>.</exception>
    public static TimeSpan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.StartsWith('-')) throw Invalid(text, "a duration cannot be negative");

        var parsed = ParseSeconds(trimmed) ?? ParseClock(trimmed) ?? ParseUnits(trimmed)
            ?? throw Invalid(text, "write seconds (90), a number with a unit (500ms, 30s, 10m, 1h30m, 2d) or a clock form (00:10:00)");
        return parsed <= Longest ? parsed : throw Invalid(text, "the longest duration is 366 days");
    }

    private static TimeSpan? ParseSeconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? FromTicks(seconds, TimeSpan.TicksPerSecond) : null;

    private static TimeSpan? ParseClock(string text) =>
        text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var clock) ? clock : null;

    private static TimeSpan? ParseUnits(string text)
    {
        var total = TimeSpan.Zero;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0) return null;
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
            rest = rest[digits..];

            var letters = rest.IndexOfAny(NumberCharacters);
            var unit = letters < 0 ? rest : rest[..letters];
            if (TicksOf(unit) is not { } ticks) return null;

            var part = FromTicks(number, ticks);
            if (part > Longest || total + part > Longest) return TimeSpan.MaxValue;
            total += part;
            rest = rest[unit.Length..];
        }
        return text.Length == 0 ? null : total;
    }

    private static long? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        "d" => TimeSpan.TicksPerDay,
        _ => null,
    };

    private static TimeSpan FromTicks(double number, long ticksPerUnit)
    {
        var ticks = number * ticksPerUnit;
        return ticks < Longest.Ticks * 2.0 ? TimeSpan.FromTicks((long)ticks) : TimeSpan.MaxValue;
    }

    private static InvalidRequestException Invalid(string text, string why) =>
        new("MeshRoll.DurationInvalid", $"'{text}' is not a duration that can be used: {why}.");
}
