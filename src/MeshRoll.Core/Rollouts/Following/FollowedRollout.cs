using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>One rollout that is followed. Owned by its follower, which locks.</summary>
internal sealed class FollowedRollout(int number, MeshRollout rollout, FollowMemory memory)
{
    /// <summary>The how-manieth that was added.</summary>
    public int Number { get; } = number;

    /// <summary>Which workload.</summary>
    public WorkloadReference Workload { get; } = new(rollout.Namespace, rollout.Kind, rollout.Name);

    /// <summary>As it stands.</summary>
    public MeshRollout Current { get; set; } = rollout;

    /// <summary>As the reader of the events knows it.</summary>
    public MeshRollout Shown { get; set; } = rollout;

    /// <summary>When the reader was told last.</summary>
    public DateTimeOffset ShownAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>How it went so far.</summary>
    public RolloutTimeline Timeline { get; } = new();

    /// <summary>For the next judgement.</summary>
    public FollowMemory Memory { get; set; } = memory;

    /// <summary>What is being asked at the moment.</summary>
    public Inquiry Asking { get; set; }

    /// <summary>When what may change meanwhile may be asked for again.</summary>
    public Dictionary<Inquiry, DateTimeOffset> AskAgain { get; } = [];

    /// <summary>Whether anything differs that is worth telling; an estimate that runs down is not.</summary>
    public bool IsNews =>
        Shown.State != Current.State || Shown.Message != Current.Message || Shown.Revision != Current.Revision
        || (Shown.Desired, Shown.Updated, Shown.Ready, Shown.Available, Shown.Old, Shown.Terminating)
            != (Current.Desired, Current.Updated, Current.Ready, Current.Available, Current.Old, Current.Terminating)
        || !Shown.Diagnosis.SequenceEqual(Current.Diagnosis);
}
