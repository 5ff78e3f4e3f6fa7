using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>
/// One look at one rollout: from its workload, its pods and what is remembered to how it stands now. No clock, no request; the follower does both.
/// The order: what its status says has failed or is done; then what dooms it; then its time.
/// </summary>
internal static class RolloutJudgement
{
    /// <summary>A pod is created within a moment; one that stays missing for longer is being refused.</summary>
    public static readonly TimeSpan MissingGrace = TimeSpan.FromSeconds(5);

    /// <summary>The workload's and the pods' caches come over two connections: so long the pods may lag behind the status before they are judged as they are.</summary>
    public static readonly TimeSpan PodLag = TimeSpan.FromSeconds(1);

    /// <summary>A cache that was there before may not have heard yet of a workload made just now: so long one that somebody else has seen may be missing from it.</summary>
    public static readonly TimeSpan NewsLag = TimeSpan.FromSeconds(3);

    /// <summary>What failed has failed; but a reason that a list of pods or events is about to bring is worth waiting for.</summary>
    public static readonly TimeSpan ReasonPatience = TimeSpan.FromSeconds(3);

    private static readonly MeshKnowledge NothingKnown = new();

    /// <summary>What is looked at.</summary>
    /// <param name="Workload">The workload; null when it is gone.</param>
    /// <param name="Pods">Its pods.</param>
    /// <param name="PodsKnown">Whether those are all its pods.</param>
    /// <param name="PodsReadable">Whether they ever will be.</param>
    internal readonly record struct Sight(IKubernetesObject? Workload, IReadOnlyCollection<Pod> Pods, bool PodsKnown, bool PodsReadable);

    public static Judgement Judge(MeshRollout rollout, Sight sight, FollowMemory memory, FollowOptions options, DateTimeOffset now)
    {
        if (sight.Workload is not { } workload) return Absent(rollout, memory, now);

        var status = RolloutStatusRules.Of(workload, RolloutExpectation.Of(rollout), sight.Pods);
        memory = memory with { DesiredAtFirst = memory.DesiredAtFirst ?? status.Desired, Pace = Pace(rollout, status, memory, now) };
        rollout = Apply(rollout, status, workload, sight, memory, now);
        if (status.State == RolloutState.Complete) return Verify(rollout, workload, sight, memory, options, now);

        memory = memory with { DoneSince = null, MissingSince = IsMissing(status, sight) ? memory.MissingSince ?? now : null };
        var diagnosis = Diagnose(rollout, workload, sight, memory, now);
        memory = memory with { Seen = diagnosis.Seen };
        // Before its first new pod there is nothing to be seen, and an old one must not be taken for it.
        var early = options.VerifySidecars && status.State != RolloutState.Pending && rollout.Updated > 0 ? SidecarVerification.CheckEarly(rollout, workload, sight.Pods, memory.Knowledge ?? NothingKnown) : null;
        rollout = rollout with { Diagnosis = With(diagnosis.Findings, early) };

        if (status.State == RolloutState.Failed) return Failed(rollout, early, workload, sight, memory, options, now);
        var ask = diagnosis.Ask;
        if (early?.Id == SidecarVerification.Outdated && memory.Knowledge is null) ask |= Inquiry.Mesh;
        if (diagnosis.Doom is { } doom && options.FailOnFatalFinding)
        {
            if (IsNewest(workload, diagnosis.DoomedHash, memory) is true) return FailOnceExplained(rollout, doom.Message, ask, arePodsToCome: false, memory, options, now);
            ask |= Inquiry.NewestTemplate;
        }
        if (memory.Deadline <= now) return TimedOut(rollout, memory, now);
        var graceEnds = memory.MissingSince + MissingGrace;
        if (graceEnds <= now) ask |= Inquiry.Events;
        return new(rollout, memory, Moments.Earliest(memory.Deadline, diagnosis.LookAgain, graceEnds > now ? graceEnds : null), ask, diagnosis.DoomedHash);
    }

    /// <summary>All workloads are known, and this one is not among them.</summary>
    public static Judgement Absent(MeshRollout rollout, FollowMemory memory, DateTimeOffset now)
    {
        // Without a uid nobody has seen it yet: it was followed by name alone.
        if (rollout.Uid.Length == 0) return End(rollout, memory, RolloutState.Failed, "there is none of that name", now);
        var heardOf = memory.Since + NewsLag;
        return memory.DesiredAtFirst is null && now < heardOf && !(memory.Deadline <= now)
            ? new(rollout, memory, Moments.Earliest(heardOf, memory.Deadline))
            : End(rollout, memory, RolloutState.Failed, "was deleted while it was being followed", now);
    }

