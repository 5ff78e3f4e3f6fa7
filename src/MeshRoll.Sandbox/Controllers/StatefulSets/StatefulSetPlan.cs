namespace MeshRoll.Sandbox.Controllers.StatefulSets;

/// <summary>How the pod of one ordinal is.</summary>
internal enum ReplicaState
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It ended for good.</summary>
    Ended,

    /// <summary>It is about to end.</summary>
    Ending,

    /// <summary>It is not ready.</summary>
    Unready,

    /// <summary>It has not been ready for long enough.</summary>
    Unavailable,

    /// <summary>It is as it should be.</summary>
    Available,
}

/// <summary>One place of a StatefulSet.</summary>
/// <param name="Ordinal">Which.</param>
/// <param name="State">How its pod is.</param>
/// <param name="IsUpdated">Whether its pod has the update revision.</param>
internal sealed record Replica(int Ordinal, ReplicaState State, bool IsUpdated);

/// <summary>Something to do to one place: make its pod, or delete it.</summary>
internal sealed record ReplicaStep(int Ordinal, bool IsCreation);

/// <summary>What a StatefulSet does next (stateful_set_control.go, updateStatefulSet).</summary>
internal static class StatefulSetPlan
{
    /// <summary>The steps to take now; ordered sets take one at a time and wait for every pod before the next.</summary>
    /// <param name="wish">What is wished.</param>
    /// <param name="replicas">The wished places, lowest ordinal first.</param>
    /// <param name="condemned">The pods beyond them, highest ordinal first.</param>
    public static List<ReplicaStep> Next(StatefulSetView wish, IReadOnlyList<Replica> replicas, IReadOnlyList<Replica> condemned)
    {
        var steps = new List<ReplicaStep>();
        foreach (var replica in replicas)
        {
            if (replica.State == ReplicaState.Ended) steps.Add(new(replica.Ordinal, IsCreation: false));
            if (replica.State == ReplicaState.Missing) steps.Add(new(replica.Ordinal, IsCreation: true));
            if (!wish.IsParallel && replica.State != ReplicaState.Available) return steps;
        }

        // The first that is unhealthy may go even so: nobody waits for it to become healthy before it goes.
        var firstUnhealthy = replicas.Concat(condemned.Reverse()).FirstOrDefault(replica => !IsHealthy(replica));
        foreach (var pod in condemned)
        {
            if (pod.State == ReplicaState.Ending)
            {
                if (!wish.IsParallel) return steps;
                continue;
            }
            if (!wish.IsParallel && pod.State != ReplicaState.Available && pod.Ordinal != firstUnhealthy?.Ordinal) return steps;
            steps.Add(new(pod.Ordinal, IsCreation: false));
            if (!wish.IsParallel) return steps;
        }

        if (!wish.IsOnDelete && NextUpdate(wish, replicas) is { } outdated) steps.Add(new(outdated, IsCreation: false));
        return steps;
    }

    /// <summary>Whether a missing pod is made from the current revision rather than from the update revision.</summary>
    public static bool NeedsCurrentRevision(StatefulSetView wish, int ordinal) =>
        !wish.IsOnDelete && ordinal < wish.Start + (wish.Partition ?? wish.Status.Current);

    /// <summary>The highest outdated pod, unless a higher one is not healthy yet.</summary>
    private static int? NextUpdate(StatefulSetView wish, IReadOnlyList<Replica> replicas)
    {
        for (var i = replicas.Count - 1; i >= (wish.Partition ?? 0); i--)
        {
            if (!replicas[i].IsUpdated && replicas[i].State is not (ReplicaState.Missing or ReplicaState.Ended or ReplicaState.Ending)) return replicas[i].Ordinal;
            if (!IsHealthy(replicas[i])) return null;
        }
        return null;
    }

    private static bool IsHealthy(Replica replica) => replica.State is ReplicaState.Available or ReplicaState.Unavailable;
}
