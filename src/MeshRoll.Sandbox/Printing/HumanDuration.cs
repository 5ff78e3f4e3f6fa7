namespace MeshRoll.Sandbox.Printing;

/// <summary>Durations as Kubernetes shows them to people: two or three figures, such as <c>5m12s</c>, <c>3h7m</c> or <c>12d</c> (apimachinery's HumanDuration).</summary>
internal static class HumanDuration
{
    /// <summary>The age of something since a moment; what has no moment has no known age.</summary>
    public static string Since(DateTimeOffset? moment, DateTimeOffset now) => moment is { } since ? Of(now - since) : "<unknown>";

    /// <summary>The text of a duration. Clocks that are up to two seconds apart do not matter; more than that is said to be invalid.</summary>
    public static string Of(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var (minutes, hours) = (seconds / 60, seconds / 3600);
        var days = hours / 24;
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 2 * 60 => $"{seconds}s",
            < 10 * 60 => Two(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => $"{minutes}m",
            < 8 * 3600 => Two(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => $"{hours}h",
            < 8 * 24 * 3600 => Two(days, "d", hours % 24, "h"),
            < 2L * 365 * 24 * 3600 => $"{days}d",
            < 8L * 365 * 24 * 3600 => Two(days / 365, "y", days % 365, "d"),
            _ => $"{days / 365}y",
        };
    }

    private static string Two(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
