using MeshRoll.Core.Restarts.Replacing;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts;

/// <summary>The rollouts a run shows: as they begin, as they move, as they end.</summary>
internal sealed class RestartReports(ClusterSession session)
{
    /// <summary>A workload to which nothing was done, with its counts as far as they are known.</summary>
    public MeshRollout Blank(WorkloadReference workload, RestartFacts? facts)
    {
        var status = StatusOf(facts);
        return With(workload, status);
    }

    /// <summary>A workload whose restart begins.</summary>
    /// <param name="turn">Whose turn it is.</param>
    /// <param name="workload">It, after the first change.</param>
    /// <param name="startTime">The moment of that change, UTC.</param>
    public MeshRollout Begun(RestartTurn turn, IKubernetesObject workload, DateTimeOffset startTime)
    {
        List<Pod> pods = [.. turn.Facts.Pods.Select(pod => pod.Pod)];
        var status = workload is ReplicaSet ? null : RolloutStatusRules.Of(workload, new() { Generation = workload.Metadata.Generation, Since = startTime }, pods);
        var wanted = Wanted(turn);
        return With(turn.Target.Workload, status) with
        {
            Strategy = turn.Strategy.ToString(),
            StrategyReason = turn.Because,
            State = RolloutState.Pending,
            StartTime = startTime,
            Generation = workload.Metadata.Generation,
            Uid = workload.Metadata.Uid,
            DesiredVersion = wanted.DesiredVersion,
            DesiredRevision = wanted.DesiredRevision,
            PreviousVersion = VersionsOf(turn.Facts),
        };
    }

    /// <summary>The target, with what the mesh injects where the caller did not say what is wanted.</summary>
    public static RestartTarget Wanted(RestartTurn turn) => turn.Target with
    {
        DesiredVersion = turn.Target.DesiredVersion ?? First(turn.Facts, sidecar => sidecar.DesiredVersion),
        DesiredRevision = turn.Target.DesiredRevision ?? First(turn.Facts, sidecar => sidecar.DesiredRevision),
    };

    /// <summary>A replacement as it was seen last.</summary>
    public static MeshRollout Moved(MeshRollout rollout, ReplacementSight sight, string message)
    {
        var old = sight.Old.Count();
        var desired = sight.Mark.Mark?.Replicas ?? sight.Desired;
        var updated = sight.Pods.Count(pod => pod is { IsOld: false, IsEnding: false });
        return rollout with
        {
            State = RolloutState.Progressing,
            Message = message,
            Desired = desired,
            Updated = Math.Min(updated, desired),
            Ready = sight.Available,
            Available = sight.Available,
            Old = old,
            Terminating = sight.Pods.Count(pod => pod.IsEnding),
            Diagnosis = sight.Findings,
        };
    }

    /// <summary>A replacement that is over.</summary>
    public static MeshRollout Over(MeshRollout rollout, Outcome outcome, ReplacementSight? sight, DateTimeOffset now)
    {
        var last = sight is { Uid: not null } ? Moved(rollout, sight, outcome.Message) : rollout;
        return last with
        {
            State = outcome.State,
            Message = outcome.Message,
            EndTime = now,
            Remaining = outcome.State == RolloutState.Complete ? TimeSpan.Zero : null,
            Diagnosis = outcome.Diagnosis,
        };
    }

    /// <summary>What the message of a workload begins with that was not started because the walk had stopped.</summary>
    public const string NotStartedWords = "not started: ";

    /// <summary>Why a workload was not started, after the walk had stopped.</summary>
    /// <param name="failed">The workloads that did not come back.</param>
    /// <param name="stoppedFor">What else stopped it; empty for nothing.</param>
    public static string NotStarted(IReadOnlyList<MeshRollout> failed, string stoppedFor) => stoppedFor.Length > 0 ? $"{NotStartedWords}{stoppedFor}"
        : $"{NotStartedWords}{string.Join(", ", failed.Take(3).Select(rollout => $"{rollout.Namespace} {rollout.Kind.ToLowerInvariant()}/{rollout.Name}"))}{(failed.Count > 3 ? $" and {failed.Count - 3} more" : "")} did not come back as wanted";

    private MeshRollout With(WorkloadReference workload, RolloutStatus? status) => new()
    {
        Cluster = session.Name,
        Namespace = workload.Namespace,
        Kind = workload.Kind,
        Name = workload.Name,
        Desired = status?.Desired ?? 0,
        Updated = status?.Updated ?? 0,
        Ready = status?.Ready ?? 0,
        Available = status?.Available ?? 0,
        Old = status?.Old ?? 0,
        Revision = status?.Revision ?? "",
    };

    private static string VersionsOf(RestartFacts facts) => string.Join(", ", facts.Pods.Select(pod => pod.Sidecar?.Version).OfType<string>()
        .GroupBy(version => version).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key));

    private static string? First(RestartFacts facts, Func<MeshSidecar, string?> value) =>
        facts.Pods.Select(pod => pod.Sidecar is { } sidecar ? value(sidecar) : null).FirstOrDefault(found => found is not null);

    private static RolloutStatus? StatusOf(RestartFacts? facts) =>
        facts?.Object switch
        {
            null => null,
            // It rolls nothing out: its counts are all there is to tell.
            ReplicaSet set => new(RolloutState.Complete, "") { Desired = WorkloadObject.Desired(set), Ready = set.Status.ReadyReplicas, Available = set.Status.AvailableReplicas },
            var found => RolloutStatusRules.Of(found, RolloutExpectation.Any, [.. facts.Pods.Select(pod => pod.Pod)]),
        };
}
