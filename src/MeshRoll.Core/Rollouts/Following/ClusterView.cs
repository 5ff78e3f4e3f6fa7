using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Watching;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>What a view tells. Called from the readers' threads, never while the view holds a lock.</summary>
internal interface IClusterViewObserver
{
    /// <summary>A workload, or one of its pods, changed.</summary>
    void OnWorkloadChanged(WorkloadReference workload);

    /// <summary>More is known now, or known to be unreadable: all workloads of the namespace (null: of all) may be judged anew.</summary>
    void OnScopeChanged(string? @namespace);

    /// <summary>A sentence worth saying.</summary>
    void OnRemark(string text);
}

/// <summary>
/// Workloads and their pods as the shared caches know them: only the kinds and namespaces in play, and each object found by its key.
/// </summary>
internal sealed class ClusterView : IAsyncDisposable
{
    private readonly PodIndex _pods = new();
    private readonly ScopedFeed<Pod> _podFeed;
    private readonly Feed<Deployment> _deployments;
    private readonly Feed<StatefulSet> _statefulSets;
    private readonly Feed<DaemonSet> _daemonSets;
    private readonly Feed<ArgoRollout> _rollouts;
    private readonly HashSet<object> _lost = [];
    private readonly Feed<ReplicaSet> _replicaSets;
    private volatile IClusterViewObserver[] _observers = [];

    public ClusterView(ClusterSession session, TimeSpan? pollInterval)
    {
        _podFeed = new(session.Caches, Resources.Pods, pollInterval, new PodSink(this));
        _deployments = new(this, session, Resources.Deployments, pollInterval);
        _statefulSets = new(this, session, Resources.StatefulSets, pollInterval);
        _daemonSets = new(this, session, Resources.DaemonSets, pollInterval);
        _rollouts = new(this, session, Resources.ArgoRollouts, pollInterval);
        _replicaSets = new(this, session, Resources.ReplicaSets, pollInterval);
    }

    /// <summary>Who is told too, from now on. Before anything is opened.</summary>
    public void Observe(IClusterViewObserver observer) => _observers = [.. _observers, observer];

    /// <summary>Begins to follow what these workloads need. Name together what will be needed together.</summary>
    public void Open(IReadOnlyCollection<WorkloadReference> workloads)
    {
        foreach (var kind in workloads.GroupBy(workload => workload.Kind)) Of(kind.Key)?.Open(kind.Select(workload => workload.Namespace).Distinct());
        _podFeed.Open(workloads.Select(workload => workload.Namespace).Distinct());
    }

    /// <summary>The workload as known now; null when it is not there or not known yet.</summary>
    public IKubernetesObject? Find(WorkloadReference workload) => Of(workload.Kind)?.Find(workload);

    /// <summary>Whether all workloads of its kind and namespace are known, so that one that is not found does not exist.</summary>
    public bool IsLoaded(WorkloadReference workload) => Of(workload.Kind)?.IsLoaded(workload.Namespace) ?? false;

    /// <summary>Why the workload cannot be read; null when it can, or when that is not known yet.</summary>
    public MeshRollException? Refusal(WorkloadReference workload) => Of(workload.Kind)?.Refusal(workload.Namespace);

    /// <summary>The workload's pods as known now.</summary>
    public IReadOnlyCollection<Pod> PodsOf(WorkloadReference workload) => _pods.Of(workload);

    /// <summary>The pods known now that fit, of whatever workload in the namespaces that are followed.</summary>
    public IReadOnlyList<Pod> PodsWhere(Func<Pod, bool> fits) => _pods.Where(fits);

    /// <summary>Whether the pods of a namespace are all known; false too when they cannot be read.</summary>
    public bool ArePodsLoaded(string @namespace) => _podFeed.IsLoaded(@namespace);

    /// <summary>Whether the pods of a namespace cannot be read for good.</summary>
    public bool ArePodsRefused(string @namespace) => _podFeed.Refusal(@namespace) is not null;

