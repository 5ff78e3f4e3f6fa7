namespace MeshRoll.Core.Rollouts;

/// <summary>
/// Follows any number of rollouts of one cluster on shared caches: one list and watch per resource and scope, whoever waits.
/// Add rollouts at any time; read <see cref="Events"/> with one reader. Dispose ends the following and changes nothing in the cluster.
/// </summary>
public sealed class RolloutFollower(ClusterSession session, FollowOptions options) : IAsyncDisposable
{
    /// <summary>The cluster.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>How rollouts are followed.</summary>
    public FollowOptions Options { get; } = options;

    /// <summary>Follows one more. Returns at once. One that has ended already (Skipped, Failed to start) is given back as ended.</summary>
    public void Add(MeshRollout rollout) => throw new NotImplementedException();

    /// <summary>No more will be added: <see cref="Events"/> ends when the last one has ended.</summary>
    public void Complete() => throw new NotImplementedException();

    /// <summary>What happens, in order, to all of them.</summary>
    public IAsyncEnumerable<RolloutEvent> Events(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>All that are followed, as they stand now.</summary>
    public IReadOnlyList<MeshRollout> Snapshot() => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>How rollouts are followed.</summary>
public sealed record FollowOptions
{
    /// <summary>Time allowed to each rollout from its StartTime (or from Add); null for no limit.</summary>
    public TimeSpan? TimeoutEach { get; init; }

    /// <summary>Time allowed to all from the first Add; null for no limit.</summary>
    public TimeSpan? TimeoutAll { get; init; }

    /// <summary>Null to watch; otherwise lists anew at this interval.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Whether fatal findings end a rollout as Failed at once, rather than waiting for its deadline.</summary>
    public bool FailOnFatalFinding { get; init; } = true;

    /// <summary>Whether, after success, the new pods' sidecars are checked against DesiredVersion/DesiredRevision.</summary>
    public bool VerifySidecars { get; init; } = true;
}

/// <summary>What a follower or a restart reports.</summary>
public abstract record RolloutEvent
{
    private RolloutEvent() { }

    /// <summary>A rollout's counts, state or findings changed.</summary>
    public sealed record Changed(MeshRollout Rollout) : RolloutEvent;

    /// <summary>A rollout ended: Complete, Failed, TimedOut or Skipped.</summary>
    public sealed record Ended(MeshRollout Rollout) : RolloutEvent;

    /// <summary>Something worth saying that concerns no single rollout, such as a lost connection.</summary>
    public sealed record Remark(string Text) : RolloutEvent;
}
