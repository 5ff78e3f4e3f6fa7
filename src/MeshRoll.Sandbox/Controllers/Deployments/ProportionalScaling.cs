namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>
/// How a Deployment that is scaled amid a rollout shares the change among its ReplicaSets (sync.go, scale): each in proportion to its size, what
/// rounding leaves to the first.
/// </summary>
internal static class ProportionalScaling
{
    /// <summary>A ReplicaSet with the most pods the Deployment could have when this size was decided (annotation max-replicas).</summary>
    internal readonly record struct Share(int Replicas, int MaxReplicas);

    /// <summary>The sizes after the change.</summary>
    /// <param name="sets">The ReplicaSets that have pods, largest first (of equal ones the newer when growing, the older when shrinking).</param>
    /// <param name="desired">Wished pods by now.</param>
    /// <param name="surge">Pods more than wished that are allowed.</param>
    public static int[] Sizes(IReadOnlyList<Share> sets, int desired, int surge)
    {
        var allowed = desired > 0 ? desired + surge : 0;
        var change = allowed - sets.Sum(set => set.Replicas);
        int[] sizes = [.. sets.Select(set => set.Replicas)];
        if (change == 0) return sizes;

        var done = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            var part = Part(sets[i], desired, surge, change, done);
            (sizes[i], done) = (sizes[i] + part, done + part);
        }
        sizes[0] = Math.Max(0, sizes[0] + change - done);
        return sizes;
    }

    private static int Part(Share set, int desired, int surge, int change, int done)
    {
        if (set.Replicas == 0 || change == done) return 0;
        var part = Fraction(set, desired, surge);
        return change > 0 ? Math.Min(part, change - done) : Math.Max(part, change - done);
    }

    private static int Fraction(Share set, int desired, int surge)
    {
        if (desired == 0) return -set.Replicas;
        if (set.MaxReplicas == 0) return 0;
        var wanted = set.Replicas * (double)(desired + surge) / set.MaxReplicas;
        return (int)Math.Round(wanted, MidpointRounding.AwayFromZero) - set.Replicas;
    }
}
