using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Guards;

/// <summary>Whether the next workload fits under the limit of pods in transition.</summary>
/// <param name="Fits">Whether it may go now.</param>
/// <param name="Says">A sentence worth saying about it, or null.</param>
internal readonly record struct TransitionVerdict(bool Fits, string? Says = null);

/// <summary>
/// Pods in transition: those that come up, go down or are missing while a workload is restarted. A limit over all workloads of a run bounds what
/// scheduler, registry and mesh have to do at a time, however big the single workloads are.
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

    /// <summary>
    /// Pods in transition of a workload under way: what can be seen, and while older pods are left at least what it will move next.
    /// </summary>
    /// <param name="workload">It; null when it is gone, and its pods with it.</param>
    /// <param name="pods">Its pods.</param>
    /// <param name="atATime">Pods it moves at a time.</param>
    /// <param name="generation">Its generation when it was started; while its controller has not seen that, all is still to come. Null while that is not known.</param>
    public static int InTransition(IKubernetesObject? workload, IReadOnlyCollection<Pod> pods, int atATime, long? generation)
    {
        if (workload is null) return 0;
        var status = RolloutStatusRules.Of(workload, new() { Generation = generation }, pods);
        if (generation is null || status.State == RolloutState.Pending) return Math.Max(atATime, Seen(pods, status.Desired));
        return Math.Max(Seen(pods, status.Desired), Math.Min(atATime, status.Old));
    }

    /// <summary>Pods that are not ready, that are being deleted, and that are missing.</summary>
    private static int Seen(IReadOnlyCollection<Pod> pods, int desired)
    {
        var (there, unsettled) = (0, 0);
        foreach (var pod in pods)
        {
            // What has ended was replaced, or will be.
            if (pod.Status.Phase is "Failed" or "Succeeded") continue;
            there++;
            if (pod.Metadata.DeletionTimestamp is not null || !IsReady(pod)) unsettled++;
        }
        return unsettled + Math.Max(0, desired - there);
    }

    private static bool IsReady(Pod pod)
    {
        foreach (var condition in pod.Status.Conditions)
        {
            if (condition.Type == "Ready") return condition.Status == "True";
        }
        return false;
    }
}
