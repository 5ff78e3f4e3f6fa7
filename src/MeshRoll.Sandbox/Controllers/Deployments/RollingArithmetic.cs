namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>The numbers of a rolling update (rolling.go, deployment_util.go).</summary>
internal static class RollingArithmetic
{
    /// <summary>The size of a ReplicaSet and how many of its pods are available.</summary>
    internal readonly record struct Size(int Replicas, int Available);

    /// <summary>How large the new ReplicaSet may be by now.</summary>
    /// <param name="desired">Wished pods.</param>
    /// <param name="surge">Pods more than wished that are allowed.</param>
    /// <param name="total">Pods wished by all ReplicaSets, the new one among them.</param>
    /// <param name="present">Its present size.</param>
    public static int NewReplicas(int desired, int surge, int total, int present)
    {
        var room = desired + surge - total;
        return room <= 0 ? present : present + Math.Min(room, desired - present);
    }

    /// <summary>
    /// How large each old ReplicaSet still is after scaling down, in the order given (oldest first): pods that are not available go first, for they
    /// hold nothing up but the rollout; then as many others as available ones are left over.
    /// </summary>
    public static int[] OldReplicas(IReadOnlyList<Size> old, Size @new, int desired, int maxUnavailable)
    {
        int[] sizes = [.. old.Select(set => set.Replicas)];
        var least = desired - maxUnavailable;
        // New pods that are not available yet must not cost old ones.
        var allowed = sizes.Sum() + @new.Replicas - least - (@new.Replicas - @new.Available);
        if (allowed <= 0) return sizes;

        var cleaned = 0;
        for (var i = 0; i < sizes.Length && cleaned < allowed; i++)
        {
            var goes = Math.Min(allowed - cleaned, sizes[i] - old[i].Available);
            (sizes[i], cleaned) = (sizes[i] - goes, cleaned + goes);
        }

        var spare = old.Sum(set => set.Available) + @new.Available - least;
        for (var i = 0; i < sizes.Length && spare > 0; i++)
        {
            var goes = Math.Min(sizes[i], spare);
            (sizes[i], spare) = (sizes[i] - goes, spare - goes);
        }
        return sizes;
    }
}
