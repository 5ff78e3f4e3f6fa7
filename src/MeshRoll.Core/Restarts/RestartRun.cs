using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.Restarts;

/// <summary>
/// One run of the engine: the walk hands out turns, the follower says how the started ones go, and both meet in <see cref="PacedWalk"/>. Decisions and
/// approvals come one after the other, in order; patches go out in that order too, several at a time where the pace allows.
/// </summary>
internal sealed class RestartRun : IAsyncDisposable
{
    /// <summary>
    /// Patches on their way at a time. Each one sets controllers to work that compete with the next for the server: with few on their way the last
    /// patches wait for the first workloads to roll. Well below the 200 changes that a server takes at a time by default.
    /// </summary>
    private const int PatchesAtATime = 64;

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMinutes(10);

    private readonly object _gate = new();
    private readonly ClusterSession _session;
    private readonly IReadOnlyList<RestartTarget> _targets;
    private readonly RestartOptions _options;
    private readonly PacedWalk _walk;
    private readonly RolloutFollower _follower;
    private readonly TurnReader _turns;
    private readonly List<MeshRollout> _failed = [];
    private readonly SemaphoreSlim _patching = new(PatchesAtATime);
    private readonly List<Task> _issuing = [];
    private readonly List<WorkloadReference> _heldBack = [];
    private CancellationTokenSource _stop = new();
    private TaskCompletionSource _news = NewSignal();
    private Task _running = Task.CompletedTask;
    private Task _pumping = Task.CompletedTask;

    public RestartRun(ClusterSession session, IReadOnlyList<RestartTarget> targets, RestartOptions options)
    {
        (_session, _targets, _options) = (session, targets, options);
        _walk = new(targets.Count, options.MaxConcurrent, options.Delay, options.StopAfterFailures);
        _follower = new(session, new() { Target = options.Target });
        _turns = new(session, _follower.View, options.Target, [.. targets.Select(target => target.Workload.Namespace).Distinct()]);
    }

    /// <summary>What happens.</summary>
    public EventMailbox<RestartEvent> Events { get; } = new();

    private DateTimeOffset Now => _session.TimeProvider.GetUtcNow();

    /// <summary>Begins. Ends by itself, or when disposed or cancelled.</summary>
    public void Begin(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _follower.DisposeAsync();
        await _pumping;
        _stop.Dispose();
        _patching.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            _follower.View.Open([.. _targets.Select(target => target.Workload).Where(workload => RestartRules.NotRestartable(workload) is null)]);
            _pumping = PumpAsync(cancellationToken);
            foreach (var remark in (await _turns.KnowledgeAsync(cancellationToken)).Remarks) Events.PostLatest(remark, new RestartEvent.Remark(remark));
            await WalkAsync(cancellationToken);
            await Task.WhenAll(_issuing);
            ReportStop();
            if (_options.FollowToEnd)
            {
                _follower.Complete();
                await _pumping;
            }
            Events.Complete();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Events.Complete();
        }
        catch (Exception error)
        {
            // To the reader, who is the only one that can tell the user.
            Events.Complete(error);
        }
        finally
        {
            // Patches on their way are cancelled too by now, and must not outlive the run.
            await Task.WhenAll(_issuing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WalkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WalkStep step;
            Task news;
            lock (_gate)
            {
                step = _walk.Step(Now);
                if (_news.Task.IsCompleted) _news = NewSignal();
                news = _news.Task;
            }
            switch (step.Action)
            {
                case WalkAction.Start:
                    await TakeTurnAsync(_targets[step.Index], cancellationToken);
                    break;
                case WalkAction.Wait:
                    await WaitAsync(news, step.Until, cancellationToken);
                    break;
                default:
                    return;
            }
        }
    }

