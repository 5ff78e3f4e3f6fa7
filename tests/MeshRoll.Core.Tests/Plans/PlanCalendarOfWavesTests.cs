using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Checking;
using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Tests.Plans;

/// <summary>Waves with windows of their own: when they may be started, and what is told of windows that do not open.</summary>
public sealed class PlanCalendarOfWavesTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_wave_has_its_own_windows_or_the_plans_and_the_freezes_in_any_case()
    {
        var plan = Plan(["daily 10:00-13:00"], ["daily 22:00-23:00"]);
        Assert.True(plan.CalendarOf(plan.Waves[0]).IsOpen(Monday));
        Assert.False(plan.CalendarOf(plan.Waves[1]).IsOpen(Monday));
        var frozen = plan with { Freezes = [FreezePeriod.Parse("2026-11-23")] };
        Assert.False(frozen.CalendarOf(frozen.Waves[0]).IsOpen(Monday));
    }

    [Fact]
    public void Windows_that_do_not_open_are_told_of_the_wave_whose_they_are()
    {
        var frozen = FreezePeriod.Parse("2026-11-01..2027-01-31");
        var late = PlanDifferenceRules.OfPlan(Plan(["daily 10:00-13:00"], []) with { Freezes = [frozen] }, "dev", Monday).ToList();
        Assert.Equal(["nothing may be started before 2027-02-01 00:00 UTC", "nothing of the wave 'canary' may be started before 2027-02-01 10:00 UTC"], late.Select(finding => finding.Message.Split(':')[..2]).Select(parts => $"{parts[0]}:{parts[1]}"));
        Assert.All(late, finding => Assert.Equal(("OpensLate", FindingSeverity.Warning), (finding.Id, finding.Severity)));

        var never = PlanDifferenceRules.OfPlan(Plan(["daily 10:00-13:00"], []) with { Freezes = [FreezePeriod.Parse("2026-11-01..2099-01-31")] }, "dev", Monday).Select(finding => finding.Message.Split(" within", 2)[0]);
        Assert.Equal(["no window of the plan opens", "no window of the wave 'canary' opens"], never);
    }

    [Fact]
    public void The_plans_windows_do_not_matter_where_every_wave_has_its_own()
    {
        var plan = Plan(["daily"], ["Mon 10:00-11:00"]);
        Assert.Empty(PlanDifferenceRules.OfPlan(plan with { Waves = [plan.Waves[0]], Freezes = [] }, "dev", Monday));
    }

    private static MeshRolloutPlan Plan(string[] canary, string[] windows) => new()
    {
        Name = "plan",
        Id = "plan",
        LeaseNamespace = "shop",
        Windows = [.. windows.Select(MaintenanceWindow.Parse)],
        Waves = [new() { Name = "canary", Windows = [.. canary.Select(MaintenanceWindow.Parse)] }, new() { Name = "all" }],
    };
}
