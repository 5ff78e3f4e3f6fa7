namespace MeshRoll.Core.Rollouts;

/// <summary>What a follower reports.</summary>
public abstract record RolloutEvent
{
    private RolloutEvent() { }

    /// <summary>A rollout's counts, state or findings changed. At most four times a second for each; a slow reader gets the newest only.</summary>
    public sealed record Changed(MeshRollout Rollout) : RolloutEvent;

    /// <summary>A rollout ended: Complete, Failed, TimedOut or Skipped. Exactly once for each.</summary>
    public sealed record Ended(MeshRollout Rollout) : RolloutEvent;

    /// <summary>Something worth saying that concerns no single rollout, such as a lost connection.</summary>
    public sealed record Remark(string Text) : RolloutEvent;
}
