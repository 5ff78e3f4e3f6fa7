using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Rollouts;

/// <summary>
/// Follows any number of rollouts of one cluster on shared caches: one list and watch per resource and scope, whoever waits.
/// Add rollouts at any time; read <see cref="Events"/> with one reader. Dispose ends the following and changes nothing in the cluster.
/// </summary>
/// <remarks>
/// An event of a watch is looked up by its workload's name and judged at once, a burst of events together (<c>RolloutJudgement</c>); nothing scans all
/// rollouts, and nothing is asked of the cluster while nothing is wrong. A rollout ends as Complete (with the finding SidecarStillOutdated when its new
/// pods carry another sidecar than the one wanted), Failed (its deadline, a fatal finding, deleted, made again under its name, unreadable) or TimedOut.
/// Paused is no end: it may be resumed.
/// </remarks>
public sealed class RolloutFollower : IAsyncDisposable, IClusterViewObserver
{
    /// <summary>Between two Changed of one rollout.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(250);

    private readonly object _gate = new();
    private readonly Dictionary<WorkloadReference, List<FollowedRollout>> _byWorkload = [];
    private readonly EventMailbox<RolloutEvent> _events = new();
    private readonly WakeUps<FollowedRollout> _wakeUps;
    private readonly Bursts<WorkloadReference> _changes;
    private readonly Inquiries _inquiries;
    private readonly ClusterView _view;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private DateTimeOffset? _deadlineOfAll;
    private int _added;
    private int _moving;
    private bool _completed;
    private bool _disposed;