    /// <summary>Its time is over, whatever it was waiting for.</summary>
    public static Judgement TimedOut(MeshRollout rollout, FollowMemory memory, DateTimeOffset now)
    {
        var finding = rollout.Diagnosis.Count > 0 ? $"; {rollout.Diagnosis[0].Message}" : "";
        return End(rollout, memory, RolloutState.TimedOut, $"not done after {Wording.Duration(now - (rollout.StartTime ?? memory.Since))}: {rollout.Message}{finding}", now);
    }

    /// <summary>It cannot be followed any further.</summary>
    public static Judgement End(MeshRollout rollout, FollowMemory memory, RolloutState state, string message, DateTimeOffset now) =>
        new(rollout with { State = state, Message = message, EndTime = now, Remaining = null }, memory);

    private static MeshRollout Apply(MeshRollout rollout, RolloutStatus status, IKubernetesObject workload, Sight sight, FollowMemory memory, DateTimeOffset now) => rollout with
    {
        State = status.State,
        Desired = status.Desired,
        Updated = status.Updated,
        Ready = status.Ready,
        Available = status.Available,
        Old = status.Old,
        Terminating = sight.Pods.Count(pod => pod.Metadata.DeletionTimestamp is not null),
        Revision = status.Revision.Length > 0 ? status.Revision : rollout.Revision,
        Message = workload.Metadata.Generation > rollout.Generation && status.State != RolloutState.Failed
            ? $"{status.Message}; the workload was changed again meanwhile ({Change(rollout, status, workload, memory)}), its newest template is followed"
            : status.Message,
        Diagnosis = [],
        Uid = rollout.Uid.Length > 0 ? rollout.Uid : workload.Metadata.Uid,
        Remaining = WaitsForSomebody(status, workload) ? null
            : memory.Pace!.Remaining(DurationEstimate.Of(workload), DurationEstimate.Replaced(workload), DurationEstimate.AtATime(workload), now),
    };

    private static Judgement Failed(MeshRollout rollout, MeshFinding? early, IKubernetesObject workload, Sight sight, FollowMemory memory, FollowOptions options, DateTimeOffset now)
    {
        // Perhaps this is the first look at something that failed long ago: then the cluster's own times tell since when.
        var diagnosis = Diagnose(rollout, workload, sight, memory, now, isSingle: true);
        rollout = rollout with { Diagnosis = With(diagnosis.Findings, early) };
        return FailOnceExplained(rollout, WithFinding(rollout.Message, diagnosis), diagnosis.Ask, !sight.PodsKnown && sight.PodsReadable, memory, options, now);
    }

    /// <summary>It ends as failed when all that is asked for has been answered once, or when <see cref="ReasonPatience"/> is over.</summary>
    private static Judgement FailOnceExplained(MeshRollout rollout, string message, Inquiry ask, bool arePodsToCome, FollowMemory memory, FollowOptions options, DateTimeOffset now)
    {
        var failedSince = memory.FailedSince ?? now;
        var patience = failedSince + ReasonPatience;
        ask &= ~memory.Answered;
        var isExplained = !arePodsToCome && ask == Inquiry.None;
        if (!options.LooksUpReasons || isExplained || patience <= now || memory.Deadline <= now) return End(rollout, memory, RolloutState.Failed, message, now);
        return new(rollout with { State = RolloutState.Progressing, Message = $"{rollout.Message}; the reason is being looked up" }, memory with { FailedSince = failedSince }, Moments.Earliest(patience, memory.Deadline), ask);
    }

    private static RolloutPace Pace(MeshRollout rollout, RolloutStatus status, FollowMemory memory, DateTimeOffset now)
    {
        // A status from before the change tells of pods of the old template.
        var done = status.State == RolloutState.Pending ? 0 : Math.Min(status.Updated, Math.Max(0, status.Available - status.Old));
        if (memory.Pace is { } pace) return pace.See(done, now);
        return rollout is { Generation: not null, StartTime: { } start } ? RolloutPace.From(start, 0).See(done, now) : RolloutPace.From(now, done);
    }

    // Nobody knows when somebody will resume it, or delete its pods.
    private static bool WaitsForSomebody(RolloutStatus status, IKubernetesObject workload) =>
        status.State == RolloutState.Paused || workload is StatefulSet { Spec.UpdateStrategy.Type: "OnDelete" } or DaemonSet { Spec.UpdateStrategy.Type: "OnDelete" };

