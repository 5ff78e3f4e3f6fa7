namespace MeshRoll.Kubernetes.Watching;

/// <summary>One enumeration of a cache: what was there when it began, then what changed since. Fed by the cache, emptied by whoever reads.</summary>
internal sealed class CacheReader<T>(CacheKey? only) where T : class
{
    private readonly object _lock = new();
    private readonly PendingChanges<T> _changes = new();
    private IReadOnlyList<T>? _start;
    private int _given;
    private bool _syncedGiven;
    private bool _ended;
    private bool _abandoned;
    private Exception? _failure;
    private TaskCompletionSource? _waiting;

    /// <summary>The one object it is about; null for all.</summary>
    public CacheKey? Only { get; } = only;

    /// <summary>The cache is whole for the first time (for this reader): these are its objects, shared with other readers.</summary>
    public void Start(IReadOnlyList<T> objects)
    {
        lock (_lock)
        {
            _start = objects;
            Wake();
        }
    }

    /// <summary>Takes in a change.</summary>
    public void Change(CacheEventType type, CacheKey key, T item)
    {
        lock (_lock)
        {
            switch (type)
            {
                case CacheEventType.Added: _changes.Added(key, item); break;
                case CacheEventType.Modified: _changes.Modified(key, item); break;
                default: _changes.Deleted(key, item); break;
            }
            Wake();
        }
    }

    /// <summary>The server is out of reach, or, without a reason, is back.</summary>
    public void Link(string? interruption)
    {
        lock (_lock)
        {
            if (interruption is not null) _changes.Interrupted(interruption);
            else _changes.Resumed();
            Wake();
        }
    }

    /// <summary>Nothing will follow; with a failure, the reader gets it once it has seen the rest.</summary>
    public void End(Exception? failure)
    {
        lock (_lock)
        {
            _ended = true;
            _failure ??= failure;
            Wake();
        }
    }

    /// <summary>Nobody wants to hear more: what is pending is dropped.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _abandoned = true;
            Wake();
        }
    }

    /// <summary>Takes the oldest news, if there is any.</summary>
    public bool TryTake(out CacheEvent<T> news)
    {
        lock (_lock)
        {
            news = default;
            if (_abandoned) return false;
            if (_start is not null && _given < _start.Count)
            {
                news = new(CacheEventType.Added, _start[_given++]);
                return true;
            }
            if (_start is not null && !_syncedGiven)
            {
                _start = [];
                _given = 0;
                _syncedGiven = true;
                news = new(CacheEventType.Synced, null);
                return true;
            }
            return _changes.TryTake(out news);
        }
    }

    /// <summary>Waits for news; false when there will be none.</summary>
    public Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_abandoned) return Task.FromResult(false);
            if (!_changes.IsEmpty || (_start is not null && !_syncedGiven)) return Task.FromResult(true);
            if (_failure is not null) return Task.FromException<bool>(_failure);
            if (_ended) return Task.FromResult(false);
            _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return Awaited(_waiting.Task, cancellationToken);
        }

        static async Task<bool> Awaited(Task news, CancellationToken cancellationToken)
        {
            await news.WaitAsync(cancellationToken);
            return true;
        }
    }

    private void Wake()
    {
        _waiting?.TrySetResult();
        _waiting = null;
    }
}
