using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Replacing;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts;

/// <summary>
/// One run of the engine: the walk hands out turns, the follower says how the started ones go, and both meet in <see cref="PacedWalk"/>. Decisions and
/// approvals come one after the other, in order; patches go out in that order too, several at a time where the pace allows. What strategies carry out by
/// themselves runs beside the walk, and the run lasts until the last of it has ended.
/// </summary>
internal sealed partial class RestartRun : IAsyncDisposable, IRestartStage
{
    /// <summary>
    /// Patches on their way at a time. Each one sets controllers to work that compete with the next for the server: with few on their way the last
    /// patches wait for the first workloads to roll. Well below the 200 changes that a server takes at a time by default.
    /// </summary>
    private const int PatchesAtATime = 64;

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
    private readonly List<Task> _driving = [];
    private readonly WorkloadSignals _signals = new();
    private readonly RestartReports _reports;
    private readonly List<WorkloadReference> _heldBack = [];
    private readonly WalkGuards _guards;
    private string _stoppedFor = "";
    private CancellationTokenSource _stop = new();
    private TaskCompletionSource _news = NewSignal();
    private Task _running = Task.CompletedTask;
    private Task _pumping = Task.CompletedTask;

    public RestartRun(ClusterSession session, IReadOnlyList<RestartTarget> targets, RestartOptions options)
    {
        (_session, _targets, _options) = (session, targets, options);
        Run = _session.Runs.Begin(options.Plan);
        _walk = new(targets.Count, options.MaxConcurrent, options.Delay, options.StopAfterFailures);
        _follower = new(session, new() { Target = options.Target, FailOnFatalFinding = options.FailOnFatalFinding });
        _follower.View.Observe(_signals);
        _reports = new(session);
        Writes = new(session, options.FieldManager);
        IReadOnlyList<string> namespaces = [.. targets.Select(target => target.Workload.Namespace).Distinct()];
        _turns = new(session, _follower.View, options, namespaces);
        _guards = new(session, _follower.View, namespaces, options.Guards, says => Events.Post(new RestartEvent.Remark(says)));
    }

    /// <summary>What happens.</summary>
    public EventMailbox<RestartEvent> Events { get; } = new();

    /// <inheritdoc/>
    public RestartOptions Options => _options;

    /// <inheritdoc/>
    public string Run { get; }

    /// <inheritdoc/>
    public RunsOfThisMachine Runs => _session.Runs;

    /// <inheritdoc/>
    public DateTimeOffset Now => _session.TimeProvider.GetUtcNow();

