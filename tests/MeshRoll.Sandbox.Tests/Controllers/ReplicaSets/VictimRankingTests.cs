using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Objects.Views;

namespace MeshRoll.Sandbox.Tests.Controllers.ReplicaSets;

public sealed class VictimRankingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly PodView Good = new()
    {
        NodeName = "node-1",
        Phase = "Running",
        IsReady = true,
        ReadySince = Now.AddHours(-1),
        Created = Now.AddHours(-1),
        Restarts = 0,
        TemplateHash = "",
        RevisionHash = "",
        IsActive = true,
    };

    public static TheoryData<string> Cases => [.. Ordered.Keys];

    // The first of each pair goes before the second.
    private static readonly Dictionary<string, (VictimRanking.Candidate First, VictimRanking.Candidate Second)> Ordered = new()
    {
        ["without a node, even when the other is pending"] = (Of(Good with { NodeName = "", Phase = "Pending", IsReady = false }), Of(Good with { Phase = "Pending", IsReady = false })),
        ["pending before unknown"] = (Of(Good with { Phase = "Pending" }), Of(Good with { Phase = "Unknown" })),
        ["unknown before running"] = (Of(Good with { Phase = "Unknown" }), Of(Good)),
        ["not ready"] = (Of(Good with { IsReady = false }), Of(Good with { Restarts = 10 })),
        ["cheaper to delete"] = (Of(Good with { DeletionCost = -1 }), Of(Good, neighbours: 5)),
        ["more crowded"] = (Of(Good, neighbours: 3), Of(Good with { ReadySince = Now.AddSeconds(-1) }, neighbours: 2)),
        ["ready for less time"] = (Of(Good with { ReadySince = Now.AddMinutes(-1) }), Of(Good with { Restarts = 3 })),
        ["more restarts"] = (Of(Good with { Restarts = 2 }), Of(Good with { Created = Now.AddSeconds(-10) })),
        ["newer"] = (Of(Good with { Created = Now.AddSeconds(-10) }), Of(Good)),
        ["times of one magnitude are the same, the uid decides"] = (Of(Good with { ReadySince = Now.AddMinutes(-61) }, uid: "a"), Of(Good with { ReadySince = Now.AddMinutes(-60) }, uid: "b")),
        ["ready but since nobody knows when"] = (Of(Good with { ReadySince = null }), Of(Good with { ReadySince = Now })),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_pod_that_is_missed_least_goes_first(string name)
    {
        var (first, second) = Ordered[name];
        Assert.True(new VictimRanking(Now).Compare(first, second) < 0);
        Assert.True(new VictimRanking(Now).Compare(second, first) > 0);
        Assert.Equal(0, new VictimRanking(Now).Compare(first, first));
    }

    private static VictimRanking.Candidate Of(PodView pod, int neighbours = 1, string uid = "x") => new(uid, pod, neighbours);
}
