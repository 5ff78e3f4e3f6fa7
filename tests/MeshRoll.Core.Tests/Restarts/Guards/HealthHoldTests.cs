using MeshRoll.Core.Restarts.Guards;

namespace MeshRoll.Core.Tests.Restarts.Guards;

public sealed class HealthHoldTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_well_cluster_is_never_held_back_and_nothing_is_said()
    {
        var (hold, says) = HealthHold.None.Step([], Limit, Start);

        Assert.False(hold.IsHolding);
        Assert.Null(says);
    }

    [Fact]
    public void What_holds_the_walk_back_is_said_once_with_the_time_it_may_take()
    {
        var (held, says) = HealthHold.None.Step(["node a has become NotReady"], Limit, Start);
        var (still, again) = held.Step(["2 nodes have become NotReady (a, b)"], Limit, Start.AddSeconds(5));

        Assert.Equal("Held back: node a has become NotReady. Nothing further is started until that has passed; after 10 min restarting stops.", says);
        Assert.Null(again);
        Assert.True(still.IsHolding);
        Assert.Equal("2 nodes have become NotReady (a, b)", still.Reason);
    }

    [Fact]
    public void It_goes_on_when_the_cluster_has_been_well_for_a_while()
    {
        var (held, _) = HealthHold.None.Step(["trouble"], Limit, Start);
        var (settling, _) = held.Step([], Limit, Start.AddSeconds(60));
        var (early, _) = settling.Step([], Limit, Start.AddSeconds(74));
        var (going, says) = early.Step([], Limit, Start.AddSeconds(75));

        Assert.True(settling.IsHolding && early.IsHolding);
        Assert.False(going.IsHolding);
        Assert.Equal("Going on after 75 s: the cluster is well again.", says);
    }

    [Fact]
    public void Trouble_that_comes_back_while_it_settles_goes_on_holding_and_counts_from_its_beginning()
    {
        var (held, _) = HealthHold.None.Step(["trouble"], Limit, Start);
        var (settling, _) = held.Step([], Limit, Start.AddMinutes(5));
        var (back, says) = settling.Step(["trouble"], Limit, Start.AddMinutes(5).AddSeconds(10));
        var (stopped, _) = back.Step(["trouble"], Limit, Start.AddMinutes(10));

        Assert.True(back.IsHolding);
        Assert.Null(says);
        Assert.True(stopped.IsStopped);
    }

    [Fact]
    public void When_the_time_is_over_it_has_stopped_for_good_with_the_last_reason()
    {
        var (held, _) = HealthHold.None.Step(["one"], Limit, Start);
        var (stopped, _) = held.Step(["other"], Limit, Start.AddMinutes(10));
        var (after, says) = stopped.Step([], Limit, Start.AddHours(5));

        Assert.True(stopped.IsStopped);
        Assert.Equal("other", stopped.Reason);
        Assert.True(after.IsStopped);
        Assert.Null(says);
    }

    [Fact]
    public void Without_time_to_wait_it_stops_at_once() =>
        Assert.True(HealthHold.None.Step(["trouble"], TimeSpan.Zero, Start).Next.IsStopped);

    [Fact]
    public void Whatever_comes_it_never_holds_longer_than_allowed_and_says_when_it_begins_and_ends()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var (hold, now, since, badUntil) = (HealthHold.None, Start, (DateTimeOffset?)null, (DateTimeOffset?)null);
            for (var step = 0; step < 200 && !hold.IsStopped; step++)
            {
                now += TimeSpan.FromSeconds(5);
                var bad = random.NextDouble() < (seed % 10) / 10.0;
                if (bad) badUntil = now;
                var before = hold;
                (hold, var says) = hold.Step(bad ? ["trouble"] : [], Limit, now);

                Assert.Equal(before.IsHolding != hold.IsHolding, says is not null);
                if (!before.IsHolding && hold.IsHolding) since = now;
                if (bad) Assert.True(hold.IsHolding);
                if (before.IsHolding && !hold.IsHolding) Assert.True(now - badUntil >= HealthHold.Settling, $"seed {seed}");
                if (hold.IsHolding && bad) Assert.Equal(now - since >= Limit, hold.IsStopped);
            }
        }
    }
}