    private static string Change(MeshRollout rollout, RolloutStatus status, IKubernetesObject workload, FollowMemory memory)
    {
        var generations = $"generation {workload.Metadata.Generation} after {rollout.Generation}";
        return memory.DesiredAtFirst is { } before && before != status.Desired && workload is not DaemonSet ? $"scaled from {before} to {status.Desired}, {generations}" : generations;
    }

    private static RolloutDiagnosis Diagnose(MeshRollout rollout, IKubernetesObject workload, Sight sight, FollowMemory memory, DateTimeOffset now, bool isSingle = false)
    {
        // Until its controller has seen the change, and we have seen that, everything tells of the time before: perhaps of what the change is to mend.
        if (rollout.State == RolloutState.Pending) return new() { Seen = memory.Seen };

        var template = NewTemplate.Of(workload, sight.Pods);
        // Pods that a ReplicaSet said are not of the newest template say nothing.
        if (memory.Newest is { IsNewest: false } older && older.Generation == workload.Metadata.Generation && older.Hash == template.Hash) template = default;
        return DiagnosisRules.Diagnose(new()
        {
            Workload = workload,
            Pods = sight.Pods,
            Template = template,
            Events = memory.Events,
            PodsAreMissing = memory.MissingSince is not null,
            Istiods = memory.Istiods,
            Cluster = rollout.Cluster,
            Since = rollout.Generation is null ? null : rollout.StartTime,
            Now = now,
            IsSingle = isSingle,
            Seen = memory.Seen,
        });
    }

    private static Judgement Verify(MeshRollout rollout, IKubernetesObject workload, Sight sight, FollowMemory memory, FollowOptions options, DateTimeOffset now)
    {
        rollout = rollout with { Remaining = TimeSpan.Zero };
        if (options.VerifySidecars) rollout = rollout with { Diagnosis = DiagnosisRules.InjectedTwice(workload, rollout.Cluster, sight.Pods) };
        var isWanted = options.VerifySidecars && SidecarVerification.IsWanted(rollout) && rollout.Desired > 0;
        if (!isWanted || !sight.PodsReadable) return Done(rollout, memory, now);

        var doneSince = memory.DoneSince ?? now;
        memory = memory with { DoneSince = doneSince };
        var patience = doneSince + PodLag;
        if ((!sight.PodsKnown || SidecarVerification.NewPods(workload, sight.Pods).Count < Math.Min(rollout.Desired, rollout.Updated)) && now < patience)
        {
            return new(rollout with { State = RolloutState.Progressing, Message = "all pods are new and available; their sidecars are being checked" }, memory, Moments.Earliest(patience, memory.Deadline));
        }
        if (SidecarVerification.Check(rollout, workload, sight.Pods, memory.Knowledge ?? NothingKnown) is not { } finding) return Done(rollout, memory, now);
        if (memory.Knowledge is null)
        {
            return new(rollout with { State = RolloutState.Progressing, Message = "all pods are new and available; why their sidecars are not as wanted is being looked up" }, memory, memory.Deadline, Inquiry.Mesh);
        }
        return Done(rollout with { Diagnosis = [.. rollout.Diagnosis.Prepend(finding)], Message = $"done, but {finding.Message}" }, memory, now);
    }

    private static Judgement Done(MeshRollout rollout, FollowMemory memory, DateTimeOffset now) => new(rollout with { State = RolloutState.Complete, EndTime = now, Remaining = TimeSpan.Zero }, memory);

    private static bool IsMissing(RolloutStatus status, Sight sight) =>
        sight.PodsKnown && status.State == RolloutState.Progressing && sight.Pods.Count(pod => pod.Status.Phase is not ("Failed" or "Succeeded")) < status.Desired;

    // Only a Deployment's pods leave it open which template is the newest; see NewTemplate.
    private static bool? IsNewest(IKubernetesObject workload, string hash, FollowMemory memory)
    {
        if (workload is not Deployment || hash.Length == 0) return true;
        return memory.Newest is { } known && known.Generation == workload.Metadata.Generation && known.Hash == hash ? known.IsNewest : null;
    }

    private static IReadOnlyList<MeshFinding> With(IReadOnlyList<MeshFinding> findings, MeshFinding? early) => early is null ? findings : [.. findings.Append(early)];

    private static string WithFinding(string message, RolloutDiagnosis diagnosis) => diagnosis.Findings.Count == 0 ? message : $"{message}; {diagnosis.Findings[0].Message}";
}
