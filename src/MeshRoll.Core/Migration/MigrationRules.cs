using System.Globalization;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Migration;

/// <summary>From counts to what is said of a migration.</summary>
internal static class MigrationRules
{
    /// <summary>Less time than this gives no pace worth the name.</summary>
    public static TimeSpan ShortestMeasure { get; } = TimeSpan.FromHours(1);

    /// <summary>Moved pods of all, rounded down: 100 means all.</summary>
    public static int Percent(int moved, int all) => all == 0 ? 100 : (int)(100L * moved / all);

    /// <summary>Pods a day over the time since; null when there was too little of it, or nothing moved.</summary>
    public static double? PerDay(int movedSince, DateTimeOffset? since, DateTimeOffset now)
    {
        if (since is not { } begin || movedSince == 0 || now - begin < ShortestMeasure) return null;
        return Math.Round(movedSince / (now - begin).TotalDays, 1, MidpointRounding.AwayFromZero);
    }

    /// <summary>Days until none is left; 0 when none is, null when there is no pace.</summary>
    public static double? DaysToGo(int left, double? perDay)
    {
        if (left == 0) return 0;
        return perDay is > 0 ? Math.Max(0.1, Math.Round(left / perDay.Value, 1, MidpointRounding.AwayFromZero)) : null;
    }

    /// <summary>A total of which some pods are missing: what was counted is a part, and nobody knows how far it is.</summary>
    public static MeshMigration Partly(MeshMigration total) => total with { Percent = null, DaysToGo = null, Message = $"not all pods could be read; of those that could: {total.Message}" };

    /// <summary>One namespace's object, or the total's where <paramref name="namespace"/> is null.</summary>
    public static MeshMigration Describe(string cluster, string? @namespace, MigrationSides sides, MigrationTally tally, DateTimeOffset? since, DateTimeOffset now)
    {
        var movedSince = since is { } begin ? tally.MovedSince(begin) : 0;
        var perDay = PerDay(movedSince, since, now);
        var pods = tally.Moved + tally.Left + tally.Unknown;
        return new()
        {
            Cluster = cluster,
            Namespace = @namespace,
            Total = @namespace is null,
            From = sides.From?.Name ?? "",
            To = sides.To.Name,
            Pods = pods,
            Moved = tally.Moved,
            Left = tally.Left,
            Unknown = tally.Unknown,
            Other = tally.Other,
            Percent = Percent(tally.Moved, pods),
            WorkloadsMoved = tally.WorkloadsMoved,
            WorkloadsLeft = tally.WorkloadsLeft,
            NotRestartable = tally.NotRestartable,
            NotSwitched = tally.NotSwitched,
            OldestLeft = tally.OldestLeft,
            Since = since,
            MovedSince = movedSince,
            MovedPerDay = perDay,
            DaysToGo = DaysToGo(tally.Left, perDay),
            Message = InWords(sides, tally, pods, now),
        };
    }

    /// <summary>How it stands and what is in the way, most important first.</summary>
    public static string InWords(MigrationSides sides, MigrationTally tally, int pods, DateTimeOffset now)
    {
        if (pods == 0) return "no pods of either side";
        if (tally.Left == 0 && tally.Unknown == 0) return pods == 1 ? $"done: the only pod is on {sides.To.InWords}" : $"done: all {pods} pods are on {sides.To.InWords}";
        List<string> said = [];
        if (tally.Left > 0) said.Add($"{Wording.CountIs(tally.Left, "pod")} left, in {Wording.Count(tally.WorkloadsLeft, "workload")}{Age(tally.OldestLeft, now)}");
        if (tally.NotSwitched > 0) said.Add($"{Wording.Count(tally.NotSwitched, "pod")} would not move by a restart yet ({tally.NotSwitchedReason})");
        if (tally.NotRestartable > 0) said.Add($"{tally.NotRestartable} cannot be restarted in place");
        if (tally.Unknown > 0) said.Add($"of {Wording.Count(tally.Unknown, "pod")} it cannot be told");
        return string.Join("; ", said);
    }

    private static string Age(DateTimeOffset? oldest, DateTimeOffset now)
    {
        if (oldest is not { } made || now - made < TimeSpan.FromDays(1)) return "";
        var days = (int)(now - made).TotalDays;
        return string.Create(CultureInfo.InvariantCulture, $", the oldest {Wording.Count(days, "day")} old");
    }
}
