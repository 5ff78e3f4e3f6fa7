using MeshRoll.Pipeline;

namespace MeshRoll.Tests.Pipeline;

public class ProgressThrottleTests
{
    private readonly ManualTime _time = new();
    private readonly ProgressThrottle _throttle;

    public ProgressThrottleTests() => _throttle = new(_time);

    [Fact]
    public void The_first_state_is_shown_at_once()
    {
        Assert.True(_throttle.Add(Bar("1")));
        Assert.Equal(["1"], Shown());
    }

    [Fact]
    public void Of_many_states_at_most_four_a_second_are_shown_and_the_last_is_among_them()
    {
        var shown = new List<string>();
        for (var i = 1; i <= 1000; i++)
        {
            _throttle.Add(Bar(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            shown.AddRange(Shown());
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
        _time.Advance(TimeSpan.FromMilliseconds(250));
        shown.AddRange(Shown());

        Assert.Equal(["1", "251", "501", "751", "1000"], shown);
    }

    [Fact]
    public void What_did_not_move_is_not_shown_again()
    {
        _throttle.Add(Bar("1"));
        Shown();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_throttle.Add(Bar("1")));
        Assert.Null(_throttle.Due());
        Assert.Empty(Shown());
    }

    [Fact]
    public void What_moved_and_came_back_in_between_is_not_shown()
    {
        _throttle.Add(Bar("1"));
        Shown();
        _throttle.Add(Bar("2"));
        _throttle.Add(Bar("1"));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(Shown());
    }

    [Fact]
    public void A_bar_that_ended_before_it_was_seen_is_never_seen()
    {
        _throttle.Add(Bar("1") with { Completed = true });
        Assert.Empty(Shown());
    }

    [Fact]
    public void At_the_end_the_bars_go_away_the_inner_ones_first()
    {
        _throttle.Add(Bar("total"));
        _throttle.Add(new(2, "web", "1 of 3", 33) { ParentId = 1 });
        Shown();

        Assert.Equal([2, 1], _throttle.TakeEnd().Select(bar => bar.Id));
        Assert.Empty(_throttle.TakeEnd());
    }

    private static CommandProgress Bar(string status) => new(1, "Waiting", status, 0);

    private IEnumerable<string> Shown() => _throttle.Take().Select(bar => bar.Status);

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
