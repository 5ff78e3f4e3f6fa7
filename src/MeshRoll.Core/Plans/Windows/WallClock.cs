namespace MeshRoll.Core.Plans.Windows;

/// <summary>
/// Something that depends on what the clocks of a zone show, and when that changes. What a clock shows changes with time, and it jumps with daylight
/// saving: an hour that occurs twice counts twice, an hour that does not occur counts not at all.
/// </summary>
internal static class WallClock
{
    /// <summary>Between two looks at a zone's offset. No zone changes it twice within such a time.</summary>
    private static readonly TimeSpan Stride = TimeSpan.FromHours(3);

    /// <summary>What the clocks of a zone show.</summary>
    public static DateTime Show(TimeZoneInfo zone, DateTimeOffset moment) => (moment.UtcDateTime + zone.GetUtcOffset(moment)).Unspecified();

    /// <summary>The first moment after <paramref name="after"/>, and before <paramref name="limit"/>, at which <paramref name="holds"/> changes; null when there is none.</summary>
    /// <param name="zone">Whose clocks.</param>
    /// <param name="after">UTC.</param>
    /// <param name="limit">UTC.</param>
    /// <param name="holds">Whether it holds when the clocks show this.</param>
    /// <param name="boundary">The next time on the clocks, after this one, at which that may change; null for none.</param>
    public static DateTimeOffset? NextChange(TimeZoneInfo zone, DateTimeOffset after, DateTimeOffset limit, Func<DateTime, bool> holds, Func<DateTime, DateTime?> boundary)
    {
        var (now, held) = (after, holds(Show(zone, after)));
        while (now < limit)
        {
            var (shown, offset) = (Show(zone, now), zone.GetUtcOffset(now));
            var next = boundary(shown) is { } time && new DateTimeOffset(time - offset, TimeSpan.Zero) is var reached && reached < limit ? reached : limit;
            now = OffsetChange(zone, now, next) ?? next;
            if (now < limit && holds(Show(zone, now)) != held) return now;
        }
        return null;
    }

    /// <summary>When the zone's offset changes, after the one and not after the other; null when it does not.</summary>
    private static DateTimeOffset? OffsetChange(TimeZoneInfo zone, DateTimeOffset after, DateTimeOffset until)
    {
        var offset = zone.GetUtcOffset(after);
        for (var before = after; before < until;)
        {
            var next = until - before > Stride ? before + Stride : until;
            if (zone.GetUtcOffset(next) != offset) return Bisect(zone, offset, before, next);
            before = next;
        }
        return null;
    }

    private static DateTimeOffset Bisect(TimeZoneInfo zone, TimeSpan offset, DateTimeOffset before, DateTimeOffset after)
    {
        while (after.UtcTicks - before.UtcTicks > 1)
        {
            var middle = new DateTimeOffset(before.UtcTicks + (after.UtcTicks - before.UtcTicks) / 2, TimeSpan.Zero);
            if (zone.GetUtcOffset(middle) == offset) before = middle;
            else after = middle;
        }
        return after;
    }

    private static DateTime Unspecified(this DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
}
