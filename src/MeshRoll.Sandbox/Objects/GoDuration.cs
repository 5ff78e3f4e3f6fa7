using System.Globalization;
using System.Text;

namespace MeshRoll.Sandbox.Objects;

/// <summary>Durations as Go's time package writes and reads them, which is how Kubernetes prints them: <c>250ms</c>, <c>10s</c>, <c>1m20s</c>, <c>5m0s</c>.</summary>
internal static class GoDuration
{
    /// <summary>The text of a duration.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero) return "-" + Format(-duration);
        if (duration == TimeSpan.Zero) return "0s";
        if (duration < TimeSpan.FromMilliseconds(1)) return Number(duration.TotalMicroseconds) + "µs";
        if (duration < TimeSpan.FromSeconds(1)) return Number(duration.TotalMilliseconds) + "ms";

        var text = new StringBuilder();
        var hours = (long)duration.TotalHours;
        if (hours > 0) text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        if (duration >= TimeSpan.FromMinutes(1)) text.Append(CultureInfo.InvariantCulture, $"{duration.Minutes}m");
        return text.Append(Number((duration - TimeSpan.FromMinutes(Math.Floor(duration.TotalMinutes))).TotalSeconds)).Append('s').ToString();

        static string Number(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
    }

    /// <summary>The duration of a text such as <c>1m30s</c>, or null where it is none.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var rest = text.AsSpan();
        var total = TimeSpan.Zero;
        while (!rest.IsEmpty)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.')) digits++;
            var letters = digits;
            while (letters < rest.Length && char.IsAsciiLetter(rest[letters])) letters++;
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1e9) return null;
            TimeSpan? unit = rest[digits..letters] switch
            {
                "ms" => TimeSpan.FromMilliseconds(1),
                "s" => TimeSpan.FromSeconds(1),
                "m" => TimeSpan.FromMinutes(1),
                "h" => TimeSpan.FromHours(1),
                _ => null,
            };
            if (unit is null) return null;
            total += unit.Value * number;
            rest = rest[letters..];
        }
        return total;
    }
}
