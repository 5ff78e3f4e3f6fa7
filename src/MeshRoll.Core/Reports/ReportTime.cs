using System.Globalization;

namespace MeshRoll.Core.Reports;

/// <summary>Moments and durations as a report shows them: in the zone of whoever wrote it, with its offset, because a report is read elsewhere.</summary>
internal static class ReportTime
{
    /// <summary><c>2026-11-22 03:14:07 +01:00</c>.</summary>
    public static string Full(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary><c>03:14:07</c>.</summary>
    public static string Clock(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>2026-11-22T02:14:07Z</c>.</summary>
    public static string Machine(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>From when to when: the date stands once where it is the same day.</summary>
    public static string Span(DateTimeOffset start, DateTimeOffset end, TimeZoneInfo zone)
    {
        var (from, to) = (TimeZoneInfo.ConvertTime(start, zone), TimeZoneInfo.ConvertTime(end, zone));
        return from.Date == to.Date && from.Offset == to.Offset
            ? $"{from.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} to {to.ToString("HH:mm:ss zzz", CultureInfo.InvariantCulture)}"
            : $"{Full(start, zone)} to {Full(end, zone)}";
    }
}
