namespace MeshRoll.Core.Rollouts;

/// <summary>A workload's rollout at one moment. Immutable: a later moment is another object.</summary>
public sealed record MeshRollout
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Deployment, StatefulSet, DaemonSet or Rollout.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>How pods are replaced: Rolling, Surge or Evict; empty for a rollout MeshRoll did not start.</summary>
    public string Strategy { get; init; } = "";

    /// <summary>Why so, when MeshRoll chose (strategy Auto); else empty.</summary>
    public string StrategyReason { get; init; } = "";

    /// <summary>Where it stands.</summary>
    public RolloutState State { get; init; }

    /// <summary>Pods wanted.</summary>
    public int Desired { get; init; }

    /// <summary>Pods made from the current template.</summary>
    public int Updated { get; init; }

    /// <summary>Pods ready.</summary>
    public int Ready { get; init; }

    /// <summary>Pods available (ready for long enough).</summary>
    public int Available { get; init; }

    /// <summary>Pods of an older template that are still there.</summary>
    public int Old { get; init; }

    /// <summary>Pods being deleted that still run, which no other count holds; 0 where pods were not read.</summary>
    public int Terminating { get; init; }

    /// <summary>The revision being rolled out: a Deployment's number, a StatefulSet's or DaemonSet's ControllerRevision; empty when unknown.</summary>
    public string Revision { get; init; } = "";

    /// <summary>When MeshRoll started it, or first saw it, UTC.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When its end was seen, UTC; null while it moves.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Estimate of the time left; null when unknown.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>Where it stands, in words; for failures the reason.</summary>
    public string Message { get; init; } = "";

    /// <summary>What is wrong, most telling first; empty while nothing is.</summary>
    public IReadOnlyList<MeshFinding> Diagnosis { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The workload's generation this rollout is of; a status of an older generation does not count. Null when any counts.</summary>
    public long? Generation { get; init; }

    /// <summary>The workload's uid, so that one deleted and made again under the same name is noticed; empty when unknown.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The sidecar version new pods are expected to carry; null to not check.</summary>
    public string? DesiredVersion { get; init; }

    /// <summary>The revision new pods are expected to be injected by; null to not check.</summary>
    public string? DesiredRevision { get; init; }

    /// <summary>The sidecar versions its pods carried before, the most frequent first, separated by commas; empty where nobody looked.</summary>
    public string PreviousVersion { get; init; } = "";

    /// <summary>How its pods went, from the first look to the end: at most about a hundred samples, the fewest ready pods always among them. Empty while it moves.</summary>
    public IReadOnlyList<RolloutSample> Timeline { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The run that replaces the pods by itself (Surge, Evict); empty where the cluster's controllers do.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Whether it ended, one way or the other.</summary>
    public bool Ended => State is RolloutState.Complete or RolloutState.Failed or RolloutState.TimedOut or RolloutState.Skipped;
}

/// <summary>Where a rollout stands.</summary>
public enum RolloutState
{
    /// <summary>Not started, or the controller has not seen the change yet.</summary>
    Pending,

    /// <summary>Pods are being replaced.</summary>
    Progressing,

    /// <summary>All pods are new and available.</summary>
    Complete,

    /// <summary>It will not end by itself.</summary>
    Failed,

    /// <summary>It was not done when the time allowed was over; it may still be moving.</summary>
    TimedOut,

    /// <summary>Paused by somebody.</summary>
    Paused,

    /// <summary>Nothing was done; the message says why.</summary>
    Skipped,
}
