using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts;

/// <summary>What is known of a workload when its turn comes.</summary>
/// <param name="Workload">Which.</param>
/// <param name="Object">It, fresh; null when there is none of that name.</param>
/// <param name="Pods">Its pods that are not being deleted, with their sidecars.</param>
public sealed record RestartFacts(WorkloadReference Workload, IKubernetesObject? Object, IReadOnlyList<JudgedPod> Pods);

/// <summary>A pod of a workload and its sidecar.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Sidecar">Its sidecar, judged; null when it carries none.</param>
/// <param name="OfNewTemplate">Whether it was made from the workload's newest template.</param>
public sealed record JudgedPod(Pod Pod, MeshSidecar? Sidecar, bool OfNewTemplate);

/// <summary>
/// May this workload be restarted now, and how? Guards first in the order of their weight: what cannot be done at all, what somebody must do
/// first, what needs no restart.
/// </summary>
public static class RestartRules
{
    /// <summary>Decides by what is known when the turn comes.</summary>
    /// <param name="facts">The workload and its pods.</param>
    /// <param name="target">Which sidecar its pods should carry, when the caller knows.</param>
    /// <param name="force">Whether what is up to date is restarted too.</param>
    public static RestartVerdict Decide(RestartFacts facts, RestartTarget target, bool force)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(target);
        var workload = facts.Workload;
        if (NotRestartable(workload) is { } reason) return Refuse("MeshRoll.NotRestartable", workload, reason);
        if (facts.Object is not { } found) return Refuse("MeshRoll.WorkloadNotFound", workload, "there is none of that name; it may have been deleted meanwhile");
        if (found.Metadata.DeletionTimestamp is not null) return Refuse("MeshRoll.WorkloadBeingDeleted", workload, "it is being deleted");
        if (IsPaused(found)) return Refuse("MeshRoll.WorkloadPaused", workload, $"it is paused; resume it first (kubectl rollout resume {workload.ShortName} -n {workload.Namespace})");
        if (UpdateStrategyOf(found) == "OnDelete") return Refuse("MeshRoll.OnDelete", workload, "its update strategy is OnDelete, so a new template restarts nothing; delete its pods one by one, each after the one before is ready again, or set the strategy to RollingUpdate");
        if (PodsOf(found) == 0) return new RestartVerdict.Skip("no pods: nothing to restart");
        if (Replaced(found) == 0) return Refuse("MeshRoll.PartitionAboveAll", workload, $"its partition {PartitionOf(found)} holds all its pods back, so a new template restarts nothing; lower spec.updateStrategy.rollingUpdate.partition first");
        if (!force && UpToDate(facts, target) is { } because) return new RestartVerdict.Skip(because);
        return new RestartVerdict.Go(Propose(workload, found));
    }

    /// <summary>Why workloads of this kind cannot be restarted in place, or null when they can.</summary>
    public static string? NotRestartable(WorkloadReference workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return workload.Kind switch
        {
            "Deployment" or "StatefulSet" or "DaemonSet" or "Rollout" => null,
            "Pod" => "a pod without an owner is not replaced by anybody; delete it and create it anew",
            "ReplicaSet" => "a ReplicaSet of its own does not replace pods when its template changes; delete its pods one by one, it makes new ones",
            "Job" or "CronJob" => "a job's pods run to their end; its next run gets the new sidecar",
            _ => $"MeshRoll does not know how to restart a {workload.Kind}; restart what owns it",
        };
    }

    /// <summary>
    /// Why nothing needs to be done, or null when something does. Pods whose sidecar cannot be judged, and pods without one, are not up to date:
    /// whoever names their workload wants it restarted. A rollout under way whose new pods are all right needs no second one.
    /// </summary>
    private static string? UpToDate(RestartFacts facts, RestartTarget target)
    {
        if (facts.Pods.Count == 0) return null;
        if (facts.Pods.All(pod => IsUpToDate(pod.Sidecar, target)))
        {
            var versions = facts.Pods.Select(pod => pod.Sidecar!.Version).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
            return versions.Count == 0 ? "up to date" : $"up to date: {(facts.Pods.Count == 1 ? "its pod carries" : $"all {facts.Pods.Count} pods carry")} {string.Join(", ", versions)}";
        }
        var (current, old) = (facts.Pods.Where(pod => pod.OfNewTemplate).ToList(), facts.Pods.Where(pod => !pod.OfNewTemplate).ToList());
        if (old.Count == 0 || current.Count == 0 || !IsRolling(facts.Object!) || !current.All(pod => IsUpToDate(pod.Sidecar, target))) return null;
        return $"a rollout is under way that replaces {(old.Count == 1 ? "the outdated pod" : $"the {old.Count} older pods")} already, and its new pods are up to date";
    }

    /// <summary>Whether a sidecar is what is wanted: by what the caller knows, else by what the mesh would inject.</summary>
    public static bool IsUpToDate(MeshSidecar? sidecar, RestartTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (sidecar is null) return false;
        if (target.DesiredVersion is null && target.DesiredRevision is null) return sidecar.Outdated == false;
        return (target.DesiredVersion is null || sidecar.Version == target.DesiredVersion)
            && (target.DesiredRevision is null || sidecar.Revision == target.DesiredRevision || sidecar.Outdated == false);
    }

    private static bool IsRolling(IKubernetesObject workload) =>
        RolloutStatusRules.Of(workload, RolloutExpectation.Any, []).State is RolloutState.Pending or RolloutState.Progressing;

    /// <summary>What will be done, with what an admin would want to know before saying yes.</summary>
    private static RestartProposal Propose(WorkloadReference workload, IKubernetesObject found)
    {
        // The kinds that have pods are those that have an estimate.
        var (pods, expected) = (PodsOf(found), DurationEstimate.Of(found)!.Value);
        return new(workload, pods, expected, $"Rolling restart of {Wording.Count(Replaced(found), "pod")}, about {Wording.Duration(expected)}{Note(found, pods)}");
    }

    private static string Note(IKubernetesObject found, int pods) => found switch
    {
        Deployment { Spec.Strategy.Type: "Recreate" } => pods == 1
            ? "; strategy Recreate: its only pod stops before the new one starts"
            : "; strategy Recreate: all pods stop before new ones start",
        Deployment deployment when DurationEstimate.Surge(deployment) == 0 && pods == 1 => "; maxSurge 0: its only pod stops before the new one starts",
        StatefulSet { Spec.UpdateStrategy.RollingUpdate.Partition: > 0 and var partition } => $"; partition {partition}: ordinals below keep their pods",
        StatefulSet when pods == 1 => "; its only pod stops before the new one starts",
        _ => "",
    };

    private static bool IsPaused(IKubernetesObject found) => found is Deployment { Spec.Paused: true } or ArgoRollout { Spec.Paused: true };

    private static string UpdateStrategyOf(IKubernetesObject found) => found switch
    {
        StatefulSet set => set.Spec.UpdateStrategy.Type,
        DaemonSet set => set.Spec.UpdateStrategy.Type,
        _ => "",
    };

    private static int PodsOf(IKubernetesObject found) => found switch
    {
        Deployment deployment => deployment.Spec.Replicas ?? 1,
        StatefulSet set => set.Spec.Replicas ?? 1,
        DaemonSet set => set.Status.DesiredNumberScheduled,
        ArgoRollout rollout => rollout.Spec.Replicas ?? 1,
        _ => 0,
    };

    private static int PartitionOf(IKubernetesObject found) => found is StatefulSet { Spec.UpdateStrategy.RollingUpdate.Partition: { } partition } ? partition : 0;

    /// <summary>Those of its pods that a new template replaces.</summary>
    private static int Replaced(IKubernetesObject found) => Math.Max(0, PodsOf(found) - PartitionOf(found));

    private static RestartVerdict.Refuse Refuse(string id, WorkloadReference workload, string reason) =>
        new(new RestartRefusedException(id, workload, $"{workload} cannot be restarted: {reason}."));
}
