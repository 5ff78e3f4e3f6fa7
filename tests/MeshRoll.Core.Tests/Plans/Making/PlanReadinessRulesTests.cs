using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Tests.Plans.Making;

/// <summary>The preflight's findings in a plan: one entry for each rule, and what is different about them later.</summary>
public sealed class PlanReadinessRulesTests
{
    private const FindingSeverity Error = FindingSeverity.Error, Warning = FindingSeverity.Warning, Information = FindingSeverity.Information;

    [Fact]
    public void Each_rule_is_one_entry_and_errors_come_first()
    {
        var entries = PlanReadinessRules.Summarize([Found("NoDrain", Warning, "web"), Found("NoDrain", Warning, "cart"), Found("Recreate", Error, "db"), Found("NoReadinessProbe", Error, "web"), Found("NoReadinessProbe", Warning, "cart")]);
        Assert.Equal(["Error NoReadinessProbe: 1 workload", "Error Recreate: 1 workload", "Warning NoReadinessProbe: 1 workload", "Warning NoDrain: 2 workloads"], entries.Select(entry => entry.ToString()));
        Assert.Equal(["shop/deployment/web", "shop/deployment/cart"], entries[3].Workloads);
        Assert.Equal("Because.", entries[3].Why);
    }

    [Fact]
    public void A_workload_with_the_same_fault_in_two_containers_counts_once()
    {
        var entry = Assert.Single(PlanReadinessRules.Summarize([Found("NoDrain", Warning, "web"), Found("NoDrain", Warning, "web") with { Seen = "another container" }]));
        Assert.Equal((1, 1), (entry.Count, entry.Workloads.Count));
    }

    [Fact]
    public void Two_thousand_workloads_are_a_count_and_the_first_ten()
    {
        var entry = Assert.Single(PlanReadinessRules.Summarize(Enumerable.Range(0, 2000).Select(number => Found("NoDrain", Warning, $"web-{number}"))));
        Assert.Equal((2000, 10), (entry.Count, entry.Workloads.Count));
    }

    [Fact]
    public void What_was_not_checked_is_said_as_such_and_last()
    {
        var entries = PlanReadinessRules.Summarize([Blind("TwoBudgets", Error, "no right to list poddisruptionbudgets in shop"), Blind("TwoBudgets", Error, "no right to list poddisruptionbudgets in pay"), Found("NoDrain", Warning, "web")]);
        Assert.Equal(["Warning NoDrain: 1 workload", "TwoBudgets: not checked (no right to list poddisruptionbudgets in shop, and 1 more)"], entries.Select(entry => entry.ToString()));
        Assert.Equal((0, 0), (entries[1].Count, entries[1].Workloads.Count));
        Assert.Equal("AllRules: not checked (no right to list pods, and 1 more)", Assert.Single(PlanReadinessRules.Unread(["no right to list pods", "no right to list pods", "gone"])).ToString());
        Assert.Empty(PlanReadinessRules.Unread([]));
        // A rule of a later version comes last among its like.
        Assert.Equal(["Recreate", "FutureRule"], PlanReadinessRules.Summarize([Blind("FutureRule", Error, "x") with { Seen = "not looked at" }, Blind("Recreate", Error, "x")]).Select(entry => entry.Id));
    }

    [Fact]
    public void The_same_findings_are_no_difference()
    {
        var entries = PlanReadinessRules.Summarize([Found("NoDrain", Warning, "web"), Blind("TwoBudgets", Error, "why")]);
        Assert.Empty(PlanReadinessRules.Compare(entries, entries, There("web")));
    }

    [Fact]
    public void What_is_new_and_what_is_gone_is_told_by_name()
    {
        var then = PlanReadinessRules.Summarize([Found("NoDrain", Warning, "web"), Found("Recreate", Error, "db"), Found("Recreate", Error, "left")]);
        var now = PlanReadinessRules.Summarize([Found("NoDrain", Warning, "web"), Found("NoDrain", Warning, "cart"), Found("OneReplica", Error, "web")], int.MaxValue);
        // Of what has vanished it is said elsewhere.
        var told = PlanReadinessRules.Compare(then, now, There("web", "cart", "db")).Select(finding => $"{finding.Id} {finding.Severity}: {finding.Message}");
        Assert.Equal(
            [
                $"ReadinessWorse {Warning}: OneReplica (Error) is new of shop/deployment/web",
                $"ReadinessWorse {Information}: NoDrain (Warning) is new of shop/deployment/cart",
                $"ReadinessBetter {Information}: Recreate (Error) is gone from shop/deployment/db",
            ],
            told);
    }

    [Fact]
    public void Of_a_long_list_counts_are_compared_and_the_names_that_it_has()
    {
        var then = PlanReadinessRules.Summarize(Web(0, 20));
        Assert.Equal("NoDrain (Warning) is new of 3 workloads", Assert.Single(PlanReadinessRules.Compare(then, PlanReadinessRules.Summarize(Web(0, 23), int.MaxValue), ThereToo(23))).Message);
        Assert.Equal("NoDrain (Warning) is gone from shop/deployment/web-0, shop/deployment/web-1, shop/deployment/web-2 and 2 more", Assert.Single(PlanReadinessRules.Compare(then, PlanReadinessRules.Summarize(Web(5, 20), int.MaxValue), ThereToo(20))).Message);
    }

    [Fact]
    public void What_cannot_be_checked_today_is_neither_gone_nor_new()
    {
        var then = PlanReadinessRules.Summarize([Found("TwoBudgets", Error, "web")]);
        var now = PlanReadinessRules.Summarize([Blind("TwoBudgets", Error, "no right")]);
        var told = Assert.Single(PlanReadinessRules.Compare(then, now, There("web")));
        Assert.Equal(("ReadinessUnknown", Information, "TwoBudgets cannot be checked today: no right"), (told.Id, told.Severity, told.Message));
        // The other way round it is seen for the first time.
        Assert.Equal("ReadinessWorse", Assert.Single(PlanReadinessRules.Compare(now, then, There("web"))).Id);
    }

    private static IEnumerable<MeshReadinessFinding> Web(int from, int to) => Enumerable.Range(from, to - from).Select(number => Found("NoDrain", Warning, $"web-{number}"));

    private static HashSet<string> There(params string[] names) => [.. names.Select(name => $"shop/deployment/{name}")];

    private static HashSet<string> ThereToo(int count) => There([.. Enumerable.Range(0, count).Select(number => $"web-{number}")]);

    private static MeshReadinessFinding Found(string id, FindingSeverity severity, string name) =>
        new() { Cluster = "prod", Namespace = "shop", Kind = "Deployment", Name = name, Id = id, Severity = severity, Seen = "seen", Why = "Because." };

    private static MeshReadinessFinding Blind(string id, FindingSeverity severity, string problem) =>
        Found(id, severity, "shop") with { Kind = "Namespace", Checked = false, Seen = ReadinessSign.NotChecked(problem).Seen };
}
