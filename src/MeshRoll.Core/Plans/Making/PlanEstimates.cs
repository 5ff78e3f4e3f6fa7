using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans.Making;

/// <summary>How long workloads and waves take when all goes well.</summary>
internal static class PlanEstimates
{
    /// <summary>A past rollout that took longer than this was not left to itself, and says nothing.</summary>
    private static readonly TimeSpan LongestPast = TimeSpan.FromHours(6);

    /// <summary>A workload: by its last rollout where that is known, else by its probes and update strategy.</summary>
    /// <param name="workload">It.</param>
    /// <param name="settings">How it will be restarted.</param>
    /// <param name="newest">The ReplicaSet its last rollout made; null when unknown.</param>
    public static TimeSpan? OfWorkload(IKubernetesObject workload, PlanSettings settings, ReplicaSet? newest)
    {
        if (settings.Strategy is RestartStrategy.Evict or RestartStrategy.Surge)
            return OneByOne(workload, settings.PodDelay ?? TimeSpan.Zero);
        return Past(workload, newest) ?? DurationEstimate.Of(workload) ?? OneByOne(workload, TimeSpan.Zero);
    }

    /// <summary>A wave: its workloads in order, as many at a time as it allows, with the pauses between them, and its soak time.</summary>
    public static TimeSpan? OfWave(IReadOnlyList<PlannedWorkload> workloads, PlanSettings settings)
    {
        var concurrent = settings.ToOptions().MaxConcurrent;
        var (delay, end) = (settings.Delay ?? TimeSpan.Zero, TimeSpan.Zero);
        var slots = new PriorityQueue<TimeSpan, TimeSpan>();
        foreach (var workload in workloads)
        {
            if (workload.Estimate is not { } takes) return null;
            var starts = concurrent > 0 && slots.Count >= concurrent ? slots.Dequeue() : TimeSpan.Zero;
            if (starts + takes > end) end = starts + takes;
            slots.Enqueue(starts + takes + delay, starts + takes + delay);
        }
        return end + (settings.Soak ?? TimeSpan.Zero);
    }

    private static TimeSpan OneByOne(IKubernetesObject workload, TimeSpan pause) =>
        WorkloadObject.Desired(workload) * (DurationEstimate.OfOnePod(WorkloadObject.TemplateOf(workload), WorkloadObject.MinReadyOf(workload)) + pause);

    /// <summary>
    /// How long a Deployment's last rollout took: from its ReplicaSet's creation to the moment its Progressing condition said NewReplicaSetAvailable
    /// (pkg/controller/deployment, syncRolloutStatus: later scaling does not touch that time). Null when it did not end so.
    /// </summary>
    private static TimeSpan? Past(IKubernetesObject workload, ReplicaSet? newest)
    {
        if (workload is not Deployment deployment || newest?.Metadata.CreationTimestamp is not { } began) return null;
        var condition = deployment.Status.Conditions.FirstOrDefault(condition => condition is { Type: "Progressing", Status: "True", Reason: "NewReplicaSetAvailable" });
        var took = condition?.LastUpdateTime - began;
        return took > TimeSpan.Zero && took <= LongestPast ? took : null;
    }
}