    /// <summary>Waits until the workload and its pods are known; gives why the workload (not its pods) cannot be read, or null.</summary>
    public async Task<MeshRollException?> ReadyAsync(WorkloadReference workload, CancellationToken cancellationToken)
    {
        if (Of(workload.Kind) is not { } feed) return null;
        if (await feed.ReadyAsync(workload.Namespace, cancellationToken) is { } refusal) return refusal;
        await _podFeed.ReadyAsync(workload.Namespace, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _podFeed.DisposeAsync();
        foreach (var kind in WorkloadKinds.Restartable) await Of(kind)!.DisposeAsync();
        await _replicaSets.DisposeAsync();
    }

    private IWorkloadFeed? Of(string kind) => kind switch
    {
        WorkloadKinds.Deployment => _deployments,
        WorkloadKinds.StatefulSet => _statefulSets,
        WorkloadKinds.DaemonSet => _daemonSets,
        WorkloadKinds.Rollout => _rollouts,
        WorkloadKinds.ReplicaSet => _replicaSets,
        _ => null,
    };

    /// <summary>One loss of connection concerns all readers, and is worth one sentence.</summary>
    private void Connection(object reader, string? lost)
    {
        string? text = null;
        lock (_lost)
        {
            var before = _lost.Count;
            if (lost is not null) _lost.Add(reader); else _lost.Remove(reader);
            if (before == 0 && _lost.Count > 0) text = $"The connection to the cluster is lost ({Wording.Clause(lost!)}); what is shown may be old until it is back.";
            if (before > 0 && _lost.Count == 0) text = "The connection to the cluster is back.";
        }
        if (text is not null) Remark(text);
    }

    private void WorkloadChanged(WorkloadReference workload)
    {
        foreach (var observer in _observers) observer.OnWorkloadChanged(workload);
    }

    private void ScopeChanged(string? @namespace)
    {
        foreach (var observer in _observers) observer.OnScopeChanged(@namespace);
    }

    private void Remark(string text)
    {
        foreach (var observer in _observers) observer.OnRemark(text);
    }

    private interface IWorkloadFeed : IAsyncDisposable
    {
        void Open(IEnumerable<string> namespaces);

        IKubernetesObject? Find(WorkloadReference workload);

        bool IsLoaded(string @namespace);

        MeshRollException? Refusal(string @namespace);

        Task<MeshRollException?> ReadyAsync(string @namespace, CancellationToken cancellationToken);
    }

    private sealed class Feed<T> : IWorkloadFeed, IFeedSink<T> where T : class, IKubernetesObject
    {
        private readonly ClusterView _view;
        private readonly string _kind;
        private readonly ScopedFeed<T> _feed;

        public Feed(ClusterView view, ClusterSession session, Resource<T> resource, TimeSpan? pollInterval)
        {
            (_view, _kind) = (view, resource.Kind);
            _feed = new(session.Caches, resource, pollInterval, this);
        }

        public void Open(IEnumerable<string> namespaces) => _feed.Open(namespaces);

        public IKubernetesObject? Find(WorkloadReference workload) => _feed.Find(workload.Namespace, workload.Name);

        public bool IsLoaded(string @namespace) => _feed.IsLoaded(@namespace);

        public MeshRollException? Refusal(string @namespace) => _feed.Refusal(@namespace);

        public Task<MeshRollException?> ReadyAsync(string @namespace, CancellationToken cancellationToken) => _feed.ReadyAsync(@namespace, cancellationToken);

        public void OnChanged(CacheEventType type, T item) => _view.WorkloadChanged(new(item.Metadata.Namespace, _kind, item.Metadata.Name));

        public void OnLoaded(string? @namespace) => _view.ScopeChanged(@namespace);

        public void OnRefused(string @namespace, MeshRollException error) => _view.ScopeChanged(@namespace);

        public void OnConnection(object reader, string? lost) => _view.Connection(reader, lost);

        public ValueTask DisposeAsync() => _feed.DisposeAsync();
    }

    private sealed class PodSink(ClusterView view) : IFeedSink<Pod>
    {
        public void OnChanged(CacheEventType type, Pod item)
        {
            var workload = type == CacheEventType.Deleted ? view._pods.Remove(item) : view._pods.Put(item);
            if (workload is not null) view.WorkloadChanged(workload);
        }

        public void OnLoaded(string? @namespace) => view.ScopeChanged(@namespace);

        public void OnRefused(string @namespace, MeshRollException error)
        {
            view.Remark($"Pods of namespace {@namespace} cannot be read, so reasons of failures and new sidecars are not known there: {error.Message}");
            view.ScopeChanged(@namespace);
        }

        public void OnConnection(object reader, string? lost) => view.Connection(reader, lost);
    }
}
