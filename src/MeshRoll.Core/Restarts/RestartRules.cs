using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts;

/// <summary>What is known of a workload when its turn comes.</summary>
/// <param name="Workload">Which.</param>
/// <param name="Object">It, fresh; null when there is none of that name.</param>
/// <param name="Pods">Its pods that are not being deleted, with their sidecars.</param>
public sealed record RestartFacts(WorkloadReference Workload, IKubernetesObject? Object, IReadOnlyList<JudgedPod> Pods)
{
    /// <summary>Who else sets its count; null where that was not asked.</summary>
    public AutoscalerReading? Autoscaler { get; init; }

    /// <summary>Why it is to be left alone, by the user's list or its owner's word; null when it is not.</summary>
    public string? Excluded { get; init; }
}

/// <summary>Whether an autoscaler sets a workload's count.</summary>
/// <param name="Name">The autoscaler; null for none.</param>
/// <param name="Unreadable">Why that is not known; null when it is.</param>
public sealed record AutoscalerReading(string? Name, string? Unreadable = null);

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
    /// <param name="options">How it is to be restarted.</param>
    /// <param name="now">UTC.</param>
    public static RestartVerdict Decide(RestartFacts facts, RestartTarget target, RestartOptions options, DateTimeOffset now) => Decide(facts, target, options, now, RunsOfThisMachine.Instance);

    internal static RestartVerdict Decide(RestartFacts facts, RestartTarget target, RestartOptions options, DateTimeOffset now, IRunRegistry runs)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        var workload = facts.Workload;
        if (facts.Excluded is { } excluded) return new RestartVerdict.Skip(excluded);
        if (NotRestartable(workload) is { } reason) return Refuse("MeshRoll.NotRestartable", workload, reason);
        if (facts.Object is not { } found) return Refuse("MeshRoll.WorkloadNotFound", workload, "there is none of that name; it may have been deleted meanwhile");
        if (found.Metadata.DeletionTimestamp is not null) return Refuse("MeshRoll.WorkloadBeingDeleted", workload, "it is being deleted");
        var mark = MarkRules.Of(found);
        if (mark.Nonsense is { } nonsense) return Refuse("MeshRoll.MarkUnreadable", workload, $"it carries a mark {RestartMark.Key} that cannot be read ({Wording.Line(nonsense, 60)}); see what its count of pods should be, then Repair-MeshWorkload -Force takes the mark away");
        if (mark.Mark is { } taken && MarkRules.IsAlive(taken, now, runs) && !MarkRules.IsOfEarlierRun(taken, options.Plan, runs)) return Refuse("MeshRoll.WorkloadTaken", workload, $"{taken} is replacing its pods, last heard of {Wording.Duration(now - taken.Beat)} ago; wait for its end, or if that run is known to be dead, Repair-MeshWorkload -Force");

        var (strategy, because) = StrategyChoice.For(facts, options);
        if (mark.Mark is null && WorkloadObject.Desired(found) == 0) return new RestartVerdict.Skip("no pods: nothing to restart");
        if (!options.Force && UpToDate(facts, target) is { } upToDate)
        {
            // What a dead run left is finished, though no pod is left to replace.
            if (mark.Mark is not { } dead) return new RestartVerdict.Skip(upToDate);
            (strategy, because) = (StrategyChoice.Of(Enum.Parse<RestartStrategy>(dead.Strategy)), $"to finish what {dead} left");
        }
        else if (strategy.Unfit(facts, options) is { } unfit) return Refuse(unfit.Id, workload, unfit.Reason);
        else if (options.Strategy == RestartStrategy.Auto && !options.AllowDowntime && strategy.Name == RestartStrategy.Rolling && WorkloadTraits.RollingMeansDowntime(found))
            return Refuse("MeshRoll.Downtime", workload, $"no pod of it would serve for a while, and {because}; -AllowDowntime, or -Strategy Rolling, does it all the same");

        var proposal = strategy.Propose(facts, target, options);
        return new RestartVerdict.Go(because.Length == 0 ? proposal : proposal with { Action = $"{proposal.Action} ({because})" }, strategy.Name, because);
    }

    /// <summary>Why workloads of this kind cannot be restarted by any strategy, or null when they can.</summary>
    public static string? NotRestartable(WorkloadReference workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return workload.Kind switch
        {
            "Deployment" or "StatefulSet" or "DaemonSet" or "Rollout" or "ReplicaSet" => null,
            "Pod" => "a pod without an owner is not replaced by anybody; delete it and create it anew",
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
        if (old.Count == 0 || current.Count == 0 || !WorkloadTraits.IsRolling(facts.Object!) || !current.All(pod => IsUpToDate(pod.Sidecar, target))) return null;
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

    private static RestartVerdict.Refuse Refuse(string id, WorkloadReference workload, string reason) =>
        new(new RestartRefusedException(id, workload, $"{workload} cannot be restarted: {reason}."));
}
