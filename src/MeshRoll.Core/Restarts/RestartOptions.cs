using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Restarts;

/// <summary>How workloads are restarted.</summary>
public sealed record RestartOptions
{
    /// <summary>How pods are replaced.</summary>
    public RestartStrategy Strategy { get; init; } = RestartStrategy.Rolling;

    /// <summary>Evict and Surge: the pause after a replacement is ready before the next pod goes.</summary>
    public TimeSpan PodDelay { get; init; }

    /// <summary>Surge: pods added.</summary>
    public int SurgeCount { get; init; } = 1;

    /// <summary>Evict: pods that may be missing at a time.</summary>
    public int MaxUnavailable { get; init; } = 1;

    /// <summary>Whether the last serving pod of a workload may go before its replacement serves.</summary>
    public bool AllowDowntime { get; init; }

    /// <summary>Surge: whether an autoscaler's presence is no hindrance.</summary>
    public bool IgnoreAutoscaler { get; init; }

    /// <summary>Workloads moving at a time; 0 for no limit.</summary>
    public int MaxConcurrent { get; init; } = 5;

    /// <summary>Pause after each workload that ended before the next one starts in its place.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Workloads that may fail (or time out, or come back with the same sidecar) before nothing further is started; 0 for never stopping.</summary>
    public int StopAfterFailures { get; init; } = 1;

    /// <summary>Time allowed to each workload; null for three times the estimate, ten minutes at least.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether a finding that cannot pass by itself ends a workload at once; otherwise it has all of its time.</summary>
    public bool FailOnFatalFinding { get; init; } = true;

    /// <summary>Restarts also what is up to date.</summary>
    public bool Force { get; init; }

    /// <summary>The name the change is recorded under in managedFields.</summary>
    public string FieldManager { get; init; } = "meshroll";

    /// <summary>
    /// The plan that the restarts belong to; null for none. Workloads carry it once it has restarted them (<see cref="Plans.PlanMark"/>), and marks of
    /// earlier runs of the same plan are taken over at once: whoever runs a plan holds its Lease, so that those runs are over.
    /// </summary>
    public string? Plan { get; init; }

    /// <summary>What counts as up to date.</summary>
    public SidecarTarget Target { get; init; } = new();

    /// <summary>What holds the walk back, or leaves workloads out.</summary>
    public GuardOptions Guards { get; init; } = new();

    /// <summary>Whether the stream goes on until the last started workload has ended.</summary>
    public bool FollowToEnd { get; init; }

    /// <summary>Asked before each change, when its turn comes, one after the other; false leaves the workload alone. Null approves all.</summary>
    public Func<RestartProposal, CancellationToken, ValueTask<bool>>? Approve { get; init; }

    /// <summary>
    /// Whether it is asked last, when all else lets the workload be restarted this moment. People are asked first: they are not to wait in front of a question
    /// that comes later.
    /// </summary>
    internal bool ApprovesLast { get; init; }

    /// <summary>Whether a change that was approved may still be sent, when it has to be sent a second time. Null for always.</summary>
    internal Func<bool>? MayStill { get; init; }

    /// <summary>
    /// Told of each workload whose replacement was cut short because the run was cancelled, after it was put back (or could not be; the message says so).
    /// Called from any thread, before the run ends.
    /// </summary>
    public Action<MeshRollout>? TakenBack { get; init; }

    /// <summary>The time a workload gets: what was given, else three times what is to be expected, ten minutes at least.</summary>
    internal TimeSpan TimeFor(RestartProposal proposal) => Timeout ?? (3 * proposal.ExpectedDuration is { } generous && generous > ShortestTime ? generous : ShortestTime);

    /// <summary>Refuses numbers that make no sense.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.InvalidPacing</c>.</exception>
    internal void Validate()
    {
        if (MaxConcurrent < 0) throw Invalid($"MaxConcurrent is {MaxConcurrent}; it is the number of workloads moving at a time, or 0 for no limit.");
        if (StopAfterFailures < 0) throw Invalid($"StopAfterFailures is {StopAfterFailures}; it is the number of failures to stop after, or 0 for never stopping.");
        if (Delay < TimeSpan.Zero || Delay > Longest) throw Invalid($"Delay is {Delay}; it must be between 0 and 7 days.");
        if (Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > Longest)) throw Invalid($"Timeout is {timeout}; it must be more than 0 and at most 7 days.");
        Guards.Validate();
        if (PodDelay < TimeSpan.Zero || PodDelay > Longest) throw Invalid($"PodDelay is {PodDelay}; it must be between 0 and 7 days.");
        if (SurgeCount is < 1 or > 1000) throw Invalid($"SurgeCount is {SurgeCount}; it is the number of pods added, 1 to 1000.");
        if (MaxUnavailable is < 1 or > 10_000) throw Invalid($"MaxUnavailable is {MaxUnavailable}; it is the number of pods that may be missing at a time, at least 1.");
        if (!Enum.IsDefined(Strategy)) throw Invalid($"Strategy is {Strategy}; it is Rolling, Surge, Evict or Auto.");
        if (FieldManager.Length is 0 or > 128) throw Invalid("FieldManager must have 1 to 128 characters.");
    }

    private static readonly TimeSpan ShortestTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private static InvalidRequestException Invalid(string message) => new("MeshRoll.InvalidPacing", message);
}

/// <summary>One workload to restart.</summary>
/// <param name="Workload">Which.</param>
/// <param name="DesiredVersion">The sidecar version its new pods should carry, when the caller knows; null to take it from the mesh.</param>
/// <param name="DesiredRevision">The revision likewise.</param>
public sealed record RestartTarget(WorkloadReference Workload, string? DesiredVersion = null, string? DesiredRevision = null)
{
    /// <summary>Whether the user named this very workload, rather than finding it by a pattern: then it is restarted though its annotation says manual.</summary>
    public bool IsNamed { get; init; }
}

/// <summary>What is about to be done to a workload: the text of a ShouldProcess question.</summary>
/// <param name="Workload">Which.</param>
/// <param name="Replicas">Its pods.</param>
/// <param name="ExpectedDuration">From replicas, surge and probes; null when it cannot be told.</param>
/// <param name="Action">In words: <c>Rolling restart of 3 pods, about 2 min</c>.</param>
public sealed record RestartProposal(WorkloadReference Workload, int Replicas, TimeSpan? ExpectedDuration, string Action);
