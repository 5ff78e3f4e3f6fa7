using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Plans.Making;

/// <summary>Findings of the preflight as a plan keeps them: one entry for each rule, so that two thousand workloads stay readable; and what is different about them later.</summary>
internal static class PlanReadinessRules
{
    /// <summary>So many workloads are named for each rule; the count tells of the others.</summary>
    public const int Named = 10;

    /// <summary>The entry of workloads that no rule could look at.</summary>
    public const string AllRules = "AllRules";

    private const string FromAnotherDay = "The plan's readiness is that of the day it was made; Get-MeshRolloutReadiness tells today's.";

    /// <summary>An entry for each rule and severity, errors first, what could not be checked last.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="most">How many workloads are named of each.</param>
    public static IReadOnlyList<PlanReadiness> Summarize(IEnumerable<MeshReadinessFinding> findings, int most = Named) =>
    [
        .. findings.GroupBy(finding => (finding.Id, finding.Severity, finding.Checked))
            .OrderByDescending(group => group.Key.Checked).ThenByDescending(group => group.Key.Severity).ThenBy(group => Place(group.Key.Id)).ThenBy(group => group.Key.Id, StringComparer.Ordinal)
            .Select(group => group.Key.Checked ? Seen(group, most) : Unseen(group)),
    ];

    /// <summary>Workloads that could not be looked at by any rule: one entry for whatever stood in the way, none where nothing did.</summary>
    public static IReadOnlyList<PlanReadiness> Unread(IReadOnlyList<string> problems) =>
        problems.Count == 0 ? [] : [new() { Id = AllRules, Severity = FindingSeverity.Warning, NotChecked = InWords([.. problems.Distinct(StringComparer.Ordinal)]) }];

    /// <summary>What has come and gone since. Names that a long list left out are not known to be new: there the counts are compared.</summary>
    /// <param name="then">As the plan has it.</param>
    /// <param name="now">Of today, with all names.</param>
    /// <param name="there">The workloads of the plan that are there today: of what has vanished it is said elsewhere.</param>
    public static IEnumerable<MeshFinding> Compare(IReadOnlyList<PlanReadiness> then, IReadOnlyList<PlanReadiness> now, IReadOnlySet<string> there)
    {
        foreach (var today in now)
        {
            var earlier = Find(then, today);
            if (today.NotChecked.Length > 0)
            {
                if (!then.Any(entry => entry.Id == today.Id && entry.NotChecked.Length > 0))
                    yield return PlanFindings.Of("ReadinessUnknown", FindingSeverity.Information, $"{today.Id} cannot be checked today: {today.NotChecked}");
                continue;
            }
            var isWhole = earlier is null || earlier.Workloads.Count == earlier.Count;
            var fresh = isWhole ? today.Workloads.Except(earlier?.Workloads ?? []).ToList() : [];
            var more = isWhole ? fresh.Count : today.Count - earlier!.Count;
            if (more > 0) yield return PlanFindings.Of("ReadinessWorse", today.Severity == FindingSeverity.Error ? FindingSeverity.Warning : FindingSeverity.Information, $"{today.Id} ({today.Severity}) is new of {Of(more, fresh)}", FromAnotherDay);
        }
        foreach (var earlier in then.Where(entry => entry.NotChecked.Length == 0))
        {
            // What cannot be seen today is not known to be gone.
            if (now.Any(entry => entry.Id == earlier.Id && entry.NotChecked.Length > 0)) continue;
            var today = Find(now, earlier);
            var gone = earlier.Workloads.Where(there.Contains).Except(today?.Workloads ?? []).ToList();
            if (gone.Count > 0) yield return PlanFindings.Of("ReadinessBetter", FindingSeverity.Information, $"{earlier.Id} ({earlier.Severity}) is gone from {Of(gone.Count, gone)}");
        }
    }

    private static PlanReadiness? Find(IReadOnlyList<PlanReadiness> entries, PlanReadiness like) =>
        entries.FirstOrDefault(entry => entry.Id == like.Id && entry.Severity == like.Severity && entry.NotChecked.Length == 0);

    private static string Of(int count, List<string> names) => names.Count == 0 ? Wording.Count(count, "workload")
        : names.Count <= 3 ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more";

    private static PlanReadiness Seen(IEnumerable<MeshReadinessFinding> findings, int most)
    {
        var first = findings.First();
        // One workload may show a fault twice: in two containers.
        List<string> names = [.. findings.Select(finding => PlanNames.Write(new(finding.Namespace, finding.Kind, finding.Name))).Distinct(StringComparer.Ordinal)];
        return new() { Id = first.Id, Severity = first.Severity, Why = first.Why, Count = names.Count, Workloads = [.. names.Take(most)] };
    }

    private static PlanReadiness Unseen(IEnumerable<MeshReadinessFinding> findings)
    {
        var first = findings.First();
        return new() { Id = first.Id, Severity = first.Severity, Why = first.Why, NotChecked = InWords([.. findings.Select(finding => Plain(finding.Seen)).Distinct(StringComparer.Ordinal)]) };
    }

    private static string InWords(List<string> problems) => problems.Count == 1 ? problems[0] : $"{problems[0]}, and {problems.Count - 1} more";

    private static string Plain(string problem) => problem.StartsWith(ReadinessSign.NotCheckedWords, StringComparison.Ordinal) ? problem[ReadinessSign.NotCheckedWords.Length..] : problem;

    private static int Place(string id)
    {
        for (var i = 0; i < ReadinessRules.Ids.Count; i++)
        {
            if (ReadinessRules.Ids[i] == id) return i;
        }
        return int.MaxValue;
    }
}
