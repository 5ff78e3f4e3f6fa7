using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Watching;

namespace MeshRoll.Core.Restarts.Guards;

/// <summary>
/// Looks at the cluster's health without asking: nodes from a cache of their own (one list and one watch for the whole run), pods from the caches that follow
/// the rollouts, and the server by the answers it gave to whatever was asked anyhow. Looks only when somebody wants to know.
/// </summary>
internal sealed class HealthWatch(ClusterSession session, ClusterView view, IReadOnlyList<string> namespaces) : IAsyncDisposable
{
    /// <summary>Answers older than this say nothing of the server as it is.</summary>
    public static readonly TimeSpan StrainWindow = TimeSpan.FromSeconds(20);

    /// <summary>A scheduler needs a moment; a pod that it has given up is counted at once.</summary>
    private static readonly TimeSpan SchedulingGrace = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(2);

    private readonly CacheLease<Node> _nodes = session.Caches.Acquire(Resources.Nodes, new(null));
    private readonly HashSet<string> _seenReady = new(StringComparer.Ordinal);
    private Dictionary<string, DateTimeOffset> _waiting = new(StringComparer.Ordinal);
    private int? _waitingAtStart;

    /// <summary>Why nodes are not looked at, in words, once that is known; null while they are.</summary>
    public string? Unchecked { get; private set; }

    /// <summary>Takes the nodes as they are at the start. One that does not come at once is not waited for: then they count from the first look on.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_nodes.Synced, Task.Delay(StartPatience, session.TimeProvider, enough.Token));
        await enough.CancelAsync();
        if (Nodes() is { } nodes) Lost(nodes);
    }

    /// <summary>The cluster as it is now. Not for several threads.</summary>
    public HealthSight Look(DateTimeOffset now)
    {
        var nodes = Nodes();
        var (throttled, failed) = session.Client.Transport.Strain.Since(now - StrainWindow);
        return new()
        {
            Nodes = nodes?.Count,
            LostNodes = nodes is null ? [] : Lost(nodes),
            PendingPods = Pending(now),
            Throttled = throttled,
            Failed = failed,
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    private IReadOnlyCollection<Node>? Nodes()
    {
        if (_nodes.Synced.IsCompletedSuccessfully) return _nodes.Snapshot();
        if (_nodes.Synced is { IsFaulted: true, Exception.InnerException: var error }) Unchecked ??= error is MeshRollException refused ? Refusal.InWords(refused) : error!.Message;
        return null;
    }

    // By uid: a node that went for good may come again under its name.
    private List<string> Lost(IReadOnlyCollection<Node> nodes)
    {
        List<string> lost = [];
        foreach (var node in nodes)
        {
            if (HealthRules.IsReady(node)) _seenReady.Add(node.Metadata.Uid);
            else if (_seenReady.Contains(node.Metadata.Uid)) lost.Add(node.Metadata.Name);
        }
        lost.Sort(StringComparer.Ordinal);
        return lost;
    }

    private int? Pending(DateTimeOffset now)
    {
        if (!namespaces.Any(view.ArePodsLoaded)) return null;
        var waiting = view.PodsWhere(HealthRules.IsWithoutNode);
        _waitingAtStart ??= waiting.Count;
        var before = _waiting;
        _waiting = new(StringComparer.Ordinal);
        var lasting = 0;
        foreach (var pod in waiting)
        {
            var since = before.GetValueOrDefault(pod.Metadata.Uid, now);
            _waiting[pod.Metadata.Uid] = since;
            if (HealthRules.IsGivenUp(pod) || now - since >= SchedulingGrace) lasting++;
        }
        return Math.Max(0, lasting - _waitingAtStart.Value);
    }
}
