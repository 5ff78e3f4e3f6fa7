using System.Globalization;

namespace MeshRoll.Core.Plans.Windows;

/// <summary>Days on which nothing may be started, whatever the windows say: <c>2026-12-20..2027-01-06 Europe/Berlin (Christmas)</c>. Both days are within it.</summary>
public sealed record FreezePeriod
{
    private const string Form = "yyyy-MM-dd";

    private readonly TimeZoneInfo _clocks;

    private FreezePeriod(DateOnly from, DateOnly until, TimeZoneInfo clocks, string zone, string reason) => (From, Until, _clocks, Zone, Reason) = (from, until, clocks, zone, reason);

    /// <summary>The first day.</summary>
    public DateOnly From { get; }

    /// <summary>The last day.</summary>
    public DateOnly Until { get; }

    /// <summary>The IANA name of the zone whose days are meant.</summary>
    public string Zone { get; }

    /// <summary>Why, in the words of who wrote it; may be empty.</summary>
    public string Reason { get; }

    /// <summary>Reads <c>2026-12-24</c>, <c>2026-12-20..2027-01-06 Europe/Berlin</c>, and a reason in parentheses behind it. The zone left out is UTC.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.FreezeInvalid</c> or <c>MeshRoll.ZoneUnknown</c>.</exception>
    public static FreezePeriod Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (rest, reason) = (text.Trim(), "");
        if (rest.IndexOf('(', StringComparison.Ordinal) is >= 0 and var open)
        {
            if (!rest.EndsWith(')')) throw Invalid(text, "the reason's parenthesis is not closed");
            (rest, reason) = (rest[..open], rest[(open + 1)..^1].Trim());
        }
        var words = rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2) throw Invalid(text, words.Length == 0 ? "it names no day" : $"'{words[2]}' is too much");
        var ends = words[0].Split("..");
        if (ends.Length > 2) throw Invalid(text, $"'{words[0]}' is not a day, or two with .. between them");
        var (from, until) = (Day(text, ends[0]), Day(text, ends[^1]));
        if (until < from) throw Invalid(text, "it ends before it begins");
        var zone = words.Length == 2 ? words[1] : "UTC";
        return new(from, until, PlanZones.Find(zone), zone, reason);
    }

    /// <summary>Whether it is frozen.</summary>
    public bool Covers(DateTimeOffset moment) => Holds(WallClock.Show(_clocks, moment));

    /// <summary>When it begins or ends next; null when it does not before <paramref name="limit"/>.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset after, DateTimeOffset limit) => WallClock.NextChange(_clocks, after, limit, Holds, Boundary);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        $"{From.ToString(Form, CultureInfo.InvariantCulture)}{(Until == From ? "" : ".." + Until.ToString(Form, CultureInfo.InvariantCulture))} {Zone}{(Reason.Length == 0 ? "" : $" ({Reason})")}";

    /// <inheritdoc/>
    public bool Equals(FreezePeriod? other) => other is not null && (From, Until, Zone, Reason) == (other.From, other.Until, other.Zone, other.Reason);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(From, Until, Zone, Reason);

    private bool Holds(DateTime shown) => DateOnly.FromDateTime(shown) is var day && day >= From && day <= Until;

    private DateTime? Boundary(DateTime shown)
    {
        if (From.ToDateTime(default) is var begin && begin > shown) return begin;
        return Until < DateOnly.MaxValue && Until.AddDays(1).ToDateTime(default) is var end && end > shown ? end : null;
    }

    private static DateOnly Day(string text, string day) =>
        DateOnly.TryParseExact(day, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var found) ? found : throw Invalid(text, $"'{day}' is no day such as 2026-12-24");

    private static InvalidRequestException Invalid(string text, string why) =>
        new("MeshRoll.FreezeInvalid", $"'{text}' is not a freeze: {why}. Write 2026-12-24, or 2026-12-20..2027-01-06 Europe/Berlin (Christmas).");
}
