using System.Globalization;

namespace MeshRoll.Core.Plans.Windows;

/// <summary>
/// A time of the week in which a plan may work: <c>Mon-Fri 22:00-05:00 Europe/Berlin</c>. It is open whenever the clocks of its zone show a time within it:
/// over midnight it belongs to the day it began on; an hour that daylight saving repeats counts twice, one that it leaves out does not count.
/// </summary>
public sealed record MaintenanceWindow
{
    private const int MinutesOfADay = 24 * 60;

    private readonly int _days;
    private readonly int _from;
    private readonly int _to;
    private readonly TimeZoneInfo _clocks;

    private MaintenanceWindow(int days, int from, int to, TimeZoneInfo clocks, string zone) => (_days, _from, _to, _clocks, Zone) = (days, from, to, clocks, zone);

    /// <summary>The days it opens on, Monday first.</summary>
    public IReadOnlyList<DayOfWeek> Days => [.. Enumerable.Range(1, 7).Select(day => (DayOfWeek)(day % 7)).Where(day => WindowDays.Has(_days, day))];

    /// <summary>The time it opens, from midnight on.</summary>
    public TimeSpan From => TimeSpan.FromMinutes(_from);

    /// <summary>The time it closes; of the next day when that is not after <see cref="From"/>.</summary>
    public TimeSpan To => TimeSpan.FromMinutes(_to);

    /// <summary>The IANA name of the time zone.</summary>
    public string Zone { get; }

    /// <summary>Reads <c>Mon-Fri 22:00-05:00 Europe/Berlin</c>. Days left out are all days, times left out the whole day, the zone left out is UTC.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.WindowInvalid</c>, also for one that never opens; <c>MeshRoll.ZoneUnknown</c>.</exception>
    public static MaintenanceWindow Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new Queue<string>(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        int? days = words.TryPeek(out var word) ? WindowDays.Find(word) : null;
        if (days is not null) words.Dequeue();
        string? times = words.TryPeek(out word) && word.Contains(':', StringComparison.Ordinal) ? words.Dequeue() : null;
        if (days is null && times is null) throw Invalid(text, word is null ? "it is empty" : $"'{word}' is neither days nor times");
        var zone = words.TryDequeue(out word) ? word : "UTC";
        if (words.Count > 0) throw Invalid(text, $"'{words.Peek()}' is too much");
        var (from, to) = times is null ? (0, MinutesOfADay) : Times(text, times);
        if (from == to) throw Invalid(text, $"it closes when it opens, so it never opens; for a whole day write 00:00-24:00");
        return new(days ?? WindowDays.All, from, to, PlanZones.Find(zone), zone.Equals("UTC", StringComparison.OrdinalIgnoreCase) ? "UTC" : zone);
    }

    /// <summary>Whether it is open.</summary>
    public bool IsOpen(DateTimeOffset moment) => Holds(WallClock.Show(_clocks, moment));

    /// <summary>When it opens next, while it is closed, or closes, while it is open; null when it does not before <paramref name="limit"/>.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset after, DateTimeOffset limit) => WallClock.NextChange(_clocks, after, limit, Holds, Boundary);

    /// <summary>The clocks of its zone at a moment, for people: <c>Mon 2026-11-23 22:00 Europe/Berlin</c>.</summary>
    public string Tell(DateTimeOffset moment) => $"{WallClock.Show(_clocks, moment).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} {Zone}";

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => $"{WindowDays.Text(_days)} {Time(_from)}-{Time(_to)} {Zone}";

    /// <inheritdoc/>
    public bool Equals(MaintenanceWindow? other) => other is not null && (_days, _from, _to, Zone) == (other._days, other._from, other._to, other.Zone);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_days, _from, _to, Zone);

    private bool Holds(DateTime shown)
    {
        var minute = shown.TimeOfDay.TotalMinutes;
        if (_from < _to) return minute >= _from && minute < _to && WindowDays.Has(_days, shown.DayOfWeek);
        return (minute >= _from && WindowDays.Has(_days, shown.DayOfWeek)) || (minute < _to && WindowDays.Has(_days, (DayOfWeek)(((int)shown.DayOfWeek + 6) % 7)));
    }

    private DateTime? Boundary(DateTime shown)
    {
        var next = shown.Date.AddDays(1);
        foreach (var time in (ReadOnlySpan<DateTime>)[shown.Date.AddMinutes(_from), shown.Date.AddMinutes(_to)])
        {
            if (time > shown && time < next) next = time;
        }
        return next;
    }

    private static (int From, int To) Times(string text, string times)
    {
        var ends = times.Split('-');
        if (ends.Length != 2) throw Invalid(text, $"'{times}' is not a time from and a time to");
        var (from, to) = (Minute(ends[0]) ?? throw Invalid(text, $"'{ends[0]}' is no time"), Minute(ends[1]) ?? throw Invalid(text, $"'{ends[1]}' is no time"));
        return from < MinutesOfADay ? (from, to) : throw Invalid(text, "24:00 is an end only; it begins at 00:00");
    }

    private static int? Minute(string time) =>
        time == "24:00" ? MinutesOfADay
        : TimeOnly.TryParseExact(time, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var found) ? found.Hour * 60 + found.Minute
        : null;

    private static string Time(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static InvalidRequestException Invalid(string text, string why) =>
        new("MeshRoll.WindowInvalid", $"'{text}' is not a window: {why}. Write days, times and an IANA time zone: Mon-Fri 22:00-05:00 Europe/Berlin, Sat,Sun 00:00-24:00 UTC, or daily 01:00-04:00 America/New_York.");
}
