using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Tests.Rollouts;

public sealed class RolloutPaceTests
{
    private static readonly DateTimeOffset Start = Some.Start;

    [Theory]
    // The estimate for all 30, and when is asked, after so many pods were done at that second; 8 move at a time.
    [InlineData(412, 0, 0, 0, 412d)]
    [InlineData(412, 0, 0, 100, 312d)]
    [InlineData(412, 0, 0, 500, null)]
    [InlineData(null, 0, 0, 100, null)]
    // The first pod of the first step was quick: the estimate for the 29 left weighs more than its pace.
    [InlineData(412, 1, 5, 5, 398.3d)]
    // It was slow: then its pace does.
    [InlineData(12, 1, 60, 60, 1740d)]
    // A whole step: what was measured counts, whatever was expected.
    [InlineData(412, 8, 100, 100, 275d)]
    [InlineData(12, 8, 100, 100, 275d)]
    [InlineData(null, 8, 100, 100, 275d)]
    // Between two steps it runs down.
    [InlineData(412, 8, 100, 160, 215d)]
    [InlineData(412, 24, 300, 300, 75d)]
    [InlineData(412, 24, 300, 374, 1d)]
    [InlineData(412, 24, 300, 400, null)]
    [InlineData(412, 30, 400, 500, 0d)]
    public void The_rest_follows_the_estimate_first_and_the_measured_pace_from_the_first_step_on(int? expected, int done, int at, int asked, double? left)
    {
        var pace = RolloutPace.From(Start, 0).See(done, Start.AddSeconds(at));

        Assert.Equal(left, pace.Remaining(expected is { } whole ? TimeSpan.FromSeconds(whole) : null, 30, 8, Start.AddSeconds(asked))?.TotalSeconds);
    }

    [Fact]
    public void Pods_that_were_done_before_anybody_looked_say_nothing_of_the_pace()
    {
        var pace = RolloutPace.From(Start, 20).See(22, Start.AddSeconds(10));

        Assert.Equal(40, pace.Remaining(TimeSpan.FromSeconds(3), 30, 2, Start.AddSeconds(10))?.TotalSeconds);
    }

    [Fact]
    public void A_workload_scaled_meanwhile_has_more_or_less_to_go_at_the_same_pace()
    {
        var pace = RolloutPace.From(Start, 0).See(5, Start.AddSeconds(50));

        Assert.Equal(50, pace.Remaining(null, 10, 1, Start.AddSeconds(50))?.TotalSeconds);
        Assert.Equal(150, pace.Remaining(null, 20, 1, Start.AddSeconds(50))?.TotalSeconds);
        Assert.Equal(0, pace.Remaining(null, 4, 1, Start.AddSeconds(50))?.TotalSeconds);
    }

    [Fact]
    public void When_somebody_changes_the_template_again_measuring_begins_anew()
    {
        var pace = RolloutPace.From(Start, 0).See(5, Start.AddSeconds(50)).See(0, Start.AddSeconds(60));

        Assert.Equal(RolloutPace.From(Start.AddSeconds(60), 0), pace);
        Assert.Equal(30, pace.Remaining(TimeSpan.FromSeconds(30), 10, 1, Start.AddSeconds(60))?.TotalSeconds);
    }

    [Fact]
    public void A_pod_that_stops_being_ready_is_to_be_done_again()
    {
        var pace = RolloutPace.From(Start, 0).See(5, Start.AddSeconds(50)).See(4, Start.AddSeconds(52));

        Assert.Equal(new RolloutPace(Start, 0, 4, Start.AddSeconds(50)), pace);
    }

    [Fact]
    public void A_rollout_at_a_steady_pace_is_never_estimated_worse_than_a_step_off()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (total, step, seconds) = (random.Next(1, 60), random.Next(1, 10), random.Next(5, 200));
            var pace = RolloutPace.From(Start, 0);
            var steps = (total + step - 1) / step;
            for (var at = 0; at <= steps * seconds; at++)
            {
                var now = Start.AddSeconds(at);
                pace = pace.See(Math.Min(total, at / seconds * step), now);
                if (at < seconds) continue;
                var left = pace.Remaining(TimeSpan.FromSeconds(3), total, step, now)?.TotalSeconds;
                Assert.True(left is null || Math.Abs(left.Value - (steps * seconds - at)) <= seconds, $"seed {seed}, second {at}: {left} of {steps * seconds - at}");
            }
        }
    }
}
