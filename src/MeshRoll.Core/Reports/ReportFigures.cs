using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Reports;

/// <summary>What a report's numbers and lists are made of. Pure: the same report gives the same figures.</summary>
internal sealed class ReportFigures
{
    /// <summary>How many of the slowest are shown.</summary>
    public const int SlowestShown = 10;

    /// <summary>How many moments the course of the whole has.</summary>
    public const int CourseMoments = 240;

    public ReportFigures(RolloutReport report)
    {
        Report = report;
        All = [.. report.Rollouts];
        Clusters = [.. All.Select(rollout => rollout.Cluster).Where(cluster => cluster.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        Start = Earlier(All.Where(WasStarted).Min(rollout => rollout.StartTime), report.Notes.Count > 0 ? report.Notes[0].Time : null);
        End = All.Any(rollout => !rollout.Ended) ? report.WrittenAt : All.Where(WasStarted).Max(rollout => rollout.EndTime);
        if (End < Start) End = Start;
    }

    /// <summary>The report.</summary>
    public RolloutReport Report { get; }

    /// <summary>All rollouts.</summary>
    public IReadOnlyList<MeshRollout> All { get; }

    /// <summary>The clusters they are in, by name.</summary>
    public IReadOnlyList<string> Clusters { get; }

    /// <summary>When the first began; null where nothing was started.</summary>
    public DateTimeOffset? Start { get; }

    /// <summary>When the last ended, or the moment of writing where something still moves; null where nothing was started.</summary>
    public DateTimeOffset? End { get; }

    /// <summary>How many are done, without a doubt left.</summary>
    public int Complete => All.Count(rollout => rollout.State == RolloutState.Complete && !IsFailure(rollout));

    /// <summary>How many failed, or came back with something wrong.</summary>
    public int Failed => All.Count(rollout => IsFailure(rollout) && rollout.State != RolloutState.TimedOut);

    /// <summary>How many were not done in time.</summary>
    public int TimedOut => All.Count(rollout => rollout.State == RolloutState.TimedOut);

    /// <summary>How many were left alone.</summary>
    public int Skipped => All.Count(rollout => rollout.State == RolloutState.Skipped);

    /// <summary>How many still move.</summary>
    public int Moving => All.Count(rollout => !rollout.Ended);

    /// <summary>Pods that were replaced, of the workloads that are done.</summary>
    public int PodsReplaced => All.Where(rollout => rollout.State == RolloutState.Complete).Sum(rollout => rollout.Updated);

    /// <summary>What failed, was not done in time, or came back with something wrong, in the order of the report.</summary>
    public IEnumerable<MeshRollout> Failures => All.Where(IsFailure);

    /// <summary>What was left alone, with the reason in its message.</summary>
    public IEnumerable<MeshRollout> LeftAlone => All.Where(rollout => rollout.State == RolloutState.Skipped);

    /// <summary>What still moves.</summary>
    public IEnumerable<MeshRollout> Unfinished => All.Where(rollout => !rollout.Ended);

    /// <summary>The slowest of what was done, slowest first.</summary>
    public IEnumerable<MeshRollout> Slowest => All.Where(rollout => rollout.State == RolloutState.Complete && DurationOf(rollout) is not null)
        .OrderByDescending(DurationOf).Take(SlowestShown);

    /// <summary>Versions before and after, with the number of workloads, most first.</summary>
    public IEnumerable<(string Before, string After, int Workloads)> Versions => All
        .Where(rollout => rollout.State == RolloutState.Complete && (rollout.PreviousVersion.Length > 0 || rollout.DesiredVersion is not null))
        .GroupBy(rollout => (Before: rollout.PreviousVersion, After: rollout.DesiredVersion ?? ""))
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Before, StringComparer.Ordinal)
        .Select(group => (group.Key.Before, group.Key.After, group.Count()));

    /// <summary>One sentence: how it went.</summary>
    public string Verdict
    {
        get
        {
            if (All.Count == 0) return "Nothing was restarted.";
            List<string> others = [];
            if (Failed > 0) others.Add($"{Failed} failed");
            if (TimedOut > 0) others.Add($"{TimedOut} not done in time");
            if (Moving > 0) others.Add($"{Moving} still {(Moving == 1 ? "moves" : "move")}");
            if (Skipped > 0) others.Add($"{Skipped} {(Skipped == 1 ? "was" : "were")} left alone");
            var done = $"{Complete} of {Wording.Count(All.Count, "workload")} {(Complete == 1 ? "is" : "are")} done";
            return others.Count == 0 ? $"{done}." : $"{done}; {string.Join(", ", others)}.";
        }
    }

    /// <summary>The pods of all workloads together, at moments evenly spaced from start to end; empty where nothing was followed.</summary>
    public IReadOnlyList<RolloutSample> Course
    {
        get
        {
            var timelines = All.Where(rollout => rollout.Timeline.Count > 0).Select(rollout => rollout.Timeline).ToList();
            if (timelines.Count == 0 || Start is not { } start || End is not { } end) return [];
            var at = new int[timelines.Count];
            var course = new List<RolloutSample>(CourseMoments + 1);
            for (var moment = 0; moment <= CourseMoments; moment++)
            {
                var time = start + ((end - start) * (moment / (double)CourseMoments));
                var (old, fresh, ready) = (0, 0, 0);
                for (var i = 0; i < timelines.Count; i++)
                {
                    var timeline = timelines[i];
                    while (at[i] + 1 < timeline.Count && timeline[at[i] + 1].Time <= time) at[i]++;
                    var now = timeline[at[i]];
                    (old, fresh, ready) = (old + now.Old, fresh + now.New, ready + now.Ready);
                }
                course.Add(new(time, old, fresh, ready));
                if (start == end) break;
            }
            return course;
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? first, DateTimeOffset? second) => first is null || second < first ? second ?? first : first;

    /// <summary>Whether something is wrong with it: it failed, was not done in time, or is done and not what was wanted.</summary>
    public static bool IsFailure(MeshRollout rollout) => rollout.State is RolloutState.Failed or RolloutState.TimedOut
        || (rollout.State == RolloutState.Complete && rollout.Diagnosis.Any(finding => finding.Severity == FindingSeverity.Error));

    /// <summary>Whether it was begun at all.</summary>
    public static bool WasStarted(MeshRollout rollout) => rollout.State != RolloutState.Skipped && rollout.StartTime is not null;

    /// <summary>How long it took; null where it has not ended or was not begun.</summary>
    public static TimeSpan? DurationOf(MeshRollout rollout) => WasStarted(rollout) && rollout.EndTime - rollout.StartTime is { Ticks: >= 0 } duration ? duration : null;

    /// <summary>The fewest pods that were ready at a time; null where it was not followed.</summary>
    public static int? LowestReady(MeshRollout rollout) => rollout.Timeline.Count == 0 ? null : rollout.Timeline.Min(sample => sample.Ready);

    /// <summary>Versions before and after, as far as they are known: <c>1.26.4 → 1.27.1</c>.</summary>
    public static string VersionsOf(MeshRollout rollout) => (rollout.PreviousVersion, rollout.DesiredVersion) switch
    {
        ("", null) => "",
        ("", var after) => after,
        (var before, null) => before,
        var (before, after) when rollout.State == RolloutState.Complete => before == after ? after : $"{before} → {after}",
        var (before, after) => before == after ? after : $"{before}, wanted {after}",
    };

    /// <summary>Whether a finding's evidence is more than its message has said already.</summary>
    public static bool TellsMore(MeshFinding finding) => finding.Evidence.Length > 0 && !finding.Message.Contains(finding.Evidence, StringComparison.Ordinal);

    /// <summary>The workload as it is written in a list.</summary>
    public static string NameOf(MeshRollout rollout) => $"{rollout.Namespace} {rollout.Kind.ToLowerInvariant()}/{rollout.Name}";
}