    /// <inheritdoc/>
    public WorkloadWrites Writes { get; }

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
        await _guards.DisposeAsync();
        await _follower.DisposeAsync();
        await _pumping;
        _session.Runs.End(Run);
        _stop.Dispose();
        _patching.Dispose();
    }

    /// <inheritdoc/>
    public MeshRollout Describe(RestartTurn turn, IKubernetesObject workload, DateTimeOffset startTime) => _reports.Begun(turn, workload, startTime);

    /// <inheritdoc/>
    public void Follow(MeshRollout rollout, TimeSpan timeout)
    {
        Events.Post(new RestartEvent.Started(rollout));
        if (rollout.Generation is { } generation) _guards.Issued(WorkloadOf(rollout), generation);
        _follower.Add(rollout, timeout);
    }

    /// <inheritdoc/>
    public ReplacementDriver Prepare(ReplacementMachine machine, RestartTurn turn)
    {
        var firstPods = turn.Facts.Pods.Select(pod => pod.Pod.Metadata.Uid).ToHashSet();
        var dead = MarkRules.Of(turn.Facts.Object!).Mark;
        var target = RestartReports.Wanted(turn);
        // What a dead run has made already is told from the rest by its age.
        var look = new ReplacementLook(machine.Order, target, dead is { AllPods: true } && _options.Force ? null : firstPods, _session.Name, _options.FailOnFatalFinding);
        return new(machine, look, new(_session, _follower.View, _signals, Writes, _turns.KnowledgeAsync), new() { TakesOver = dead?.Run });
    }

    /// <inheritdoc/>
    public void Drive(MeshRollout rollout, ReplacementDriver driver)
    {
        _session.Driven.Put(rollout);
        Events.Post(new RestartEvent.Started(rollout));
        lock (_gate)
        {
            _driving.RemoveAll(driving => driving.IsCompletedSuccessfully);
            _driving.Add(DriveAsync(rollout, driver, _stop.Token));
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            _follower.View.Open([.. _targets.Select(target => target.Workload).Where(workload => RestartRules.NotRestartable(workload) is null)]);
            _pumping = PumpAsync(cancellationToken);
            var knowledge = await _turns.KnowledgeAsync(cancellationToken);
            foreach (var remark in knowledge.Remarks.Concat(ExclusionRules.Unseen(knowledge.Namespaces))) Events.PostLatest(remark, new RestartEvent.Remark(remark));
            await _guards.BeginAsync(cancellationToken);
            await WalkAsync(cancellationToken);
            await Task.WhenAll(_issuing);
            await DrivenAsync();
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
            // Patches on their way are cancelled too by now, and must not outlive the run; what was begun is being taken back.
            await Task.WhenAll(_issuing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await DrivenAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WalkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var news = News();
            WalkStep step;
            lock (_gate) step = _walk.Step(Now);
            switch (step.Action)
            {
                case WalkAction.Start:
                    await TakeTurnAsync(_targets[step.Index], cancellationToken);
                    break;
                case WalkAction.Wait:
                    await Moments.WaitAsync(news, step.Until, _session.TimeProvider, cancellationToken);
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>What completes with the next thing that happens. To be had before a look, so that nothing is missed between look and wait.</summary>
    private Task News()
    {
        lock (_gate)
        {
            if (_news.Task.IsCompleted) _news = NewSignal();
            return _news.Task;
        }
    }

    /// <summary>Lets the strategy begin. A refusal concerns this workload alone.</summary>
    private async Task IssueAsync(RestartTurn turn, CancellationToken cancellationToken)
    {
        try
        {
            await StrategyChoice.Of(turn.Strategy).BeginAsync(turn, this, cancellationToken);
        }
        catch (MeshRollException error)
        {
            RefuseOrFail(turn.Target.Workload, error, turn.Facts);
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

    /// <summary>Carries a replacement out, and tells how it goes.</summary>
    private async Task DriveAsync(MeshRollout rollout, ReplacementDriver driver, CancellationToken cancellationToken)
    {
        var (current, estimate, timeline) = (rollout, new ReplacementEstimate(rollout.Remaining, rollout.StartTime ?? Now), new RolloutTimeline());
        timeline.Add(rollout.StartTime ?? Now, rollout);
        driver.Progressed = (sight, message) =>
        {
            current = RestartReports.Moved(current, sight, message) with { Remaining = estimate.Left(sight, Now) };
            timeline.Add(Now, current);
            _session.Driven.Put(current);
            Events.PostLatest(Key(current), new RestartEvent.Changed(current));
        };
        Outcome outcome;
        try
        {
            outcome = await driver.RunAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A fault of ours: the mark stays, and with it all that is needed to take it back.
            _session.Driven.Put(RestartReports.Over(current, new(RolloutState.Failed, $"ended by an error of MeshRoll itself ({error.Message}); Repair-MeshWorkload takes back what it left"), null, Now));
            throw;
        }
        current = RestartReports.Over(current, outcome, driver.Sight, Now);
        timeline.Add(Now, current);
        current = current with { Timeline = timeline.Samples };
        _session.Driven.Put(current);
        if (cancellationToken.IsCancellationRequested) _options.TakenBack?.Invoke(current);
        End(current);
    }

    private async Task DrivenAsync()
    {
        Task[] driving;
        lock (_gate) driving = [.. _driving];
        await Task.WhenAll(driving);
    }

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
                // Pods that came up may make room.
                if (_options.Guards.MaxPodsInTransition > 0) lock (_gate) _news.TrySetResult();
                break;
            case RolloutEvent.Ended ended:
                End(ended.Rollout);
                break;
            case RolloutEvent.Remark remark:
                Events.PostLatest(remark.Text, new RestartEvent.Remark(remark.Text));
                break;
        }
    }

    private void End(MeshRollout rollout)
    {
        var failed = IsFailure(rollout);
        _guards.Ended(WorkloadOf(rollout));
        // Together: whoever reads of a failure can rely on it that nothing more starts.
        lock (_gate)
        {
            Events.PostLast(Key(rollout), new RestartEvent.Ended(rollout));
            if (failed) _failed.Add(rollout);
            _walk.Ended(failed, Now);
            _news.TrySetResult();
        }
    }

    /// <summary>A workload that came back with the sidecar it had would be restarted again and again: that is a failure of the walk, though not of the workload.</summary>
    private static bool IsFailure(MeshRollout rollout) =>
        rollout.State is RolloutState.Failed or RolloutState.TimedOut || rollout.Diagnosis.Any(finding => finding.Id == SidecarVerification.Outdated);

    private static WorkloadReference WorkloadOf(MeshRollout rollout) => new(rollout.Namespace, rollout.Kind, rollout.Name);

    private static (string, string, string) Key(MeshRollout rollout) => (rollout.Namespace, rollout.Kind, rollout.Name);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
