using MeshRoll.Core.Migration;
using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.Tests.Migration;

public sealed class MigrationRulesTests
{
    private static readonly MigrationSides Sides = new(new("default", null), new("1-27-1", null));

    [Theory]
    [InlineData(0, 0, 100)]
    [InlineData(0, 5, 0)]
    [InlineData(999, 1000, 99)]
    [InlineData(1000, 1000, 100)]
    public void A_hundred_percent_means_all(int moved, int all, int percent) => Assert.Equal(percent, MigrationRules.Percent(moved, all));

    [Theory]
    [InlineData(30, 72, 10.0)]
    [InlineData(1, 72, 0.3)]
    [InlineData(0, 72, null)]
    [InlineData(30, 0.9, null)]
    [InlineData(30, -5, null)]
    public void The_pace_is_what_moved_by_the_days_it_took_and_nothing_within_the_hour(int moved, double hours, double? perDay) =>
        Assert.Equal(perDay, MigrationRules.PerDay(moved, Moving.Noon.AddHours(-hours), Moving.Noon));

    [Fact]
    public void Without_a_beginning_there_is_no_pace() => Assert.Null(MigrationRules.PerDay(3, null, Moving.Noon));

    [Theory]
    [InlineData(0, null, 0.0)]
    [InlineData(30, 10.0, 3.0)]
    [InlineData(1, 500.0, 0.1)]
    [InlineData(30, null, null)]
    [InlineData(30, 0.0, null)]
    public void The_days_to_go_are_what_is_left_by_the_pace(int left, double? perDay, double? days) => Assert.Equal(days, MigrationRules.DaysToGo(left, perDay));

    [Fact]
    public void A_namespace_is_told_whole()
    {
        var old = Moving.Noon.AddDays(-40);
        var tally = Tally(
            Moving.Workload("web", Moving.Sidecar("1-27-1", made: Moving.Noon.AddDays(-2)), Moving.Sidecar("default", made: old)),
            Moving.Workload("cart", Moving.Sidecar("1-27-1", made: Moving.Noon.AddDays(-20))),
            Moving.Workload("job", false, Moving.Sidecar("default", made: Moving.Noon.AddDays(-4))),
            Moving.Workload("far", Moving.Sidecar("1-25"), Moving.Sidecar(null)));

        var told = MigrationRules.Describe("prod", "shop", Sides, tally, Moving.Noon.AddDays(-10), Moving.Noon);

        Assert.Equal(
            new MeshMigration
            {
                Cluster = "prod",
                Namespace = "shop",
                From = "default",
                To = "1-27-1",
                Pods = 5,
                Moved = 2,
                Left = 2,
                Unknown = 1,
                Other = 1,
                Percent = 40,
                WorkloadsMoved = 1,
                WorkloadsLeft = 2,
                NotRestartable = 1,
                OldestLeft = old,
                Since = Moving.Noon.AddDays(-10),
                MovedSince = 1,
                MovedPerDay = 0.1,
                DaysToGo = 20,
                Message = "2 pods are left, in 2 workloads, the oldest 40 days old; 1 cannot be restarted in place; of 1 pod it cannot be told",
            },
            told);
        Assert.False(told.Complete);
    }

    [Fact]
    public void The_total_has_no_namespace_and_nothing_moved_has_no_beginning()
    {
        var told = MigrationRules.Describe("prod", null, new(null, new("1-27-1", null)), Tally(Moving.Workload("web", Moving.Sidecar("default"))), null, Moving.Noon);

        Assert.True(told is { Total: true, Namespace: null, From: "", Since: null, MovedSince: 0, MovedPerDay: null, DaysToGo: null });
    }

    [Fact]
    public void Pods_that_a_restart_would_not_move_are_counted_with_the_reason()
    {
        var tally = Tally(
            Moving.Workload("web", Moving.Sidecar("default", desired: "default"), Moving.Sidecar("default", desired: "1-27-1")),
            Moving.Workload("off", Moving.Sidecar("default", desired: null)),
            Moving.Workload("who", Moving.Sidecar("default", desired: null) with { Outdated = null }));

        Assert.Equal(2, tally.NotSwitched);
        Assert.Equal("4 pods are left, in 3 workloads, the oldest 3 days old; 2 pods would not move by a restart yet (why)", MigrationRules.InWords(Sides, tally, 4, Moving.Noon));
    }

    [Fact]
    public void What_has_no_time_of_birth_is_counted_all_the_same()
    {
        var tally = Tally(Moving.Workload("web", Moving.Sidecar("default") with { Created = null }, Moving.Sidecar("1-27-1") with { Created = null }));

        Assert.Equal((1, 1, (DateTimeOffset?)null, (DateTimeOffset?)null), (tally.Moved, tally.Left, tally.OldestLeft, tally.FirstMoved));
    }

    [Theory]
    [InlineData(0, "no pods of either side")]
    [InlineData(1, "done: the only pod is on revision 1-27-1")]
    [InlineData(2, "done: all 2 pods are on revision 1-27-1")]
    public void The_end_is_told_as_such(int pods, string words) =>
        Assert.Equal(words, MigrationRules.InWords(Sides, Tally(Moving.Workload("web", [.. Enumerable.Range(0, pods).Select(_ => Moving.Sidecar("1-27-1"))])), pods, Moving.Noon));

    [Fact]
    public void A_single_pod_is_told_of_in_the_singular()
    {
        var tally = Tally(Moving.Workload("web", Moving.Sidecar("default", made: Moving.Noon.AddHours(-3))));

        Assert.Equal("1 pod is left, in 1 workload", MigrationRules.InWords(Sides, tally, 1, Moving.Noon));
    }

    private static MigrationTally Tally(params GatheredWorkload[] workloads)
    {
        var tally = new MigrationTally(Sides);
        foreach (var workload in workloads) tally.Add(workload);
        return tally;
    }
}
