using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>What a replacement does next.</summary>
internal abstract record ReplacementStep
{
    private ReplacementStep() { }

    /// <summary>Whether it may rest on nothing less than a fresh look: it changes the cluster, or ends it.</summary>
    public bool IsDecision => this is not Wait;

    /// <summary>Write the mark: to begin, to take over, or to be heard of. With it the count, where that changes.</summary>
    public sealed record Set(RestartMark Mark, int? Replicas) : ReplacementStep;

    /// <summary>Evict this pod, and no other of its name.</summary>
    public sealed record Evict(SeenPod Pod) : ReplacementStep;

    /// <summary>Take the mark away, and restore the count where one is given. What the replacement came to is decided by now.</summary>
    public sealed record Release(Outcome Outcome, int? Replicas) : ReplacementStep;

    /// <summary>Nothing to do before something changes, or before a time.</summary>
    /// <param name="Message">What is waited for, in words.</param>
    /// <param name="Until">When to look again; null when only a change matters.</param>
    public sealed record Wait(string Message, DateTimeOffset? Until) : ReplacementStep;

    /// <summary>It is over; nothing of it is left on the workload, as far as that is ours.</summary>
    public sealed record End(Outcome Outcome) : ReplacementStep;
}

/// <summary>How a replacement ended.</summary>
/// <param name="State">Complete, Failed or TimedOut.</param>
/// <param name="Message">The same in words, with the reason.</param>
internal sealed record Outcome(RolloutState State, string Message)
{
    /// <summary>What was wrong when that was decided, most telling first: the pods concerned may be gone by the time it is told.</summary>
    public IReadOnlyList<MeshFinding> Diagnosis { get; init; } = [];
}
