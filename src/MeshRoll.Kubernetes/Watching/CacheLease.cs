using System.Runtime.CompilerServices;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Watching;

/// <summary>A share in a cache. Dispose it to leave. Safe to be used from several threads.</summary>
public sealed class CacheLease<T> : IAsyncDisposable where T : class, IKubernetesObject
{
    private readonly SharedCache<T> _cache;
    private readonly object _lock = new();
    private readonly HashSet<CacheReader<T>> _readers = [];
    private Action? _release;

    internal CacheLease(SharedCache<T> cache, Action release)
    {
        _cache = cache;
        _release = release;
    }

    /// <summary>
    /// Completes when the first list was read whole; fails when the server refuses it for good (for example 403), or does not give it
    /// within half a minute of trying; is cancelled when the caches are disposed before.
    /// </summary>
    public Task Synced => _cache.Synced;

    /// <summary>The objects as known now. A copy: it does not change while being read.</summary>
    public IReadOnlyCollection<T> Snapshot() => _cache.Snapshot();

    /// <summary>One object, or null. Namespace is empty for cluster-wide objects.</summary>
    public T? Find(string @namespace, string name) => _cache.Find(new(@namespace, name));

    /// <summary>
    /// First an Added for every object known, then <see cref="CacheEventType.Synced"/>, then every change in order, until cancelled or disposed.
    /// A reader that is slow sees the newest state of an object and may miss states in between; it never misses the last one, nor a deletion
    /// of an object it was told of. An object deleted and made again (another uid) is given as Deleted, then Added.
    /// Throws what <see cref="Synced"/> throws when the server refuses for good.
    /// </summary>
    public IAsyncEnumerable<CacheEvent<T>> ReadAsync(CancellationToken cancellationToken = default) => RunAsync(null, cancellationToken);

    /// <summary>
    /// The same for one object: Added if there is one of that name, then Synced, then its changes. An event wakes only those who read its object,
    /// so that hundreds may wait at one cache. Namespace is empty for cluster-wide objects.
    /// </summary>
    public IAsyncEnumerable<CacheEvent<T>> ReadAsync(string @namespace, string name, CancellationToken cancellationToken = default) =>
        RunAsync(new CacheKey(@namespace, name), cancellationToken);

    /// <summary>Leaves the cache: enumerations of this lease end.</summary>
    public ValueTask DisposeAsync()
    {
        Action? release;
        lock (_lock)
        {
            release = _release;
            _release = null;
            foreach (var reader in _readers) reader.Abandon();
        }
        release?.Invoke();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<CacheEvent<T>> RunAsync(CacheKey? only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new CacheReader<T>(only);
        if (!Join(reader)) yield break;
        try
        {
            while (await reader.WaitAsync(cancellationToken))
            {
                while (reader.TryTake(out var news))
                {
                    yield return news;
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            Leave(reader);
        }
    }

    private bool Join(CacheReader<T> reader)
    {
        lock (_lock)
        {
            if (_release is null) return false;
            _readers.Add(reader);
            _cache.Join(reader);
            return true;
        }
    }

    private void Leave(CacheReader<T> reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }
        _cache.Leave(reader);
    }
}
