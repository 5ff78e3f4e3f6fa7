using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Watching;

/// <summary>The objects of one resource and scope, kept up to date by a reflector, and the readers that hear of every change.</summary>
internal sealed class SharedCache<T> : ISharedCache, IReflectorSink<T> where T : class, IKubernetesObject
{
    private readonly object _lock = new();
    private readonly Reflector<T> _reflector;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<CacheReader<T>> _readersOfAll = [];
    private readonly Dictionary<CacheKey, HashSet<CacheReader<T>>> _readersOfOne = [];
    private Dictionary<CacheKey, T> _objects = [];
    private T[]? _snapshot;
    private bool _isSynced;
    private string? _interruption;
    private bool _ended;
    private Exception? _failure;
    private Task _running = Task.CompletedTask;

    /// <summary>A cache that is empty until it is begun.</summary>
    public SharedCache(ClusterClient client, Resource<T> resource, CacheScope scope, TimeProvider time) =>
        _reflector = new(client.Sender, resource, scope, time, this);

    /// <summary>Completes when the first list was read whole.</summary>
    public Task Synced => _synced.Task;

    /// <inheritdoc/>
    public int Leases { get; set; }

    /// <inheritdoc/>
    public ITimer? Linger { get; set; }

    /// <inheritdoc/>
    public void Begin(Action<ISharedCache> onFailed) => _running = Task.Run(() => RunAsync(onFailed));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <summary>The objects as known now; not changed by anything later.</summary>
    public IReadOnlyCollection<T> Snapshot()
    {
        lock (_lock)
        {
            return CurrentSnapshot();
        }
    }

    /// <summary>One object, or null.</summary>
    public T? Find(CacheKey key)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault(key);
        }
    }

    /// <summary>Lets a reader hear of everything from now on.</summary>
    public void Join(CacheReader<T> reader)
    {
        lock (_lock)
        {
            if (_isSynced) Start(reader);
            if (_interruption is not null) reader.Link(_interruption);
            if (_ended) reader.End(_failure);
            else if (reader.Only is not { } key) _readersOfAll.Add(reader);
            else if (_readersOfOne.TryGetValue(key, out var others)) others.Add(reader);
            else _readersOfOne.Add(key, [reader]);
        }
    }

    /// <summary>Forgets a reader.</summary>
    public void Leave(CacheReader<T> reader)
    {
        lock (_lock)
        {
            if (reader.Only is not { } key) _readersOfAll.Remove(reader);
            else if (_readersOfOne.TryGetValue(key, out var others) && others.Remove(reader) && others.Count == 0) _readersOfOne.Remove(key);
        }
    }

    void IReflectorSink<T>.Replace(IEnumerable<T> objects)
    {
        lock (_lock)
        {
            var before = _objects;
            _objects = [];
            foreach (var item in objects) _objects[KeyOf(item)] = item;
            _snapshot = null;
            if (!_isSynced)
            {
                _isSynced = true;
                ForAll(Start);
                _synced.TrySetResult();
                return;
            }

            // What vanished meanwhile was deleted, and nobody will say so but this comparison.
            foreach (var (key, item) in before)
            {
                if (!_objects.ContainsKey(key)) Tell(CacheEventType.Deleted, key, item);
            }
            foreach (var (key, item) in _objects) Compare(key, before.GetValueOrDefault(key), item);
        }
    }

    void IReflectorSink<T>.Put(T item)
    {
        lock (_lock)
        {
            var key = KeyOf(item);
            var before = _objects.GetValueOrDefault(key);
            _objects[key] = item;
            _snapshot = null;
            Compare(key, before, item);
        }
    }

    void IReflectorSink<T>.Remove(T last)
    {
        lock (_lock)
        {
            var key = KeyOf(last);
            if (!_objects.Remove(key)) return;
            _snapshot = null;
            Tell(CacheEventType.Deleted, key, last);
        }
    }

    void IReflectorSink<T>.Interrupted(string why)
    {
        lock (_lock)
        {
            if (_interruption is null) ForAll(reader => reader.Link(why));
            _interruption = why;
        }
    }

    void IReflectorSink<T>.Resumed()
    {
        lock (_lock)
        {
            if (_interruption is null) return;
            _interruption = null;
            ForAll(static reader => reader.Link(null));
        }
    }

    private async Task RunAsync(Action<ISharedCache> onFailed)
    {
        Exception? failure = null;
        try
        {
            await _reflector.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody needs it any more.
        }
        catch (Exception final)
        {
            // Whatever it is, those who wait must hear of it.
            failure = final;
        }

        if (failure is not null) onFailed(this);
        lock (_lock)
        {
            _ended = true;
            _failure = failure;
            ForAll(reader => reader.End(failure));
            _readersOfAll.Clear();
            _readersOfOne.Clear();
            if (failure is null) _synced.TrySetCanceled(CancellationToken.None);
            // Observed here: not everybody who holds a lease waits for it.
            else if (_synced.TrySetException(failure)) _ = _synced.Task.Exception;
        }
    }

    private void Compare(CacheKey key, T? before, T now)
    {
        if (before is null)
        {
            Tell(CacheEventType.Added, key, now);
        }
        else if (before.Metadata.Uid != now.Metadata.Uid)
        {
            Tell(CacheEventType.Deleted, key, before);
            Tell(CacheEventType.Added, key, now);
        }
        else if (before.Metadata.ResourceVersion != now.Metadata.ResourceVersion)
        {
            Tell(CacheEventType.Modified, key, now);
        }
    }

    private void Tell(CacheEventType type, CacheKey key, T item)
    {
        foreach (var reader in _readersOfAll) reader.Change(type, key, item);
        if (_readersOfOne.Count == 0 || !_readersOfOne.TryGetValue(key, out var readers)) return;
        foreach (var reader in readers) reader.Change(type, key, item);
    }

    private void ForAll(Action<CacheReader<T>> action)
    {
        foreach (var reader in _readersOfAll) action(reader);
        foreach (var readers in _readersOfOne.Values)
        {
            foreach (var reader in readers) action(reader);
        }
    }

    private void Start(CacheReader<T> reader) =>
        reader.Start(reader.Only is not { } key ? CurrentSnapshot() : _objects.TryGetValue(key, out var item) ? [item] : []);

    private T[] CurrentSnapshot() => _snapshot ??= [.. _objects.Values];

    private static CacheKey KeyOf(T item) => new(item.Metadata.Namespace, item.Metadata.Name);
}
