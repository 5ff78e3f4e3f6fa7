using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>
/// Decides the next step of a replacement that a run carries out by itself, from what is there and nothing else: no clock, no cluster. So a run that was
/// killed goes on where it stood, with the same decisions, in another process or on another machine.
/// </summary>
/// <remarks>
/// <code>
/// unmarked --Set--> marked --Evict, Evict, …--> no old pods left, enough serve --Release--> settled --> End
///                     |  \--Set (every 30 s, to be heard of)
///                     |--Release (failed, out of time, disturbed, robbed of the mark: what is there stays, the count is restored)
///                     '--End (deleted, or the mark is somebody else's: nothing more is touched)
/// </code>
/// A serving pod goes only while the others are at least <see cref="Floor"/>; a pod that does not serve costs nothing by going, and goes first.
/// </remarks>
internal abstract class ReplacementMachine(ReplacementOrder order)
{
    private static readonly TimeSpan SettleWithin = TimeSpan.FromMinutes(1);

    /// <summary>What is to be done.</summary>
    public ReplacementOrder Order { get; } = order;

    /// <summary>The next step.</summary>
    public ReplacementStep Next(ReplacementSight sight, ReplacementMemory memory, DateTimeOffset now)
    {
        if (memory.Released is { } released) return Settle(sight, memory, released, now);
        if (sight.Uid is null) return Failed("was deleted while its pods were being replaced");
        if (memory.Uid is { } uid && uid != sight.Uid) return Failed("was deleted and made again under the same name: this is another workload now");
        if (sight.Mark.Nonsense is not null) return Failed($"carries a mark that cannot be read ({RestartMark.Key}); nothing more is done");
        if (sight.Mark.Mark is not { } mark) return memory.Mark is { } own ? Robbed(sight, own) : Begin(sight, null, now);
        if (mark.Run != Order.Mark.Run) return mark.Run == memory.TakesOver && !memory.IsMarked ? Begin(sight, mark, now) : Failed($"was taken over by {mark}");

        if (Disturbance(sight, mark) is { } disturbed) return new ReplacementStep.Release(new(RolloutState.Failed, disturbed), null);
        if (Order.Deadline <= now) return Release(sight, mark, RolloutState.TimedOut, $"not done in time: {Progress(sight, memory)}");
        if (sight.Trouble is { } trouble) return Release(sight, mark, RolloutState.Failed, trouble.Message);
        if (MarkRules.IsBeatDue(mark, now)) return new ReplacementStep.Set(mark with { Beat = now }, null);
        return sight.Old.Any() ? ReplaceNext(sight, mark, memory, now) : Finish(sight, mark, memory, now);
    }

    /// <summary>Ends it before its time, at the caller's wish: the mark goes and the count is restored.</summary>
    public ReplacementStep Abandon(ReplacementSight sight, string message)
    {
        if (sight.Mark.Mark is not { } mark || mark.Run != Order.Mark.Run) return Failed(message);
        return Release(sight, mark, RolloutState.Failed, message);
    }

    /// <summary>How many pods must serve after a serving one was evicted.</summary>
    protected abstract int Floor(ReplacementSight sight, RestartMark mark);

    /// <summary>How many pods may be on their way in or out when one that does not serve is evicted.</summary>
    protected abstract int Parallel(RestartMark mark);

    /// <summary>How many pods serve when all is done.</summary>
    protected abstract int Wanted(ReplacementSight sight, RestartMark mark);

    /// <summary>The first write; <paramref name="dead"/> is the mark that it replaces.</summary>
    protected abstract ReplacementStep.Set Begin(ReplacementSight sight, RestartMark? dead, DateTimeOffset now);

    /// <summary>What somebody else did that makes it impossible to go on; null for nothing.</summary>
    protected abstract string? Disturbance(ReplacementSight sight, RestartMark mark);

    private ReplacementStep ReplaceNext(ReplacementSight sight, RestartMark mark, ReplacementMemory memory, DateTimeOffset now)
    {
        if (memory.Blocked is { } blocked && now < blocked.Until) return Wait($"{Progress(sight, memory)}; the next one waits: {blocked.By}", sight, mark, memory, blocked.Until);

        var next = Candidate(sight);
        var isDue = Due(memory);
        if (!next.IsAvailable && sight.InTransit < Parallel(mark)) return new ReplacementStep.Evict(next);
        if (next.IsAvailable && sight.Available - 1 >= Floor(sight, mark))
        {
            if (isDue <= now) return new ReplacementStep.Evict(next);
            if (isDue < DateTimeOffset.MaxValue) return Wait($"{Progress(sight, memory)}; pausing before the next one", sight, mark, memory, isDue);
        }
        return Stuck(sight, mark, memory, now) as ReplacementStep ?? Wait($"{Progress(sight, memory)}; waiting for new pods to become ready", sight, mark, memory, null);
    }

