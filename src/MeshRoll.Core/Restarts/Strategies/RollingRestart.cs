using System.Net;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Checking;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Strategies;

/// <summary>
/// One patch of the pod template; from then on the cluster's controllers replace the pods by the workload's own update strategy, whether MeshRoll is there
/// or not. So there is nothing that a crash could leave half-done, and no mark.
/// </summary>
/// <remarks><code>untouched --patch--> rolling --(controllers)--> done, or failed with the reason</code></remarks>
internal sealed class RollingRestart : IRestartStrategy
{
    /// <summary>A busy workload's status changes now and then while its patch is on the way; not again and again.</summary>
    private const int Attempts = 5;

    /// <inheritdoc/>
    public RestartStrategy Name => RestartStrategy.Rolling;

    /// <inheritdoc/>
    public RestartRefusal? Unfit(RestartFacts facts, RestartOptions options)
    {
        var (workload, found) = (facts.Workload, facts.Object!);
        if (workload.Kind == Workloads.WorkloadKinds.ReplicaSet) return new("MeshRoll.NotRestartable", "a ReplicaSet of its own does not replace pods when its template changes; -Strategy Evict replaces them one by one");
        if (WorkloadTraits.IsPaused(found)) return new("MeshRoll.WorkloadPaused", $"it is paused; resume it first (Resume-MeshRollout, or kubectl rollout resume {workload.ShortName} -n {workload.Namespace})");
        if (WorkloadTraits.UpdateStrategyOf(found) == "OnDelete") return new("MeshRoll.OnDelete", "its update strategy is OnDelete, so a new template restarts nothing; -Strategy Evict (or Auto) replaces its pods one by one, each after the one before is ready again");
        if (WorkloadTraits.Replaced(found) == 0) return new("MeshRoll.PartitionAboveAll", $"its partition {WorkloadTraits.PartitionOf(found)} holds all its pods back, so a new template restarts nothing; -Strategy Evict (or Auto) renews them with the template they have, or lower spec.updateStrategy.rollingUpdate.partition first");
        return null;
    }

    /// <inheritdoc/>
    public RestartProposal Propose(RestartFacts facts, RestartTarget target, RestartOptions options)
    {
        // The kinds that have pods are those that have an estimate.
        var (found, expected) = (facts.Object!, DurationEstimate.Of(facts.Object!)!.Value);
        var pods = WorkloadObject.Desired(found);
        return new(facts.Workload, pods, expected, $"Rolling restart of {Wording.Count(WorkloadTraits.Replaced(found), "pod")}, about {Wording.Duration(expected)}{Note(found, pods)}");
    }

    /// <inheritdoc/>
    public async Task BeginAsync(RestartTurn turn, IRestartStage stage, CancellationToken cancellationToken)
    {
        var workload = turn.Target.Workload;
        var seen = turn.Facts.Object!;
        // What a dead run left is taken back first: a raised count would roll too.
        if (MarkRules.Of(seen).Mark is { } dead && await stage.Writes.FindAsync(workload, cancellationToken) is { } found)
            seen = await stage.Writes.PatchAsync(workload, MarkPatch.Remove(found.Metadata.ResourceVersion, MarkRules.ReplicasToRestore(dead, WorkloadObject.Desired(found))), cancellationToken);

        // The moment is chosen once: whether the patch is sent once or more, the workload restarts once.
        var moment = stage.Now;
        var changed = stage.Options.Plan is { } plan
            ? await RestartOnceAsync(workload, seen, moment, plan, stage, cancellationToken)
            : await stage.Writes.PatchAsync(workload, RestartPatch.For(workload.Kind, moment), cancellationToken);
        var rollout = stage.Describe(turn, changed, moment) with { Message = "restart issued", Remaining = DurationEstimate.Of(changed) };
        stage.Follow(rollout, stage.Options.TimeFor(turn.Proposal));
    }

    /// <summary>
    /// A plan restarts each workload once, and what somebody else has changed not at all: also when this process was stopped between its decision and its
    /// patch, and another machine has taken over meanwhile. So the patch holds only for the workload as it was decided on, its status aside.
    /// </summary>
    private static async Task<IKubernetesObject> RestartOnceAsync(WorkloadReference workload, IKubernetesObject seen, DateTimeOffset moment, string plan, IRestartStage stage, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await stage.Writes.PatchAsync(workload, RestartPatch.For(workload.Kind, moment, plan, seen.Metadata.ResourceVersion), cancellationToken);
            }
            catch (ApiException conflict) when (conflict.Code == HttpStatusCode.Conflict && attempt < Attempts)
            {
                if (await stage.Writes.FindAsync(workload, cancellationToken) is not { } found) throw;
                // The answer to the first patch was lost, and it was sent again.
                if (PlanMark.Of(found) == plan && PlanDifferenceRules.RestartedAt(found) == moment) return found;
                if (PlanMark.Of(found) == plan || found.Metadata.Uid != seen.Metadata.Uid || found.Metadata.Generation != seen.Metadata.Generation) throw;
                // The machine may have slept since, and another have taken over.
                if (stage.Options.MayStill?.Invoke() == false) throw;
                seen = found;
            }
        }
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
}
