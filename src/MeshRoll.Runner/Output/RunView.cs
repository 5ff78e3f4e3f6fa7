using System.Globalization;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Runner.Output;

/// <summary>A plan's run as it goes, line by line on the standard error stream: a night's log rather than a picture.</summary>
internal sealed class RunView(TextWriter error)
{
    /// <summary>Tells of an entry of the journal, unless it is one of the many small steps.</summary>
    internal void Tell(RunEntry entry)
    {
        if (LineOf(entry) is { } line) error.WriteLine(SafeText.Of($"{entry.Time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {line}"));
    }

    /// <summary>A duration in short: <c>1h05m</c>.</summary>
    internal static string Text(TimeSpan duration) => duration.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours}h{duration.Minutes:00}m")
        : duration.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes}m{duration.Seconds:00}s") : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, duration.Seconds)}s");

    private static string? LineOf(RunEntry entry)
    {
        var workload = entry.Workload is { } reference ? $"{reference.Namespace} {reference.Kind.ToLowerInvariant()}/{reference.Name}" : "";
        return entry.Event switch
        {
            RunEvent.Begun => $"taken up by {entry.By}",
            RunEvent.WaveBegun => $"wave {entry.Wave} begins",
            RunEvent.WaveEnded => $"wave {entry.Wave} has ended",
            RunEvent.Started => $"{workload}: started{(entry.Strategy.Length > 0 ? $" ({entry.Strategy})" : "")}",
            // What is done says so itself.
            RunEvent.Ended when entry is { State: RolloutState.Complete, Message.Length: > 0 } => $"{workload}: {entry.Message}",
            RunEvent.Ended => $"{workload}: {$"{entry.State}".ToLowerInvariant()}{Because(entry)}",
            RunEvent.Skipped => $"{workload}: skipped{Because(entry)}",
            RunEvent.Refused => $"{workload}: refused{Because(entry)}",
            RunEvent.LeftAlone => $"{workload}: left alone{Because(entry)}",
            RunEvent.Soaking => $"watching after wave {entry.Wave}{(entry.Until is { } until ? $" until {until.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}" : "")}",
            RunEvent.GateAsked => $"gate{Because(entry)}",
            RunEvent.GateOpened => $"gate open{Because(entry)}",
            RunEvent.Paused => $"paused{Because(entry)}",
            RunEvent.Continued => "goes on",
            RunEvent.Suspended => $"suspended{Because(entry)}",
            RunEvent.Resumed => $"resumed{Because(entry)}",
            RunEvent.Stopped => $"stopped{Because(entry)}",
            RunEvent.Interrupted => $"interrupted{Because(entry)}",
            RunEvent.Completed => "completed",
            RunEvent.Said => entry.Message,
            _ => null,
        };
    }

    private static string Because(RunEntry entry) => entry.Message.Length > 0 ? $": {entry.Message}" : "";
}
