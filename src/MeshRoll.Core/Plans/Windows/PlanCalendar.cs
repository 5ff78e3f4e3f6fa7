namespace MeshRoll.Core.Plans.Windows;

/// <summary>When a plan may start things: while one of its windows is open (always, when it has none), and nothing is frozen.</summary>
/// <param name="Windows">The windows; any of them will do.</param>
/// <param name="Freezes">The freezes; each one forbids.</param>
public sealed record PlanCalendar(IReadOnlyList<MaintenanceWindow> Windows, IReadOnlyList<FreezePeriod> Freezes)
{
    /// <summary>How far ahead is looked. A window comes every week; what does not open within two years does not open.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(731);

    /// <summary>One that is always open.</summary>
    public static PlanCalendar Always { get; } = new([], []);

    /// <summary>Whether something may be started.</summary>
    public bool IsOpen(DateTimeOffset moment) => (Windows.Count == 0 || Windows.Any(window => window.IsOpen(moment))) && !Freezes.Any(freeze => freeze.Covers(moment));

    /// <summary>When that changes; null when it does not within two years.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset after)
    {
        var (now, open) = (after, IsOpen(after));
        var limit = DateTimeOffset.MaxValue - after > Horizon + TimeSpan.FromDays(3) ? after + Horizon : DateTimeOffset.MaxValue - TimeSpan.FromDays(3);
        while (Earliest(now, limit) is { } next)
        {
            if (IsOpen(next) != open) return next;
            now = next;
        }
        return null;
    }

    /// <summary>The first moment from <paramref name="from"/> on at which something may be started; null when there is none within two years.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset from) => IsOpen(from) ? from : NextChange(from);

    /// <summary>Why nothing may be started, and until when, in words; empty while something may.</summary>
    public string Because(DateTimeOffset moment)
    {
        if (IsOpen(moment)) return "";
        var until = NextChange(moment) is not { } opens ? "it never opens again" : $"opens {Windows.FirstOrDefault(window => window.IsOpen(opens))?.Tell(opens) ?? $"{opens.UtcDateTime:yyyy-MM-dd HH:mm} UTC"}";
        return Freezes.FirstOrDefault(freeze => freeze.Covers(moment)) is { } freeze
            ? $"frozen by {freeze}; {until}"
            : $"outside of its {(Windows.Count == 1 ? $"window {Windows[0]}" : $"windows {string.Join("; ", Windows)}")}; {until}";
    }

    private DateTimeOffset? Earliest(DateTimeOffset after, DateTimeOffset limit)
    {
        DateTimeOffset? earliest = null;
        foreach (var window in Windows) earliest = Moments.Earliest(earliest, window.NextChange(after, limit));
        foreach (var freeze in Freezes) earliest = Moments.Earliest(earliest, freeze.NextChange(after, limit));
        return earliest;
    }
}