    private ReplacementStep Finish(ReplacementSight sight, RestartMark mark, ReplacementMemory memory, DateTimeOffset now) =>
        sight.Available >= Wanted(sight, mark)
            ? Release(sight, mark, RolloutState.Complete, Done(Wanted(sight, mark)))
            : Stuck(sight, mark, memory, now) as ReplacementStep ?? Wait($"{Progress(sight, memory)}; waiting for the last new pods to become ready", sight, mark, memory, null);

    /// <summary>A replacement that does not come up though nothing tells why.</summary>
    private ReplacementStep.Release? Stuck(ReplacementSight sight, RestartMark mark, ReplacementMemory memory, DateTimeOffset now)
    {
        if (memory.MovedAt is not { } moved || now - moved < Order.Patience) return null;
        var finding = sight.Findings.Count > 0 ? $"; {sight.Findings[0].Message}" : "";
        return Release(sight, mark, RolloutState.Failed, $"no new pod became ready within {Wording.Duration(Order.Patience)}{finding} ({Progress(sight, memory)})");
    }

    /// <summary>What does not serve first; then by the order of the kind.</summary>
    private SeenPod Candidate(ReplacementSight sight)
    {
        var byKind = Order.Workload.Kind switch
        {
            Workloads.WorkloadKinds.StatefulSet => sight.Old.OrderByDescending(pod => pod.Ordinal),
            Workloads.WorkloadKinds.DaemonSet => sight.Old.OrderBy(pod => pod.Node, StringComparer.Ordinal),
            _ => sight.Old.OrderBy(pod => pod.Created).ThenBy(pod => pod.Name, StringComparer.Ordinal),
        };
        var inOrder = byKind.ToList();
        return inOrder.Find(pod => !pod.IsAvailable) ?? inOrder[0];
    }

    /// <summary>When the next serving pod may go, as far as the pause between pods is concerned; MaxValue while that cannot be told.</summary>
    private DateTimeOffset Due(ReplacementMemory memory)
    {
        if (Order.PodDelay == TimeSpan.Zero || memory.EvictedAt is null) return DateTimeOffset.MinValue;
        return memory.CalmSince is { } calm ? calm + Order.PodDelay : DateTimeOffset.MaxValue;
    }

    private static ReplacementStep Settle(ReplacementSight sight, ReplacementMemory memory, Outcome outcome, DateTimeOffset now)
    {
        if (sight.Uid is null || sight.Staying <= sight.Desired || memory.MovedAt is not { } moved || now - moved >= SettleWithin) return new ReplacementStep.End(outcome);
        return new ReplacementStep.Wait($"{outcome.Message}; waiting for the pods too many to go", Moments.Earliest(sight.LookAgain, moved + SettleWithin));
    }

    /// <summary>The mark was taken away by somebody. A count that is still as this run raised it is this run's to restore.</summary>
    private static ReplacementStep Robbed(ReplacementSight sight, RestartMark own)
    {
        const string Message = "its mark was taken away by somebody; nothing more is replaced";
        return MarkRules.ReplicasToRestore(own, sight.Desired) is { } replicas ? new ReplacementStep.Release(new(RolloutState.Failed, Message), replicas) : Failed(Message);
    }

    private ReplacementStep.Wait Wait(string message, ReplacementSight sight, RestartMark mark, ReplacementMemory memory, DateTimeOffset? until) =>
        new(message, Moments.Earliest(until, sight.LookAgain, mark.Beat + MarkRules.BeatEvery, memory.MovedAt + Order.Patience, Order.Deadline));

    private static ReplacementStep.Release Release(ReplacementSight sight, RestartMark mark, RolloutState state, string message) =>
        new(new(state, message) { Diagnosis = state == RolloutState.Complete ? [] : Diagnosis(sight) }, MarkRules.ReplicasToRestore(mark, sight.Desired));

    private static IReadOnlyList<MeshFinding> Diagnosis(ReplacementSight sight) =>
        sight.Trouble is { } trouble && !sight.Findings.Contains(trouble) ? [trouble, .. sight.Findings] : sight.Findings;

    private static ReplacementStep.End Failed(string message) => new(new(RolloutState.Failed, message));

    private static string Done(int wanted) => wanted == 1 ? "done: its pod was replaced and is ready" : $"done: its pods were replaced, {wanted} are ready";

    private static string Progress(ReplacementSight sight, ReplacementMemory memory) =>
        $"{Wording.Count(memory.Reached.Old, "pod")} left to replace, {sight.Available} ready";
}
