using MeshRoll.Core.Rollouts;
using MeshRoll.Runner.Output;

namespace MeshRoll.Runner.Tests;

public class ProgressViewTests
{
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly SettableTime _time = new();

    [Fact]
    public void Without_a_terminal_each_start_and_end_is_one_plain_line()
    {
        var view = View(width: null);
        view.Started(Rollout("web"));
        view.Changed(Rollout("web") with { Updated = 1 });
        view.Ended(Rollout("web") with { State = RolloutState.Failed, Message = "image gone" });
        Assert.Equal("00:00:00 shop deployment/web started\n00:00:00 shop deployment/web failed: image gone\n", _error.ToString());
    }

    [Fact]
    public void A_message_that_says_how_it_ended_is_not_told_twice()
    {
        View(width: null).Ended(Rollout("web") with { State = RolloutState.Complete, Message = "done: all 2 pods are new and available" });
        Assert.Equal("00:00:00 shop deployment/web done: all 2 pods are new and available\n", _error.ToString());
    }

    [Fact]
    public void On_a_terminal_lines_are_drawn_over_at_most_four_times_a_second()
    {
        var view = View(width: 80);
        view.Expect(2);
        view.Started(Rollout("web"));
        var first = _error.ToString();
        view.Changed(Rollout("web") with { Updated = 1 });
        Assert.Equal(first, _error.ToString());

        _time.Advance(TimeSpan.FromMilliseconds(250));
        view.Changed(Rollout("web") with { Updated = 2 });
        Assert.Contains("\e[2A\e[J", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("2/3 new", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("0 of 2 done, 1 moving, 0 failed", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_end_is_drawn_at_once_and_stays_above_the_moving_lines()
    {
        var view = View(width: 80);
        view.Started(Rollout("web"));
        view.Ended(Rollout("web") with { State = RolloutState.Complete, Message = "3 pods replaced" });
        view.Clear();
        Assert.EndsWith("00:00:00 shop deployment/web done: 3 pods replaced\n1 of 1 done, 0 moving, 0 failed\n\e[1A\e[J", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_moving_workloads_do_not_flood_the_screen_and_long_lines_are_cut()
    {
        var view = View(width: 40);
        for (var number = 0; number < 9; number++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            view.Started(Rollout($"a-workload-with-a-very-long-name-{number}"));
        }
        var last = _error.ToString().Split("\e[J")[^1].TrimEnd('\n').Split('\n');
        Assert.Equal(7, last.Length);
        Assert.Contains("and 4 more moving", last[5], StringComparison.Ordinal);
        Assert.All(last, line => Assert.True(line.Length < 40, line));
    }

    private ProgressView View(int? width) => new(new RunnerHost { Out = TextWriter.Null, Error = _error, TerminalWidth = () => width, TimeProvider = _time });

    private static MeshRollout Rollout(string name) => new() { Cluster = "c", Namespace = "shop", Kind = "Deployment", Name = name, Desired = 3, State = RolloutState.Progressing };

    private sealed class SettableTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        internal void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
