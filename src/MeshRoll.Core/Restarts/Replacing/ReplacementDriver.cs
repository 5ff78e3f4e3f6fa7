using System.Net;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>
/// Carries out a replacement: looks, asks the machine, does the one step it names, and looks again. What only waits rests on the shared caches; what
/// changes anything, or ends it, is decided again on a fresh look, because caches may lag behind.
/// </summary>
internal sealed class ReplacementDriver(ReplacementMachine machine, ReplacementLook look, ReplacementScene scene, ReplacementMemory memory)
{
    private static readonly TimeSpan CacheLag = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestBlock = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TidyUpWithin = TimeSpan.FromSeconds(10);

    private ReplacementMemory _memory = memory;
    private ReplacementSight? _sight;
    private TimeSpan _rest;
    private TimeSpan _block;

    /// <summary>What was seen last; null for nothing yet.</summary>
    public ReplacementSight? Sight => _sight;

    /// <summary>Told whenever anything was seen or done.</summary>
    public Action<ReplacementSight, string>? Progressed { get; set; }

    private DateTimeOffset Now => scene.Session.TimeProvider.GetUtcNow();

    /// <summary>Writes the mark: from then on the workload is this run's. Gives what it came to when there was nothing to begin, else null.</summary>
    /// <exception cref="MeshRollException">The server refuses, or cannot be reached: nothing was changed, as far as can be told.</exception>
    public async Task<Outcome?> BeginAsync(CancellationToken cancellationToken)
    {
        while (!_memory.IsMarked)
        {
            switch (await LookFreshAsync(cancellationToken))
            {
                case ReplacementStep.End end: return end.Outcome;
                case ReplacementStep.Set set: await DoAsync(set, cancellationToken); break;
                default: _memory = _memory with { Mark = _sight!.Mark.Mark }; break;
            }
        }
        return null;
    }

