using MeshRoll.Core.Rollouts;
using MeshRoll.Tests.Connections;
using MeshRoll.Waiting;

namespace MeshRoll.Tests.Waiting;

public class RolloutBoardTests
{
    private readonly RolloutBoard _board = new();

    [Fact]
    public void At_most_five_bars_move_under_the_total()
    {
        for (var i = 0; i < 40; i++) _board.Set(Clusters.Rollout($"w{i}"));
        var bars = _board.Bars();

        Assert.Equal(6, bars.Count);
        Assert.Equal("0 of 40 ended", bars[0].Status);
        Assert.All(bars.Skip(1), bar => Assert.Equal(bars[0].Id, bar.ParentId));
    }

    [Fact]
    public void An_ended_rollout_gives_its_bar_to_the_next()
    {
        for (var i = 0; i < 6; i++) _board.Set(Clusters.Rollout($"w{i}"));
        _board.Bars();
        _board.Set(Clusters.Rollout("w2", RolloutState.Complete));
        var bars = _board.Bars();

        Assert.DoesNotContain(bars, bar => bar.Completed);
        Assert.DoesNotContain(bars, bar => bar.Activity.EndsWith("/w2", StringComparison.Ordinal));
        Assert.Contains(bars, bar => bar.Activity.EndsWith("/w5", StringComparison.Ordinal));
    }

    [Fact]
    public void The_last_ones_take_their_bars_with_them()
    {
        _board.Set(Clusters.Rollout("web"));
        _board.Bars();
        _board.Set(Clusters.Rollout("web", RolloutState.TimedOut));
        var bars = _board.Bars();

        Assert.Equal(["1 of 1 ended, 1 of them badly"], bars.Where(bar => !bar.Completed).Select(bar => bar.Status));
        Assert.Single(bars, bar => bar.Completed);
    }

    [Theory]
    [InlineData(RolloutState.Pending, 2, 2, 0, 0)]
    [InlineData(RolloutState.Progressing, 0, 2, 2, 0)]
    [InlineData(RolloutState.Progressing, 1, 2, 1, 50)]
    [InlineData(RolloutState.Progressing, 2, 2, 1, 75)]
    [InlineData(RolloutState.Progressing, 2, 2, 0, 100)]
    public void A_pod_counts_when_it_was_made_anew_and_when_no_old_one_helps_any_more(RolloutState state, int updated, int available, int old, int percent)
    {
        _board.Set(Clusters.Rollout("web", state) with { Desired = 2, Updated = updated, Available = available, Old = old });
        Assert.Equal(percent, _board.Bars()[1].Percent);
    }

    [Fact]
    public void A_bar_tells_the_counts_the_phase_and_the_time_left()
    {
        _board.Set(Clusters.Rollout("web", RolloutState.Progressing) with { Desired = 3, Updated = 2, Ready = 3, Available = 2, Old = 1, Terminating = 1, Message = "2 of 3 pods updated", Remaining = TimeSpan.FromSeconds(20) });
        var bar = _board.Bars()[1];

        Assert.Equal("2/3 updated, 3 ready, 2 available, 1 old, 1 terminating: 2 of 3 pods updated", bar.Status);
        Assert.Equal(TimeSpan.FromSeconds(20), bar.Remaining);
    }

    [Fact]
    public void The_same_state_again_is_nothing_new()
    {
        Assert.True(_board.Set(Clusters.Rollout("web")));
        Assert.False(_board.Set(Clusters.Rollout("web")));
    }

    [Fact]
    public async Task A_reading_gives_each_rollout_once_as_it_is_first_seen()
    {
        var follower = new ScriptedFollower();
        var output = new Pipeline.RecordingOutput();
        follower.Say(
            new RolloutEvent.Changed(Clusters.Rollout("web")),
            new RolloutEvent.Changed(Clusters.Rollout("web") with { Updated = 1 }),
            new RolloutEvent.Ended(Clusters.Rollout("db", RolloutState.Complete)));
        await RolloutReading.RunAsync(follower, [Clusters.Rollout("web"), Clusters.Rollout("db")], output, CancellationToken.None);

        Assert.Equal(["web", "db"], output.Written.Cast<MeshRollout>().Select(rollout => rollout.Name));
    }
}
