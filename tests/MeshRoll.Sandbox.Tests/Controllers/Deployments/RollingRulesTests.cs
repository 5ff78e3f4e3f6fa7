using System.Text.Json;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Controllers.Deployments;
using Size = MeshRoll.Sandbox.Controllers.Deployments.RollingArithmetic.Size;

namespace MeshRoll.Sandbox.Tests.Controllers.Deployments;

public sealed class RollingRulesTests
{
    [Theory]
    [InlineData("\"25%\"", "\"25%\"", 4, 1, 1)]
    [InlineData("\"25%\"", "\"25%\"", 10, 3, 2)]
    [InlineData("\"25%\"", "\"25%\"", 1, 1, 0)]
    [InlineData("1", "0", 3, 1, 0)]
    [InlineData("0", "0", 3, 0, 1)]
    [InlineData("0", "\"10%\"", 3, 0, 1)]
    [InlineData("\"0%\"", "\"25%\"", 2, 0, 1)]
    [InlineData("0", "5", 3, 0, 3)]
    [InlineData("2", "2", 0, 2, 0)]
    [InlineData("\"100%\"", "\"100%\"", 3, 3, 3)]
    public void A_surge_is_rounded_up_and_unavailability_down(string surge, string unavailable, int replicas, int expectedSurge, int expectedUnavailable) =>
        Assert.Equal(new RollingLimits(expectedSurge, expectedUnavailable), RollingLimits.Of(Read(surge), Read(unavailable), replicas));

    [Theory]
    [InlineData("3", "3")]
    [InlineData("\"30%\"", "30%")]
    [InlineData("\"3\"", null)]
    [InlineData("\"x%\"", null)]
    [InlineData("true", null)]
    public void Counts_and_percents_are_read(string json, string? expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, IntOrPercent.Read(document.RootElement)?.ToString());
    }

    [Theory]
    [InlineData(10, 3, 10, 0, 3)]
    [InlineData(10, 0, 10, 0, 0)]
    [InlineData(10, 0, 8, 0, 2)]
    [InlineData(10, 3, 13, 5, 5)]
    [InlineData(10, 3, 5, 5, 10)]
    [InlineData(2, 5, 2, 0, 2)]
    public void The_new_one_grows_as_far_as_there_is_room(int desired, int surge, int total, int present, int expected) =>
        Assert.Equal(expected, RollingArithmetic.NewReplicas(desired, surge, total, present));

    public static TheoryData<string, int[][], int[], int, int, int[]> ScaleDowns => new()
    {
        { "nothing new yet, two may be missing", [[10, 10]], [0, 0], 10, 2, [8] },
        { "new ones that are not available cost nothing", [[8, 8]], [2, 0], 10, 2, [8] },
        { "new ones that are available free old ones", [[8, 8]], [5, 5], 10, 2, [3] },
        { "unavailable old ones go first, the oldest set's before", [[4, 1], [4, 4]], [2, 2], 10, 3, [1, 4] },
        { "crash looping new ones do not cost healthy old ones", [[8, 7]], [5, 0], 10, 2, [8] },
        { "a new template while the last one crash loops", [[8, 8], [5, 0]], [0, 0], 10, 2, [8, 0] },
        { "with nothing allowed to be missing old ones wait", [[3, 3]], [1, 0], 3, 0, [3] },
        { "and go one by one", [[3, 3]], [1, 1], 3, 0, [2] },
        { "scaled to nothing", [[3, 3]], [0, 0], 0, 0, [0] },
    };

    [Theory]
    [MemberData(nameof(ScaleDowns))]
    public void Old_ones_shrink_without_too_few_being_available(string because, int[][] old, int[] @new, int desired, int maxUnavailable, int[] expected)
    {
        Assert.NotEmpty(because);
        Assert.Equal(expected, RollingArithmetic.OldReplicas([.. old.Select(set => new Size(set[0], set[1]))], new(@new[0], @new[1]), desired, maxUnavailable));
    }

    public static TheoryData<int[][], int, int, int[]> Proportions => new()
    {
        { [[8, 13], [5, 13]], 15, 3, [11, 7] },
        { [[8, 13], [5, 13]], 5, 3, [5, 3] },
        { [[10, 13], [3, 13]], 10, 3, [10, 3] },
        { [[5, 10], [5, 10]], 0, 0, [0, 0] },
        { [[5, 10], [5, 10]], 11, 0, [6, 5] },
        { [[5, 0], [5, 0]], 12, 0, [7, 5] },
    };

    [Theory]
    [MemberData(nameof(Proportions))]
    public void Scaling_is_shared_by_size(int[][] sets, int desired, int surge, int[] expected)
    {
        var sizes = ProportionalScaling.Sizes([.. sets.Select(set => new ProportionalScaling.Share(set[0], set[1]))], desired, surge);
        Assert.Equal(expected, sizes);
        Assert.Equal(desired == 0 ? 0 : desired + surge, sizes.Sum());
    }

    private static IntOrPercent Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return IntOrPercent.Read(document.RootElement)!.Value;
    }
}
