using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>
/// How a replacement goes that a run carries out by itself: the workload's own status says nothing about it. In the run's process the run says it; in any
/// other the mark on the workload does, as long as it stands, and the pods' sidecars when it is gone.
/// </summary>
internal static class DrivenJudgement
{
    /// <summary>As its run says. The caller's own deadline holds all the same.</summary>
    public static Judgement Of(MeshRollout driven, MeshRollout rollout, FollowMemory memory, DateTimeOffset now)
    {
        // Where it is followed from does not change what is known of it.
        var current = driven with { Cluster = rollout.Cluster };
        return !driven.Ended && memory.Deadline <= now ? RolloutJudgement.TimedOut(current, memory, now) : new(current, memory, memory.Deadline);
    }

    /// <summary>As the workload and its pods tell.</summary>
    public static Judgement ByMark(MeshRollout rollout, RolloutJudgement.Sight sight, FollowMemory memory, DateTimeOffset now)
    {
        if (sight.Workload is not { } workload) return RolloutJudgement.Absent(rollout, memory, now);
        if (rollout.Uid.Length > 0 && workload.Metadata.Uid != rollout.Uid) return RolloutJudgement.End(rollout, memory, RolloutState.Failed, "was deleted and made again under the same name: this is another workload now", now);

        var staying = sight.Pods.Where(PodQuery.IsLive).ToList();
        var ready = staying.Count(PodQuery.IsReady);
        var mark = MarkRules.Of(workload).Mark;
        rollout = rollout with { Desired = mark?.Replicas ?? WorkloadObject.Desired(workload), Ready = ready, Available = ready };
        memory = memory with { DesiredAtFirst = memory.DesiredAtFirst ?? rollout.Desired };
        if (mark is not null && mark.Run == rollout.RunId)
        {
            var deadAt = mark.Beat + MarkRules.DeadAfter;
            if (deadAt <= now) return RolloutJudgement.End(rollout, memory, RolloutState.Failed, $"{mark} was last heard of {Wording.Duration(now - mark.Beat)} ago; Repair-MeshWorkload takes back what it left, another restart finishes it", now);
            if (memory.Deadline <= now) return RolloutJudgement.TimedOut(rollout, memory, now);
            return new(rollout with { State = RolloutState.Progressing, Message = $"{mark} is replacing its pods, {ready} ready" }, memory, memory.Deadline < deadAt ? memory.Deadline : deadAt);
        }
        if (!sight.PodsKnown && sight.PodsReadable) return new(rollout, memory, memory.Deadline);

        // The run is over and said so to its own process only: what it came to shows in the pods.
        var finding = (rollout.DesiredVersion ?? rollout.DesiredRevision) is null ? null
            : SidecarVerification.Check(WorkloadObject.ReferenceOf(workload), rollout.Cluster, rollout.DesiredVersion, rollout.DesiredRevision, staying, WorkloadObject.TemplateOf(workload), NothingKnown);
        return finding is null
            ? RolloutJudgement.End(rollout with { Updated = staying.Count, Old = 0 }, memory, RolloutState.Complete, "done: the run has ended", now)
            : RolloutJudgement.End(rollout with { Diagnosis = [finding] }, memory, RolloutState.Failed, $"the run has ended, but {finding.Message}", now);
    }

    private static readonly MeshKnowledge NothingKnown = new();
}
