using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Reports;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Reports;

public sealed class JournalReportTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
    private static readonly WorkloadReference s_web = new("shop", "Deployment", "web");

    [Fact]
    public void A_workload_goes_from_known_to_ended_with_its_course()
    {
        var report = Of(
            Entry(RunEvent.Begun, 0) with { By = "ann@build-7/4711" },
            Entry(RunEvent.Known, 1, s_web) with { Sidecars = ["1.26.4"], Ready = 3, Old = 3 },
            Entry(RunEvent.WaveBegun, 2) with { Wave = "canary" },
            Entry(RunEvent.Starting, 3, s_web) with { Wave = "canary" },
            Entry(RunEvent.Started, 4, s_web) with { Wave = "canary", Strategy = "Rolling", Desired = 3, Updated = 3, Ready = 3, Old = 0 },
            Entry(RunEvent.Moved, 10, s_web) with { Wave = "canary", State = RolloutState.Progressing, Desired = 3, Updated = 2, Ready = 2, Old = 1 },
            Entry(RunEvent.Ended, 20, s_web) with { Wave = "canary", State = RolloutState.Complete, Desired = 3, Updated = 3, Ready = 3, Old = 0, Sidecars = ["1.27.1"], Message = "done" },
            Entry(RunEvent.WaveEnded, 21) with { Wave = "canary" });

        var wave = Assert.Single(report.Waves);
        var web = Assert.Single(wave.Rollouts);
        Assert.Equal(("canary", RolloutState.Complete, "Rolling", "1.26.4", "1.27.1", "done"), (wave.Name, web.State, web.Strategy, web.PreviousVersion, web.DesiredVersion, web.Message));
        Assert.Equal((s_start.AddSeconds(3), s_start.AddSeconds(20)), (web.StartTime, web.EndTime));
        Assert.Equal([(3, 0, 3), (1, 2, 2), (0, 3, 3)], web.Timeline.Select(sample => (sample.Old, sample.New, sample.Ready)));
        Assert.Equal(["Taken up by ann@build-7/4711", "Wave canary begins", "Wave canary has ended"], report.Notes.Select(note => note.Text));
    }

    [Fact]
    public void A_run_that_still_goes_on_shows_what_moves_and_what_was_never_touched_is_not_in_it()
    {
        var report = Of(
            Entry(RunEvent.Known, 1, s_web),
            Entry(RunEvent.Known, 1, s_web with { Name = "later" }),
            Entry(RunEvent.Started, 4, s_web) with { Wave = "first", Desired = 1, Ready = 1, Old = 1 },
            Entry(RunEvent.Paused, 5) with { Message = "the window closes at 05:00" });

        var web = Assert.Single(report.Rollouts);
        Assert.Equal((RolloutState.Progressing, false), (web.State, web.Ended));
        Assert.Equal(["Paused: the window closes at 05:00"], report.Notes.Select(note => note.Text));
        Assert.Equal(1, new ReportFigures(report).Moving);
    }

    [Fact]
    public void What_is_left_to_others_is_left_alone_and_what_is_refused_has_failed()
    {
        var report = Of(
            Entry(RunEvent.LeftAlone, 1, s_web) with { Message = "somebody else restarted it" },
            Entry(RunEvent.Refused, 2, s_web with { Name = "api" }) with { Message = "no right", Diagnosis = ["no right to patch"] },
            Entry(RunEvent.Skipped, 3, s_web with { Name = "db" }) with { Message = "up to date" });

        Assert.Equal([RolloutState.Skipped, RolloutState.Failed, RolloutState.Skipped], report.Rollouts.Select(rollout => rollout.State));
        Assert.Equal("no right to patch", Assert.Single(report.Rollouts.ElementAt(1).Diagnosis).Message);
    }

    [Fact]
    public void Waves_come_in_the_order_in_which_they_were_begun_and_what_was_passed_over_is_said()
    {
        var report = JournalReport.Of(new([
            Entry(RunEvent.Started, 1, s_web) with { Wave = "b" },
            Entry(RunEvent.Started, 2, s_web with { Name = "api" }) with { Wave = "a" },
        ], ["line 7 is no entry, or was cut short, and was passed over"], true), "Night", s_start.AddHours(1), TimeZoneInfo.Utc);

        Assert.Equal(["b", "a"], report.Waves.Select(wave => wave.Name));
        Assert.Equal("Of the journal: line 7 is no entry, or was cut short, and was passed over.", Assert.Single(report.Remarks));
    }

    private static RolloutReport Of(params RunEntry[] entries) => JournalReport.Of(new(entries, [], false), "Night", s_start.AddHours(1), TimeZoneInfo.Utc);

    private static RunEntry Entry(RunEvent happened, int second, WorkloadReference? workload = null) => new() { Event = happened, Plan = "night", Time = s_start.AddSeconds(second), Workload = workload };
}
