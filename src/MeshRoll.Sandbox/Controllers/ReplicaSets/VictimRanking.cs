using MeshRoll.Sandbox.Objects.Views;

namespace MeshRoll.Sandbox.Controllers.ReplicaSets;

/// <summary>
/// Which pod goes first when there are too many (controller_utils.go, ActivePodsWithRanks): one that would be missed least. Times are compared by
/// their order of magnitude only, so that not always the newest goes.
/// </summary>
/// <param name="now">The present time.</param>
internal sealed class VictimRanking(DateTimeOffset now) : IComparer<VictimRanking.Candidate>
{
    /// <inheritdoc/>
    public int Compare(Candidate? one, Candidate? other)
    {
        if (one is null || other is null) return one is null ? (other is null ? 0 : -1) : 1;
        var (left, right) = (one.Pod, other.Pod);

        var order = (left.NodeName.Length > 0).CompareTo(right.NodeName.Length > 0);
        if (order == 0) order = Phase(left).CompareTo(Phase(right));
        if (order == 0) order = left.IsReady.CompareTo(right.IsReady);
        if (order == 0) order = left.DeletionCost.CompareTo(right.DeletionCost);
        if (order == 0) order = other.Neighbours.CompareTo(one.Neighbours);
        if (order == 0 && left.IsReady && left.ReadySince != right.ReadySince) return ByAge(left.ReadySince, right.ReadySince, one.Uid, other.Uid);
        if (order == 0) order = right.Restarts.CompareTo(left.Restarts);
        if (order == 0 && left.Created != right.Created) return ByAge(left.Created, right.Created, one.Uid, other.Uid);
        return order != 0 ? order : string.CompareOrdinal(one.Uid, other.Uid);
    }

    private static int Phase(PodView pod) => pod.Phase switch { "Running" => 2, "Unknown" => 1, _ => 0 };

    private int ByAge(DateTimeOffset? one, DateTimeOffset? other, string oneUid, string otherUid)
    {
        // Without a time counts as newest.
        if (one is null || other is null) return (one is not null).CompareTo(other is not null);
        var order = Magnitude(one.Value).CompareTo(Magnitude(other.Value));
        return order != 0 ? order : string.CompareOrdinal(oneUid, otherUid);
    }

    private int Magnitude(DateTimeOffset since) => now - since is { Ticks: > 0 } age ? (int)Math.Log2(age.TotalNanoseconds) : -1;

    /// <summary>A pod that may have to go.</summary>
    /// <param name="Uid">Its uid, the last thing to decide by.</param>
    /// <param name="Pod">Its state.</param>
    /// <param name="Neighbours">How many pods of the same workload are on its node.</param>
    public sealed record Candidate(string Uid, PodView Pod, int Neighbours);
}
