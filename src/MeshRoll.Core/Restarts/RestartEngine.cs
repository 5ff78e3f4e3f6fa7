using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Restarts;

/// <summary>Restarts workloads of one cluster, paced: never more than allowed at a time, and nothing further after too many failures.</summary>
public sealed class RestartEngine(ClusterSession session)
{
    /// <summary>The cluster.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>
    /// Restarts <paramref name="targets"/> in order; each when its turn comes. Ends when the last one was started (or skipped, or refused),
    /// or, with <see cref="RestartOptions.FollowToEnd"/>, when the last one has ended. Cancelling starts nothing more and leaves the cluster as it is.
    /// </summary>
    public IAsyncEnumerable<RestartEvent> RunAsync(IReadOnlyList<RestartTarget> targets, RestartOptions options, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}

/// <summary>One workload to restart.</summary>
/// <param name="Workload">Which.</param>
/// <param name="DesiredVersion">The sidecar version its new pods should carry, when the caller knows; null to take it from the mesh.</param>
/// <param name="DesiredRevision">The revision likewise.</param>
public sealed record RestartTarget(WorkloadReference Workload, string? DesiredVersion = null, string? DesiredRevision = null);

/// <summary>How workloads are restarted.</summary>
public sealed record RestartOptions
{
    /// <summary>Workloads moving at a time; 0 for no limit.</summary>
    public int MaxConcurrent { get; init; } = 5;

    /// <summary>Pause after each workload that ended before the next one starts in its place.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Workloads that may fail (or time out) before nothing further is started; 0 for never stopping.</summary>
    public int StopAfterFailures { get; init; } = 1;

    /// <summary>Time allowed to each workload; null for an estimate with a generous margin.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Restarts also what is up to date.</summary>
    public bool Force { get; init; }

    /// <summary>The name the change is recorded under in managedFields.</summary>
    public string FieldManager { get; init; } = "meshroll";

    /// <summary>What counts as up to date.</summary>
    public Sidecars.SidecarTarget Target { get; init; } = new();

    /// <summary>Whether the stream goes on until the last started workload has ended.</summary>
    public bool FollowToEnd { get; init; }

    /// <summary>Asked before each change, when its turn comes; false leaves the workload alone. Null approves all.</summary>
    public Func<RestartProposal, CancellationToken, ValueTask<bool>>? Approve { get; init; }
}

/// <summary>What is about to be done to a workload: the text of a ShouldProcess question.</summary>
/// <param name="Workload">Which.</param>
/// <param name="Replicas">Its pods.</param>
/// <param name="ExpectedDuration">From replicas, surge and probes; null when it cannot be told.</param>
/// <param name="Action">In words: <c>Rolling restart of 3 pods, about 2 min</c>.</param>
public sealed record RestartProposal(WorkloadReference Workload, int Replicas, TimeSpan? ExpectedDuration, string Action);

/// <summary>What a restart reports, in order.</summary>
public abstract record RestartEvent
{
    private RestartEvent() { }

    /// <summary>A workload's restart was issued.</summary>
    public sealed record Started(MeshRollout Rollout) : RestartEvent;

    /// <summary>Nothing was done to a workload and nothing is wrong: up to date, declined, or not reached. State is Skipped, the message says why.</summary>
    public sealed record Skipped(MeshRollout Rollout) : RestartEvent;

    /// <summary>A workload cannot be restarted, or the server refused: an error record, the rest goes on.</summary>
    public sealed record Refused(WorkloadReference Workload, MeshRollException Error) : RestartEvent;

    /// <summary>A started workload moved.</summary>
    public sealed record Changed(MeshRollout Rollout) : RestartEvent;

    /// <summary>A started workload ended.</summary>
    public sealed record Ended(MeshRollout Rollout) : RestartEvent;

    /// <summary>Too many failures: nothing further is started.</summary>
    /// <param name="Because">The workloads that did not come back.</param>
    /// <param name="NotStarted">Those left alone; each was also reported as Skipped.</param>
    public sealed record Stopped(IReadOnlyList<MeshRollout> Because, IReadOnlyList<WorkloadReference> NotStarted) : RestartEvent;

    /// <summary>Something worth saying that concerns no single workload.</summary>
    public sealed record Remark(string Text) : RestartEvent;
}
