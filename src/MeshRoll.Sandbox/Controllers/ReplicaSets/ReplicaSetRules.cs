using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.ReplicaSets;

/// <summary>What the status of a ReplicaSet follows from (replica_set_utils.go).</summary>
internal static class ReplicaSetRules
{
    /// <summary>The status for these pods, all of which are active.</summary>
    public static ReplicaSetStatus Observe(ReplicaSetView wish, long generation, IReadOnlyCollection<StoredObject> pods, Condition? failure, DateTimeOffset now)
    {
        var (labeled, ready, available) = (0, 0, 0);
        foreach (var stored in pods)
        {
            var pod = stored.As<PodView>();
            if (HasAll(stored.Labels, wish.TemplateLabels)) labeled++;
            if (!pod.IsReady) continue;
            ready++;
            if (pod.IsAvailable(wish.MinReady, now)) available++;
        }
        // A failure that is known already keeps its first message.
        var conditions = failure is null ? wish.Status.Conditions.Without("ReplicaFailure")
            : wish.Status.Conditions.Of("ReplicaFailure") is not null ? wish.Status.Conditions
            : [.. wish.Status.Conditions, failure];
        return new()
        {
            Replicas = pods.Count,
            FullyLabeled = labeled,
            Ready = ready,
            Available = available,
            ObservedGeneration = generation,
            Conditions = conditions,
        };
    }

    /// <summary>How long until the next ready pod counts as available; null when there is none to wait for.</summary>
    public static TimeSpan? NextAvailability(TimeSpan minReady, IEnumerable<StoredObject> pods, DateTimeOffset now)
    {
        if (minReady == TimeSpan.Zero) return null;
        TimeSpan? next = null;
        foreach (var stored in pods)
        {
            var pod = stored.As<PodView>();
            if (!pod.IsReady || pod.ReadySince is not { } since || pod.IsAvailable(minReady, now)) continue;
            var delay = since + minReady - now;
            if (next is null || delay < next) next = delay;
        }
        return next;
    }

    private static bool HasAll(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> wanted)
    {
        foreach (var (key, value) in wanted)
        {
            if (!labels.TryGetValue(key, out var present) || present != value) return false;
        }
        return true;
    }
}