    /// <summary>A follower in <paramref name="session"/>'s cluster. Opens nothing yet.</summary>
    public RolloutFollower(ClusterSession session, FollowOptions options)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        (Session, Options, _stopped) = (session, options, _stop.Token);
        _view = new(session, options.PollInterval);
        _inquiries = new(session, options.Target);
        _wakeUps = new(session.TimeProvider, LookAtWhatIsDue);
        _changes = new(LookAtAll);
        _view.Observe(this);
        session.Driven.Changed += ((IClusterViewObserver)this).OnWorkloadChanged;
    }

    /// <summary>The cluster.</summary>
    public ClusterSession Session { get; }

    /// <summary>How rollouts are followed.</summary>
    public FollowOptions Options { get; }

    /// <summary>What is known of the workloads that are followed.</summary>
    internal ClusterView View => _view;

    private DateTimeOffset Now => Session.TimeProvider.GetUtcNow();

    /// <summary>Follows one more. Returns at once. One that has ended already (Skipped, Failed to start) is given back as ended.</summary>
    public void Add(MeshRollout rollout) => Add([rollout], null);

    /// <summary>Follows one more, with a time of its own instead of <see cref="FollowOptions.TimeoutEach"/>.</summary>
    public void Add(MeshRollout rollout, TimeSpan? timeout) => Add([rollout], timeout);

    /// <summary>Follows several more. Better than one by one: caches are chosen for all of them together.</summary>
    public void Add(IReadOnlyCollection<MeshRollout> rollouts)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        Add(rollouts, null);
    }

    /// <summary>No more will be added: <see cref="Events"/> ends when the last one has ended.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            if (_moving == 0) _events.Complete();
        }
    }

    /// <summary>What happens, in order, to all of them.</summary>
    public IAsyncEnumerable<RolloutEvent> Events(CancellationToken cancellationToken) => _events.ReadAllAsync(cancellationToken);

    /// <summary>Those that have not ended, as they stand now, in the order in which they were added. What has ended is told once and then forgotten.</summary>
    public IReadOnlyList<MeshRollout> Moving()
    {
        lock (_gate) return [.. _byWorkload.Values.SelectMany(followed => followed).OrderBy(followed => followed.Number).Select(followed => followed.Current)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            Session.Driven.Changed -= ((IClusterViewObserver)this).OnWorkloadChanged;
            _wakeUps.Dispose();
            _events.Complete();
        }
        await _stop.CancelAsync();
        await _view.DisposeAsync();
        _stop.Dispose();
    }

    void IClusterViewObserver.OnWorkloadChanged(WorkloadReference workload) => _changes.Tell(workload);

    void IClusterViewObserver.OnScopeChanged(string? @namespace)
    {
        lock (_gate)
        {
            foreach (var followed in _byWorkload.Where(entry => @namespace is null || entry.Key.Namespace == @namespace).SelectMany(entry => entry.Value).ToList()) Look(followed);
        }
    }

    void IClusterViewObserver.OnRemark(string text) => Remark(text);

    private void Add(IReadOnlyCollection<MeshRollout> rollouts, TimeSpan? timeout)
    {
        List<FollowedRollout> added = [];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var now = Now;
            foreach (var rollout in rollouts)
            {
                if (rollout.Ended)
                {
                    _events.Post(new RolloutEvent.Ended(rollout));
                    continue;
                }
                added.Add(Begin(rollout, timeout ?? Options.TimeoutEach, now));
            }
        }
        if (added.Count == 0) return;
        _view.Open([.. added.Select(followed => followed.Workload).Where(workload => CanBeFollowed(workload.Kind))]);
        lock (_gate)
        {
            foreach (var followed in added) Look(followed);
        }
    }

    private FollowedRollout Begin(MeshRollout rollout, TimeSpan? timeout, DateTimeOffset now)
    {
        _deadlineOfAll ??= After(now, Options.TimeoutAll);
        var own = After(rollout.StartTime ?? now, timeout);
        var followed = new FollowedRollout(_added++, rollout with { StartTime = rollout.StartTime ?? now }, new()
        {
            Since = now,
            Deadline = _deadlineOfAll is null || own < _deadlineOfAll ? own : _deadlineOfAll,
        });
        followed.Timeline.Add(followed.Current.StartTime!.Value, followed.Current);
        if (!_byWorkload.TryGetValue(followed.Workload, out var others)) _byWorkload[followed.Workload] = others = [];
        others.Add(followed);
        _moving++;
        return followed;
    }

    private static bool CanBeFollowed(string kind) => kind == WorkloadKinds.ReplicaSet || WorkloadKinds.Restartable.Contains(kind);

    // A limit of ten years is none, and does not overflow.
    private static DateTimeOffset? After(DateTimeOffset start, TimeSpan? timeout) => timeout is { } limit && limit < TimeSpan.FromDays(3650) ? start + limit : null;

    private void LookAtWhatIsDue()
    {
        lock (_gate)
        {
            while (!_disposed && _wakeUps.TryTake(Now, out var followed)) Look(followed!);
        }
    }

    private void LookAtAll(WorkloadReference workload)
    {
        lock (_gate)
        {
            if (!_byWorkload.TryGetValue(workload, out var followed)) return;
            for (var i = followed.Count - 1; i >= 0; i--) Look(followed[i]);
        }
    }

    /// <summary>Judges one rollout anew. Called with the lock held.</summary>
    private void Look(FollowedRollout followed)
    {
        if (_disposed || followed.Current.Ended) return;
        var now = Now;
        if (Judge(followed, now) is not { } judgement)
        {
            if (followed.Memory.Deadline is { } deadline) _wakeUps.Set(followed, deadline, now);
            return;
        }

        (followed.Current, followed.Memory) = (judgement.Rollout, judgement.Memory);
        followed.Timeline.Add(now, followed.Current);
        if (followed.Current.Ended)
        {
            Finish(followed);
            return;
        }
        Show(followed, now);
        if (judgement.LookAgain is { } again) _wakeUps.Set(followed, again, now);
        if (judgement.Ask != Inquiry.None) Ask(followed, judgement, now);
    }

    /// <summary>Null while nothing is known of its workload yet.</summary>
    private Judgement? Judge(FollowedRollout followed, DateTimeOffset now)
    {
        var (workload, memory) = (followed.Workload, followed.Memory);
        if (Session.Driven.Find(followed.Current.RunId, workload) is { } driven) return DrivenJudgement.Of(driven, followed.Current, memory, now);
        if (!CanBeFollowed(workload.Kind)) return RolloutJudgement.End(followed.Current, memory, RolloutState.Failed, $"a {workload.Kind} has no rollout to follow", now);
        if (_view.Refusal(workload) is { } refusal) return RolloutJudgement.End(followed.Current, memory, RolloutState.Failed, $"cannot be followed: {refusal.Message}", now);
        // In this order: what is loaded after a look that found nothing may have brought it.
        var isLoaded = _view.IsLoaded(workload);
        var found = _view.Find(workload);
        if (found is null && !isLoaded) return memory.Deadline <= now ? RolloutJudgement.TimedOut(followed.Current, memory, now) : null;
        var sight = new RolloutJudgement.Sight(found, _view.PodsOf(workload), _view.ArePodsLoaded(workload.Namespace), !_view.ArePodsRefused(workload.Namespace));
        return followed.Current.RunId.Length > 0
            ? DrivenJudgement.ByMark(followed.Current, sight, memory, now)
            : RolloutJudgement.Judge(followed.Current, sight, memory, Options, now);
    }

    private void Finish(FollowedRollout followed)
    {
        _wakeUps.Forget(followed);
        // Whoever carried it out by itself has seen more of it than its follower.
        if (followed.Current.Timeline.Count == 0) followed.Current = followed.Current with { Timeline = followed.Timeline.Samples };
        var others = _byWorkload[followed.Workload];
        others.Remove(followed);
        if (others.Count == 0) _byWorkload.Remove(followed.Workload);
        _events.PostLast(followed, new RolloutEvent.Ended(followed.Current));
        _moving--;
        if (_completed && _moving == 0) _events.Complete();
    }

    private void Show(FollowedRollout followed, DateTimeOffset now)
    {
        if (!followed.IsNews) return;
        if (now - followed.ShownAt < Calm)
        {
            _wakeUps.Set(followed, followed.ShownAt + Calm, now);
            return;
        }
        (followed.Shown, followed.ShownAt) = (followed.Current, now);
        _events.PostLatest(followed, new RolloutEvent.Changed(followed.Current));
    }

    private void Ask(FollowedRollout followed, Judgement judgement, DateTimeOffset now)
    {
        var ask = judgement.Ask & ~followed.Asking;
        if (IsDue(followed, Inquiry.Events, ask, now))
            FindOut(followed, Inquiry.Events, async () => await _inquiries.WarningsAsync(followed.Workload, now, _stopped), (memory, events) => memory with { Events = events });
        if (IsDue(followed, Inquiry.ControlPlane, ask, now))
            FindOut(followed, Inquiry.ControlPlane, async () => await _inquiries.IstiodsAsync(now, _stopped), (memory, istiods) => memory with { Istiods = istiods });
        if (ask.HasFlag(Inquiry.NewestTemplate) && _view.Find(followed.Workload) is Kubernetes.Models.Deployment deployment)
        {
            var hash = judgement.DoomedHash;
            FindOut(followed, Inquiry.NewestTemplate, async () => await _inquiries.IsNewestAsync(deployment, hash, _stopped), (memory, isNewest) => memory with { Newest = (deployment.Metadata.Generation, hash, isNewest) });
        }
        if (ask.HasFlag(Inquiry.Mesh))
        {
            FindOut(followed, Inquiry.Mesh, async () => await _inquiries.KnowledgeAsync(followed.Workload.Namespace, _stopped), (memory, knowledge) => memory with { Knowledge = knowledge });
        }
    }

    /// <summary>Whether to ask now for what may change meanwhile; if it is too early, there will be another look in time.</summary>
    private bool IsDue(FollowedRollout followed, Inquiry inquiry, Inquiry ask, DateTimeOffset now)
    {
        if (!ask.HasFlag(inquiry)) return false;
        if (followed.AskAgain.TryGetValue(inquiry, out var again) && now < again)
        {
            _wakeUps.Set(followed, again, now);
            return false;
        }
        followed.AskAgain[inquiry] = now + Inquiries.Interval;
        return true;
    }

    /// <summary>Finds something out beside the lock, then judges anew. An answer that cannot be had is said once, and the rollout goes on without.</summary>
    private void FindOut<TAnswer>(FollowedRollout followed, Inquiry inquiry, Func<Task<TAnswer>> ask, Func<FollowMemory, TAnswer, FollowMemory> remember)
    {
        followed.Asking |= inquiry;
        _ = Task.Run(FindAsync);

        async Task FindAsync()
        {
            try
            {
                var answer = await ask();
                lock (_gate)
                {
                    followed.Asking &= ~inquiry;
                    followed.Memory = remember(followed.Memory, answer) with { Answered = followed.Memory.Answered | inquiry };
                    Look(followed);
                }
            }
            catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
            {
            }
            catch (MeshRollException error)
            {
                Remark($"{followed.Workload}: {Wording.Clause(error.Message)}; it is followed without.");
                lock (_gate)
                {
                    // Not asked again, but for what the judgement cannot do without.
                    followed.Memory = followed.Memory with { Answered = followed.Memory.Answered | inquiry };
                    if (inquiry == Inquiry.Mesh) followed.Memory = followed.Memory with { Knowledge = new() };
                    Look(followed);
                }
            }
        }
    }

    // The same sentence twice, unread, is one sentence.
    private void Remark(string text) => _events.PostLatest(text, new RolloutEvent.Remark(text));
}
