using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Guards;

/// <summary>Whether the next workload fits under the limit of pods in transition.</summary>
/// <param name="Fits">Whether it may go now.</param>
/// <param name="Says">A sentence worth saying about it, or null.</param>
internal readonly record struct TransitionVerdict(bool Fits, string? Says = null);

/// <summary>
/// Pods in transition: those that come up, or are missing, while a workload is restarted. A limit over all workloads of a run bounds what scheduler,
/// registry and mesh have to do at a time, and what the cluster serves without, however big the single workloads are.
/// </summary>
internal static class TransitionRules
{
    /// <summary>
    /// May a workload that moves <paramref name="next"/> pods at a time go, while <paramref name="moving"/> are in transition? One that exceeds the limit
    /// alone would never fit: it goes when nothing else moves, and the user hears of it.
    /// </summary>
    /// <param name="workload">Which.</param>
    /// <param name="next">Pods it moves at a time.</param>
    /// <param name="moving">Pods in transition of the workloads under way.</param>
    /// <param name="isAlone">Whether no workload is under way.</param>
    /// <param name="limit">Pods that may be in transition; 0 for no limit.</param>
    public static TransitionVerdict Judge(WorkloadReference workload, int next, int moving, bool isAlone, int limit)
    {
        if (limit == 0 || moving + next <= limit) return new(true);
        if (next <= limit) return new(isAlone);
        return new(isAlone, isAlone
            ? $"{workload} moves {Wording.Count(next, "pod")} at a time, more than the {limit} allowed in transition: it is restarted now, while nothing else moves."
            : $"{workload} moves {Wording.Count(next, "pod")} at a time, more than the {limit} allowed in transition: it waits until nothing else moves.");
    }

    /// <summary>Pods that a strategy moves at a time.</summary>
    public static int AtATime(IKubernetesObject workload, RestartStrategy strategy, RestartOptions options) => strategy switch
    {
        RestartStrategy.Surge => options.SurgeCount,
        RestartStrategy.Evict => Math.Min(options.MaxUnavailable, Math.Max(1, WorkloadObject.Desired(workload))),
        _ => DurationEstimate.AtATime(workload),
    };

    /// <summary>
    /// Pods in transition of a workload under way: what can be seen, and while older pods are left at least what it will move next.
    /// </summary>
    /// <param name="workload">It; null when it is gone, and its pods with it.</param>
    /// <param name="pods">Its pods.</param>
    /// <param name="atATime">Pods it moves at a time.</param>
    /// <param name="generation">Its generation when it was started; while its controller has not seen that, all is still to come. Null where its status does not tell.</param>
    public static int InTransition(IKubernetesObject? workload, IReadOnlyCollection<Pod> pods, int atATime, long? generation)
    {
        if (workload is null) return 0;
        var seen = Seen(pods, WorkloadObject.Desired(workload));
        if (generation is null) return Math.Max(atATime, seen);
        var status = RolloutStatusRules.Of(workload, new() { Generation = generation }, pods);
        return Math.Max(seen, Math.Min(atATime, status.State == RolloutState.Pending ? atATime : status.Old));
    }

    /// <summary>Pods that are not ready, and that are missing. One that is being deleted is settled when its successor is.</summary>
    private static int Seen(IReadOnlyCollection<Pod> pods, int desired)
    {
        var (there, unready) = (0, 0);
        foreach (var pod in pods)
        {
            // What has ended was replaced, or will be.
            if (!PodQuery.IsLive(pod)) continue;
            there++;
            if (!PodQuery.IsReady(pod)) unready++;
        }
        return unready + Math.Max(0, desired - there);
    }
}
