using System.Runtime.CompilerServices;

namespace MeshRoll.Core.Restarts;

/// <summary>Restarts workloads of one cluster, paced: never more than allowed at a time, and nothing further after too many failures.</summary>
/// <remarks>
/// Nothing is ever half-done. A rolling restart is one patch; from then on the cluster's controllers carry it out, whether MeshRoll is there or not.
/// A run that is killed, cancelled or cut off therefore leaves every workload either untouched or being restarted properly, and only loses the rest of
/// its list. A new run with the same list skips what is up to date by then, and does not restart what is on its way.
/// </remarks>
public sealed class RestartEngine(ClusterSession session)
{
    /// <summary>The cluster.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>
    /// Restarts <paramref name="targets"/> in order; each when its turn comes. Ends when the last one was started (or skipped, or refused),
    /// or, with <see cref="RestartOptions.FollowToEnd"/>, when the last one has ended. A workload named twice is restarted once. Cancelling, or not
    /// reading on and disposing the enumerator, starts nothing more and leaves the cluster as it is; a patch that was on its way may have arrived.
    /// The run goes on while the reader is busy with an event, and holds a few events per workload at most for it.
    /// </summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.InvalidPacing</c>: a negative or huge number; thrown at once.</exception>
    /// <exception cref="Kubernetes.MeshRollException">While enumerating: the cluster cannot be reached at all.</exception>
    public IAsyncEnumerable<RestartEvent> RunAsync(IReadOnlyList<RestartTarget> targets, RestartOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return RunAsync(Session, [.. targets.DistinctBy(target => target.Workload)], options, cancellationToken);
    }

    private static async IAsyncEnumerable<RestartEvent> RunAsync(ClusterSession session, IReadOnlyList<RestartTarget> targets, RestartOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (targets.Count == 0) yield break;
        await using var run = new RestartRun(session, targets, options);
        run.Begin(cancellationToken);
        await foreach (var news in run.Events.ReadAllAsync(cancellationToken)) yield return news;
    }
}
