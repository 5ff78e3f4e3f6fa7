using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>What the status of a Deployment follows from (sync.go, progress.go).</summary>
internal static class DeploymentStatusRules
{
    /// <summary>Counts and the condition Available; the other conditions stay as they were.</summary>
    public static DeploymentStatus Count(DeploymentView wish, long generation, IReadOnlyList<Condition> conditions, IEnumerable<StoredObject> all, StoredObject? @new, DateTimeOffset now)
    {
        var (wished, replicas, ready, available) = (0, 0, 0, 0);
        foreach (var set in all.Select(stored => stored.As<ReplicaSetView>()))
        {
            wished += set.Replicas;
            replicas += set.Status.Replicas;
            ready += set.Status.Ready;
            available += set.Status.Available;
        }
        var isAvailable = available >= wish.Replicas - wish.Limits.Unavailable;
        return new()
        {
            ObservedGeneration = generation,
            Replicas = replicas,
            Updated = @new?.As<ReplicaSetView>().Status.Replicas ?? 0,
            Ready = ready,
            Available = available,
            Unavailable = Math.Max(0, wished - available),
            Conditions = conditions.With(isAvailable
                ? New("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
                : New("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now)),
        };
    }

    /// <summary>The condition Progressing during a rollout: done, moving on, or out of time.</summary>
    public static DeploymentStatus JudgeProgress(DeploymentView wish, DeploymentStatus before, DeploymentStatus status, string name, string? newSet, DateTimeOffset now)
    {
        if (wish.ProgressDeadline is null) return status with { Conditions = status.Conditions.Without("Progressing") };

        var present = before.Conditions.Of("Progressing");
        // Once complete, it stays so until there is a new template: pods that fail later are no rollout.
        if (status.Replicas == status.Updated && present?.Reason == "NewReplicaSetAvailable") return status;

        var subject = newSet is null ? $"Deployment \"{name}\"" : $"ReplicaSet \"{newSet}\"";
        if (IsComplete(wish, status))
            return status with { Conditions = status.Conditions.With(New("Progressing", "True", "NewReplicaSetAvailable", $"{subject} has successfully progressed.", now)) };
        if (IsProgress(before, status))
        {
            var moving = New("Progressing", "True", "ReplicaSetUpdated", $"{subject} is progressing.", now);
            if (present?.IsTrue == true) moving = moving with { LastTransitionTime = present.LastTransitionTime };
            // Every progress is noted, even after one of the same reason: the deadline counts from the last one.
            return status with { Conditions = [.. status.Conditions.Without("Progressing"), moving] };
        }
        if (IsTimedOut(wish, present, now))
            return status with { Conditions = status.Conditions.With(New("Progressing", "False", "ProgressDeadlineExceeded", $"{subject} has timed out progressing.", now)) };
        return status;
    }

    /// <summary>The condition ReplicaFailure: that of the new ReplicaSet, or else of an old one.</summary>
    public static DeploymentStatus TakeFailures(DeploymentStatus status, IEnumerable<StoredObject> all, StoredObject? @new)
    {
        var failure = @new?.As<ReplicaSetView>().Status.Conditions.Of("ReplicaFailure")
            ?? all.Select(set => set.As<ReplicaSetView>().Status.Conditions.Of("ReplicaFailure")).FirstOrDefault(condition => condition is not null);
        return status with
        {
            Conditions = failure is null
                ? status.Conditions.Without("ReplicaFailure")
                : status.Conditions.With(failure with { LastUpdateTime = failure.LastTransitionTime }),
        };
    }

    /// <summary>Whether all wished pods, and no others, are there, of the present template and available.</summary>
    public static bool IsComplete(DeploymentView wish, DeploymentStatus status) =>
        status.Updated == wish.Replicas && status.Replicas == wish.Replicas && status.Available == wish.Replicas;

    /// <summary>How long until it must be looked at for lack of progress; null when there is nothing to wait for.</summary>
    public static TimeSpan? NextProgressCheck(DeploymentView wish, DeploymentStatus status, DateTimeOffset now)
    {
        if (wish.ProgressDeadline is not { } deadline || wish.IsPaused || status.Conditions.Of("Progressing") is not { } progressing) return null;
        if (IsComplete(wish, status) || progressing.Reason is "ProgressDeadlineExceeded" or "NewReplicaSetAvailable") return null;
        // Conditions count in whole seconds: one more is sure to be past the deadline.
        return (progressing.LastUpdateTime ?? now) + deadline - now + TimeSpan.FromSeconds(1);
    }

    /// <summary>Notes a pause or its end, so that the time of the pause does not count against the deadline.</summary>
    public static IReadOnlyList<Condition> NotePause(DeploymentView wish, DateTimeOffset now)
    {
        var conditions = wish.Status.Conditions;
        var reason = conditions.Of("Progressing")?.Reason;
        if (wish.ProgressDeadline is null || reason == "ProgressDeadlineExceeded") return conditions;
        if (wish.IsPaused && reason != "DeploymentPaused") return conditions.With(New("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", now));
        if (!wish.IsPaused && reason == "DeploymentPaused") return conditions.With(New("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", now));
        return conditions;
    }

    /// <summary>A condition that begins now.</summary>
    public static Condition New(string type, string status, string reason, string message, DateTimeOffset now)
    {
        // As it will be read back.
        var second = JsonAccess.ParseTime(JsonAccess.Timestamp(now));
        return new(type, status, reason, message) { LastUpdateTime = second, LastTransitionTime = second };
    }

    private static bool IsProgress(DeploymentStatus before, DeploymentStatus status) =>
        status.Updated > before.Updated
        || status.Replicas - status.Updated < before.Replicas - before.Updated
        || status.Ready > before.Ready
        || status.Available > before.Available;

    private static bool IsTimedOut(DeploymentView wish, Condition? progressing, DateTimeOffset now)
    {
        if (progressing is null || progressing.Reason == "NewReplicaSetAvailable") return false;
        return progressing.Reason == "ProgressDeadlineExceeded" || (progressing.LastUpdateTime ?? now) + wish.ProgressDeadline < now;
    }
}