    private async Task WaitAsync(Task news, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        if (until is not { } time)
        {
            await news.WaitAsync(cancellationToken);
            return;
        }
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = time - Now;
        var timer = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _session.TimeProvider, enough.Token);
        await Task.WhenAny(news, timer);
        await enough.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task TakeTurnAsync(RestartTarget target, CancellationToken cancellationToken)
    {
        var (facts, unreadable) = await _turns.ReadAsync(target.Workload, cancellationToken);
        if (unreadable is not null)
        {
            RefuseOrFail(target.Workload, unreadable, null);
            return;
        }
        switch (RestartRules.Decide(facts!, target, _options.Force))
        {
            case RestartVerdict.Refuse refusal:
                Refuse(target.Workload, refusal.Error);
                return;
            case RestartVerdict.Skip skip:
                Skip(target.Workload, skip.Because, facts);
                return;
            case RestartVerdict.Go go:
                if (_options.Approve is { } approve && !await approve(go.Proposal, cancellationToken))
                {
                    Skip(target.Workload, $"declined: {go.Proposal.Action}", facts);
                    return;
                }
                // A question may have been open for an hour.
                bool isStopped;
                lock (_gate) isStopped = _walk.IsStopped;
                if (isStopped)
                {
                    _heldBack.Add(target.Workload);
                    Skip(target.Workload, NotStarted(), facts);
                    return;
                }
                await _patching.WaitAsync(cancellationToken);
                _issuing.RemoveAll(issuing => issuing.IsCompletedSuccessfully);
                _issuing.Add(IssueAsync(target, facts!, go.Proposal, cancellationToken));
                return;
        }
    }

    /// <summary>Sends one patch, chosen once; whether it is sent once or more, the workload restarts once.</summary>
    private async Task IssueAsync(RestartTarget target, RestartFacts facts, RestartProposal proposal, CancellationToken cancellationToken)
    {
        try
        {
            var moment = Now;
            var changed = await PatchAsync(target.Workload, RestartPatch.For(target.Workload.Kind, moment), cancellationToken);
            var rollout = Describe(target, facts, changed, moment);
            Events.Post(new RestartEvent.Started(rollout));
            _follower.Add(rollout, _options.Timeout ?? Longer(ShortestTimeout, 3 * (proposal.ExpectedDuration ?? TimeSpan.Zero)));
        }
        catch (MeshRollException error)
        {
            RefuseOrFail(target.Workload, error, facts);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A fault of ours ends the run; the walk must not wait for this workload until then.
            lock (_gate)
            {
                _walk.Ended(failed: true, Now);
                _news.TrySetResult();
            }
            throw;
        }
        finally
        {
            _patching.Release();
        }
    }

    private async Task<IKubernetesObject> PatchAsync(WorkloadReference workload, Patch patch, CancellationToken cancellationToken)
    {
        return workload.Kind switch
        {
            WorkloadKinds.Deployment => await Send(Resources.Deployments),
            WorkloadKinds.StatefulSet => await Send(Resources.StatefulSets),
            WorkloadKinds.DaemonSet => await Send(Resources.DaemonSets),
            _ => await Send(Resources.ArgoRollouts),
        };

        async Task<IKubernetesObject> Send<T>(Resource<T> resource) where T : class, IKubernetesObject =>
            await _session.Client.PatchAsync(resource, workload.Namespace, workload.Name, patch, Replay.Safe, new() { FieldManager = _options.FieldManager }, cancellationToken);
    }

    private MeshRollout Describe(RestartTarget target, RestartFacts facts, IKubernetesObject changed, DateTimeOffset moment)
    {
        var status = RolloutStatusRules.Of(changed, new() { Generation = changed.Metadata.Generation, Since = moment }, [.. facts.Pods.Select(pod => pod.Pod)]);
        return Blank(target.Workload, status) with
        {
            Strategy = "Rolling",
            State = RolloutState.Pending,
            StartTime = moment,
            Remaining = DurationEstimate.Of(changed),
            Message = "restart issued",
            Generation = changed.Metadata.Generation,
            Uid = changed.Metadata.Uid,
            DesiredVersion = target.DesiredVersion ?? First(facts, sidecar => sidecar.DesiredVersion),
            DesiredRevision = target.DesiredRevision ?? First(facts, sidecar => sidecar.DesiredRevision),
        };
    }

