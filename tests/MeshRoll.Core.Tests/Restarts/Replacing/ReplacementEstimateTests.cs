using MeshRoll.Core.Restarts.Replacing;
using MeshRoll.Core.Tests.Rollouts;

namespace MeshRoll.Core.Tests.Restarts.Replacing;

public sealed class ReplacementEstimateTests
{
    [Fact]
    public void What_was_expected_runs_down_until_a_pod_is_replaced_and_then_the_pace_counts()
    {
        var estimate = new ReplacementEstimate(TimeSpan.FromSeconds(60), Some.Start);

        Assert.Equal(60, Left(0, old: 4, coming: 0, done: 0));
        Assert.Equal(50, Left(10, old: 3, coming: 1, done: 0));
        Assert.Equal(120, Left(40, old: 3, coming: 0, done: 1));
        Assert.Equal(110, Left(50, old: 2, coming: 1, done: 1));
        Assert.Equal(0, Left(160, old: 0, coming: 0, done: 4));

        double? Left(int second, int old, int coming, int done) => estimate.Left(Sight(old, coming, done), Some.Start.AddSeconds(second))?.TotalSeconds;
    }

    [Fact]
    public void Nothing_is_known_of_what_was_not_seen_yet() =>
        Assert.Null(new ReplacementEstimate(null, Some.Start).Left(Sight(0, 0, 0), Some.Start));

    private static ReplacementSight Sight(int old, int coming, int done) => new()
    {
        Uid = "uid",
        Desired = old + coming + done,
        Pods =
        [
            .. Enumerable.Range(0, old).Select(number => new SeenPod($"old-{number}", $"old-{number}") { IsOld = true, IsAvailable = true }),
            .. Enumerable.Range(0, coming).Select(number => new SeenPod($"new-{number}", $"new-{number}")),
            .. Enumerable.Range(0, done).Select(number => new SeenPod($"done-{number}", $"done-{number}") { IsAvailable = true }),
        ],
    };
}
