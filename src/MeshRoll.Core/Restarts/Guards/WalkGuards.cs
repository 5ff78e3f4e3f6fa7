using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Restarts.Guards;

/// <summary>What the guards say when a workload's turn has come.</summary>
/// <param name="Answer">Whether it may go.</param>
/// <param name="Until">Wait: when to ask again at the latest, UTC.</param>
/// <param name="Because">Wait, Stop: why, in words.</param>
internal readonly record struct GuardAnswer(GuardAnswerKind Answer, DateTimeOffset Until = default, string Because = "");

/// <summary>The kinds of answers.</summary>
internal enum GuardAnswerKind
{
    /// <summary>Nothing speaks against it.</summary>
    Go,

    /// <summary>Not now.</summary>
    Wait,

    /// <summary>Nothing further may be started.</summary>
    Stop,
}

/// <summary>
/// The guards of one run: asked each time a workload could go, told when one is under way and when it has ended. Asks nothing of the cluster by itself
/// beyond the list and watch of nodes. One caller at a time asks; starts and ends may be told from any thread.
/// </summary>
internal sealed class WalkGuards : IAsyncDisposable
{
    /// <summary>Between two looks at the cluster's health.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly GuardOptions _options;
    private readonly ClusterView _view;
    private readonly Action<string> _say;
    private readonly HealthWatch? _health;
    private readonly Dictionary<WorkloadReference, (int AtATime, long? Generation)> _moving = [];
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private HealthHold _hold = HealthHold.None;
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    /// <param name="session">The cluster.</param>
    /// <param name="view">The caches that follow the run's workloads.</param>
    /// <param name="namespaces">The namespaces of its targets.</param>
    /// <param name="options">What is guarded.</param>
    /// <param name="say">Takes sentences worth saying.</param>
    public WalkGuards(ClusterSession session, ClusterView view, IReadOnlyList<string> namespaces, GuardOptions options, Action<string> say)
    {
        (_view, _options, _say) = (view, options, say);
        _health = options.IgnoreClusterHealth ? null : new(session, view, namespaces);
    }

    /// <summary>Looks at the cluster as it is before anything is started.</summary>
    public Task BeginAsync(CancellationToken cancellationToken) => _health?.BeginAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>May a workload that moves <paramref name="atATime"/> pods at a time go now?</summary>
    public GuardAnswer Ask(WorkloadReference workload, int atATime, DateTimeOffset now)
    {
        if (IsUnwell(now) is { } unwell) return unwell;
        var (moving, count) = Moving();
        var verdict = TransitionRules.Judge(workload, atATime, moving, isAlone: count == 0, _options.MaxPodsInTransition);
        if (verdict.Says is { } says) SayOnce(says);
        return verdict.Fits ? new(GuardAnswerKind.Go) : new(GuardAnswerKind.Wait, now + LookInterval, $"{moving} pods are in transition");
    }

    /// <summary>A workload's restart is being issued; all that it moves at a time counts from now on.</summary>
    public void Started(WorkloadReference workload, int atATime)
    {
        lock (_gate) _moving[workload] = (atATime, null);
    }

    /// <summary>Its controller carries it out: from this generation on its status tells. What the run carries out by itself counts in full until it has ended.</summary>
    public void Issued(WorkloadReference workload, long generation)
    {
        lock (_gate)
        {
            if (_moving.TryGetValue(workload, out var known)) _moving[workload] = known with { Generation = generation };
        }
    }

    /// <summary>It has ended, or was not started after all. What failed keeps its pods, but moves no more of them.</summary>
    public void Ended(WorkloadReference workload)
    {
        lock (_gate) _moving.Remove(workload);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_health is not null) await _health.DisposeAsync();
    }

    private GuardAnswer? IsUnwell(DateTimeOffset now)
    {
        if (_health is null) return null;
        // A clock that was set back must not keep anybody from looking.
        if (now < _lookedAt || now - _lookedAt >= LookInterval) Look(now);
        if (_hold.IsStopped) return new(GuardAnswerKind.Stop, Because: $"held back for {Wording.Duration(_options.HoldTimeout)}: {_hold.Reason}");
        return _hold.IsHolding ? new(GuardAnswerKind.Wait, now + LookInterval, _hold.Reason) : null;
    }

    private void Look(DateTimeOffset now)
    {
        _lookedAt = now;
        var sight = _health!.Look(now);
        if (_health.Unchecked is { } problem) SayOnce($"Nodes cannot be read ({problem}): whether the cluster loses nodes is not checked.");
        (_hold, var says) = _hold.Step(HealthRules.Against(sight, _options), _options.HoldTimeout, now);
        if (says is not null) _say(says);
    }

    private (int Pods, int Workloads) Moving()
    {
        List<(WorkloadReference Workload, (int AtATime, long? Generation) Known)> moving;
        lock (_gate) moving = [.. _moving.Select(entry => (entry.Key, entry.Value))];
        return _options.MaxPodsInTransition == 0
            ? (0, moving.Count)
            : (moving.Sum(entry => TransitionRules.InTransition(_view.Find(entry.Workload), _view.PodsOf(entry.Workload), entry.Known.AtATime, entry.Known.Generation)), moving.Count);
    }

    private void SayOnce(string sentence)
    {
        if (_said.Add(sentence)) _say(sentence);
    }
}