    private static string? First(RestartFacts facts, Func<Sidecars.MeshSidecar, string?> value) =>
        facts.Pods.Select(pod => pod.Sidecar is { } sidecar ? value(sidecar) : null).FirstOrDefault(found => found is not null);

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var news in _follower.Events(cancellationToken)) Take(news);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private void Take(RolloutEvent news)
    {
        switch (news)
        {
            case RolloutEvent.Changed changed:
                Events.PostLatest(Key(changed.Rollout), new RestartEvent.Changed(changed.Rollout));
                break;
            case RolloutEvent.Ended ended:
                var failed = IsFailure(ended.Rollout);
                // Together: whoever reads of a failure can rely on it that nothing more starts.
                lock (_gate)
                {
                    Events.PostLast(Key(ended.Rollout), new RestartEvent.Ended(ended.Rollout));
                    if (failed) _failed.Add(ended.Rollout);
                    _walk.Ended(failed, Now);
                    _news.TrySetResult();
                }
                break;
            case RolloutEvent.Remark remark:
                Events.PostLatest(remark.Text, new RestartEvent.Remark(remark.Text));
                break;
        }
    }

    /// <summary>A workload that came back with the sidecar it had would be restarted again and again: that is a failure of the walk, though not of the workload.</summary>
    private static bool IsFailure(MeshRollout rollout) =>
        rollout.State is RolloutState.Failed or RolloutState.TimedOut || rollout.Diagnosis.Any(finding => finding.Id == SidecarVerification.Outdated);

    // No answer, or none that means anything: it says nothing about this workload, but a walk on blindly is what must not be.
    private static bool IsServersTrouble(MeshRollException error) => error is not ApiException { Code: < System.Net.HttpStatusCode.InternalServerError and not System.Net.HttpStatusCode.TooManyRequests };

    private void RefuseOrFail(WorkloadReference workload, MeshRollException error, RestartFacts? facts)
    {
        if (!IsServersTrouble(error))
        {
            Refuse(workload, error);
            return;
        }
        lock (_gate)
        {
            Events.Post(new RestartEvent.Refused(workload, error));
            _failed.Add(Blank(workload, StatusOf(facts)) with { State = RolloutState.Failed, Message = error.Message, EndTime = Now });
            _walk.Ended(failed: true, Now);
            _news.TrySetResult();
        }
    }

    private void Refuse(WorkloadReference workload, MeshRollException error)
    {
        Events.Post(new RestartEvent.Refused(workload, error));
        Leave();
    }

    private void Skip(WorkloadReference workload, string because, RestartFacts? facts)
    {
        Events.Post(new RestartEvent.Skipped(Blank(workload, StatusOf(facts)) with { State = RolloutState.Skipped, Message = because, EndTime = Now }));
        Leave();
    }

    private void Leave()
    {
        lock (_gate)
        {
            _walk.Left();
            _news.TrySetResult();
        }
    }

    private void ReportStop()
    {
        List<WorkloadReference> rest;
        lock (_gate) rest = [.. _targets.Skip(_walk.Next).Select(target => target.Workload)];
        if (_heldBack.Count + rest.Count == 0) return;
        Events.Post(new RestartEvent.Stopped([.. _failed], [.. _heldBack, .. rest]));
        foreach (var workload in rest) Events.Post(new RestartEvent.Skipped(Blank(workload, null) with { State = RolloutState.Skipped, Message = NotStarted(), EndTime = Now }));
    }

    private string NotStarted()
    {
        lock (_gate) return $"not started: {string.Join(", ", _failed.Take(3).Select(failed => $"{failed.Namespace} {failed.Kind.ToLowerInvariant()}/{failed.Name}"))}{(_failed.Count > 3 ? $" and {_failed.Count - 3} more" : "")} did not come back as wanted";
    }

    private MeshRollout Blank(WorkloadReference workload, RolloutStatus? status) => new()
    {
        Cluster = _session.Name,
        Namespace = workload.Namespace,
        Kind = workload.Kind,
        Name = workload.Name,
        Desired = status?.Desired ?? 0,
        Updated = status?.Updated ?? 0,
        Ready = status?.Ready ?? 0,
        Available = status?.Available ?? 0,
        Old = status?.Old ?? 0,
        Revision = status?.Revision ?? "",
    };

    private static RolloutStatus? StatusOf(RestartFacts? facts) =>
        facts?.Object is { } found ? RolloutStatusRules.Of(found, RolloutExpectation.Any, [.. facts.Pods.Select(pod => pod.Pod)]) : null;

    private static (string, string, string) Key(MeshRollout rollout) => (rollout.Namespace, rollout.Kind, rollout.Name);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
