using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Tests.Rollouts;

public sealed class RolloutTimelineTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_counts_are_one_sample()
    {
        var timeline = new RolloutTimeline();
        timeline.Add(s_start, Rollout(3, 0, 3));
        timeline.Add(s_start.AddSeconds(1), Rollout(3, 0, 3));
        timeline.Add(s_start.AddSeconds(2), Rollout(2, 1, 3));

        Assert.Equal([new(s_start, 3, 0, 3), new(s_start.AddSeconds(2), 2, 1, 3)], timeline.Samples);
    }

    [Fact]
    public void What_was_given_does_not_change_afterwards()
    {
        var timeline = new RolloutTimeline();
        timeline.Add(s_start, Rollout(1, 0, 1));
        var given = timeline.Samples;
        timeline.Add(s_start.AddSeconds(1), Rollout(0, 1, 1));

        Assert.Single(given);
    }

    [Fact]
    public void What_the_controller_has_not_seen_yet_has_no_new_pods()
    {
        var timeline = new RolloutTimeline();
        timeline.Add(s_start, Rollout(0, 3, 3) with { State = RolloutState.Pending });

        Assert.Equal([new(s_start, 3, 0, 3)], timeline.Samples);
    }

    [Fact]
    public void Without_pods_there_is_nothing_to_note_until_there_are()
    {
        var timeline = new RolloutTimeline();
        timeline.Add(s_start, Rollout(0, 0, 0));
        timeline.Add(s_start.AddSeconds(1), Rollout(2, 0, 2));
        timeline.Add(s_start.AddSeconds(2), Rollout(0, 0, 0));

        Assert.Equal([new(s_start.AddSeconds(1), 2, 0, 2), new(s_start.AddSeconds(2), 0, 0, 0)], timeline.Samples);
    }

    /// <summary>Whatever happens, and however often.</summary>
    [Fact]
    public void However_long_it_lasts_it_stays_short_and_keeps_the_first_the_last_and_the_fewest_ready_in_order()
    {
        Prop.ForAll(Gen.Choose(1, 40).Three().ArrayOf(700).ToArbitrary(), counts =>
        {
            var timeline = new RolloutTimeline();
            for (var i = 0; i < counts.Length; i++) timeline.Add(s_start.AddSeconds(i), Rollout(counts[i].Item1, counts[i].Item2, counts[i].Item3));
            var samples = timeline.Samples;

            Assert.InRange(samples.Count, 1, RolloutTimeline.Most);
            Assert.Equal((s_start, counts[0].Item3), (samples[0].Time, samples[0].Ready));
            Assert.Equal(counts[^1], (samples[^1].Old, samples[^1].New, samples[^1].Ready));
            Assert.Equal(counts.Min(count => count.Item3), samples.Min(sample => sample.Ready));
            Assert.True(samples.Zip(samples.Skip(1)).All(pair => pair.First.Time < pair.Second.Time), "Samples are not in order.");
        }).QuickCheckThrowOnFailure();
    }

    private static MeshRollout Rollout(int old, int updated, int ready) =>
        new() { Cluster = "here", Namespace = "shop", Kind = "Deployment", Name = "web", State = RolloutState.Progressing, Old = old, Updated = updated, Ready = ready };
}