    /// <summary>Replaces until it is over. Cancelled, it restores what it can within seconds, and gives how it left the workload.</summary>
    public async Task<Outcome> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    if (await StepAsync(cancellationToken) is { } outcome) return outcome;
                    _rest = TimeSpan.Zero;
                }
                catch (MeshRollException error) when (IsPassing(error))
                {
                    if (machine.Order.Deadline <= Now) return Left(new(RolloutState.TimedOut, $"not done in time; the server could not be asked at last: {Wording.Clause(error.Message)}"));
                    await RestAsync(error, cancellationToken);
                }
                catch (MeshRollException error)
                {
                    return await GiveUpAsync(Wording.Clause(error.Message), cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await TidyUpAsync();
        }
    }

    private async Task<Outcome?> StepAsync(CancellationToken cancellationToken)
    {
        // Before looking, so that a change in between is not missed.
        var changed = scene.Signals.Next(machine.Order.Workload);
        var step = await LookAtCachesAsync(cancellationToken);
        if (step is not { IsDecision: false }) step = await LookFreshAsync(cancellationToken);
        switch (step)
        {
            case ReplacementStep.End end:
                return end.Outcome;
            case ReplacementStep.Wait wait:
                Progressed?.Invoke(_sight!, wait.Message);
                await Moments.WaitAsync(changed, wait.Until, scene.Session.TimeProvider, cancellationToken);
                return null;
            default:
                await DoAsync(step, cancellationToken);
                return null;
        }
    }

    /// <summary>The next step as the caches would have it; null when they do not know yet.</summary>
    private async Task<ReplacementStep?> LookAtCachesAsync(CancellationToken cancellationToken)
    {
        var workload = machine.Order.Workload;
        if (scene.View.Find(workload) is not { } found || !scene.View.ArePodsLoaded(workload.Namespace)) return null;
        var sight = look.At(found, scene.View.PodsOf(workload), await scene.Knowledge(cancellationToken), Now);
        // What was seen once stays seen: caches show the time before the last write for a moment.
        var seeing = _memory.Seeing(sight, Now);
        var step = machine.Next(sight, seeing, Now);
        if (step is ReplacementStep.Wait) (_sight, _memory) = (sight, seeing);
        return step;
    }

    private async Task<ReplacementStep> LookFreshAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        var step = machine.Next(_sight!, _memory, Now);
        // The caches say otherwise; they will be up to date in a moment.
        return step is ReplacementStep.Wait wait && _memory.Released is null ? wait with { Until = Sooner(wait.Until, Now + CacheLag) } : step;
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var found = await scene.Writes.FindAsync(machine.Order.Workload, cancellationToken);
        var pods = found is null ? [] : await FreshPods.ListAsync(scene.Session, found, cancellationToken);
        scene.ResourceVersion = found?.Metadata.ResourceVersion ?? "";
        _sight = look.At(found, pods, await scene.Knowledge(cancellationToken), Now);
        _memory = _memory.Seeing(_sight, Now);
    }

    private async Task DoAsync(ReplacementStep step, CancellationToken cancellationToken)
    {
        try
        {
            switch (step)
            {
                case ReplacementStep.Set(var mark, var replicas):
                    await scene.Writes.PatchAsync(machine.Order.Workload, MarkPatch.Set(scene.ResourceVersion, mark, replicas), cancellationToken);
                    _memory = _memory with { Mark = mark };
                    break;
                case ReplacementStep.Evict(var pod):
                    await scene.Session.Client.EvictAsync(machine.Order.Workload.Namespace, pod.Name, pod.Uid, cancellationToken: cancellationToken);
                    (_memory, _block) = (_memory with { EvictedAt = Now, CalmSince = null, MovedAt = Now, Blocked = null }, TimeSpan.Zero);
                    break;
                case ReplacementStep.Release(var outcome, var replicas):
                    await scene.Writes.PatchAsync(machine.Order.Workload, MarkPatch.Remove(scene.ResourceVersion, replicas, outcome.State == RolloutState.Complete ? machine.Order.Plan : null), cancellationToken);
                    _memory = _memory with { Released = outcome, MovedAt = Now };
                    break;
            }
        }
        catch (ApiException error) when (error.Code is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            // Somebody changed the workload, or the pod is gone already: the next look tells.
        }
        catch (ApiException error) when (step is ReplacementStep.Evict && error.Code == HttpStatusCode.TooManyRequests && error.Causes.FirstOrDefault(cause => cause.Reason == "DisruptionBudget") is { } budget)
        {
            _block = _block == TimeSpan.Zero ? TimeSpan.FromSeconds(5) : Sooner(_block * 2, LongestBlock);
            _memory = _memory with { Blocked = (Wording.Clause(budget.Message), Now + _block), MovedAt = Now };
        }
    }

    private async Task RestAsync(MeshRollException error, CancellationToken cancellationToken)
    {
        _rest = _rest == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : Sooner(_rest * 2, LongestRest);
        if (_sight is { } last) Progressed?.Invoke(last, $"the server does not answer ({Wording.Clause(error.Message)}); asking again");
        await Task.Delay(_rest, scene.Session.TimeProvider, cancellationToken);
    }

    /// <summary>The server refuses a step for good: what was begun is taken back.</summary>
    private async Task<Outcome> GiveUpAsync(string because, CancellationToken cancellationToken)
    {
        try
        {
            return await AbandonAsync(because, cancellationToken);
        }
        catch (MeshRollException)
        {
            return Left(new(RolloutState.Failed, because));
        }
    }

    /// <summary>Takes back what was begun, within seconds; gives how it left the workload. Never fails.</summary>
    public async Task<Outcome> TidyUpAsync()
    {
        using var enough = new CancellationTokenSource(TidyUpWithin, scene.Session.TimeProvider);
        var (left, available) = _memory.Reached;
        var message = $"stopped with {Wording.Count(left, "pod")} left to replace, {available} ready";
        try
        {
            return await AbandonAsync(message, enough.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or MeshRollException)
        {
            return Left(new(RolloutState.Failed, message));
        }
    }

    private async Task<Outcome> AbandonAsync(string message, CancellationToken cancellationToken)
    {
        while (_memory.Released is null)
        {
            await LookAsync(cancellationToken);
            var step = machine.Abandon(_sight!, message);
            if (step is ReplacementStep.End end) return end.Outcome;
            await DoAsync(step, cancellationToken);
        }
        return _memory.Released;
    }

    private Outcome Left(Outcome outcome) => _memory.IsMarked && _memory.Released is null
        ? outcome with { Message = $"{outcome.Message}; the mark {RestartMark.Key} and the count of pods could not be put back: Repair-MeshWorkload does that" }
        : outcome;

    // No answer, or none that means anything. More than one budget for a pod is a 500 that does not pass (registry/core/pod/storage, eviction).
    private static bool IsPassing(MeshRollException error) => error switch
    {
        ApiException { Code: HttpStatusCode.TooManyRequests } => true,
        ApiException { Code: >= HttpStatusCode.InternalServerError } api => !api.ServerMessage.Contains("PodDisruptionBudget", StringComparison.Ordinal),
        ApiException => false,
        _ => true,
    };

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static DateTimeOffset Sooner(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;
}

/// <summary>Where a replacement happens: the cluster, what is known of it, and how it is written to.</summary>
/// <param name="Session">The cluster.</param>
/// <param name="View">What the caches know.</param>
/// <param name="Signals">Who tells of changes.</param>
/// <param name="Writes">How workloads are changed.</param>
/// <param name="Knowledge">What the meshes inject.</param>
internal sealed record ReplacementScene(ClusterSession Session, ClusterView View, WorkloadSignals Signals, WorkloadWrites Writes, Func<CancellationToken, Task<MeshKnowledge>> Knowledge)
{
    /// <summary>The workload's resource version at the last fresh look.</summary>
    public string ResourceVersion { get; set; } = "";
}
