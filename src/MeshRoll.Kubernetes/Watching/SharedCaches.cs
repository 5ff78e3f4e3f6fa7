using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Watching;

/// <summary>
/// One list and one watch per resource and scope, however many look at it. A cache begins with its first lease and ends with its last.
/// Safe to be used from several threads.
/// </summary>
public sealed class SharedCaches(ClusterClient client, TimeProvider? timeProvider = null) : IAsyncDisposable
{
    /// <summary>Who leaves is often followed by somebody who comes: one cmdlet in a pipeline after the other.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);

    private readonly object _lock = new();
    private readonly Dictionary<Key, ISharedCache> _caches = [];
    private readonly HashSet<Task> _ending = [];
    private bool _disposed;

    private readonly record struct Key(Type Type, string GroupVersion, string Plural, CacheScope Scope);

    /// <summary>The client behind the caches.</summary>
    public ClusterClient Client { get; } = client;

    /// <summary>The clock behind back-off and polling.</summary>
    public TimeProvider TimeProvider { get; } = timeProvider ?? TimeProvider.System;

    /// <summary>Joins the cache of a scope, or begins it. Returns at once; wait for <see cref="CacheLease{T}.Synced"/> before reading.</summary>
    /// <exception cref="ObjectDisposedException">The caches were disposed.</exception>
    public CacheLease<T> Acquire<T>(Resource<T> resource, CacheScope scope) where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(scope);
        if (!resource.Namespaced || scope.Namespace is "") scope = scope with { Namespace = null };
        var key = new Key(typeof(T), resource.GroupVersion, resource.Plural, scope);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_caches.TryGetValue(key, out var found))
            {
                found = new SharedCache<T>(Client, resource, scope, TimeProvider);
                _caches.Add(key, found);
                found.Begin(failed => Forget(key, failed));
            }
            found.Leases++;
            found.Linger?.Dispose();
            found.Linger = null;
            return new((SharedCache<T>)found, () => Release(key, found));
        }
    }

    /// <summary>Ends all caches at once and waits until nothing of them runs. Their leases remain readable; enumerations end.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_lock)
        {
            _disposed = true;
            foreach (var key in _caches.Keys.ToArray()) End(key, _caches[key]);
            ending = [.. _ending];
        }
        await Task.WhenAll(ending);
    }

    private void Release(Key key, ISharedCache cache)
    {
        lock (_lock)
        {
            if (--cache.Leases > 0 || !IsCurrent(key, cache)) return;
            cache.Linger = TimeProvider.CreateTimer(_ => EndUnused(key, cache), null, Linger, Timeout.InfiniteTimeSpan);
        }
    }

    private void EndUnused(Key key, ISharedCache cache)
    {
        lock (_lock)
        {
            if (cache.Leases == 0 && IsCurrent(key, cache)) End(key, cache);
        }
    }

    private void Forget(Key key, ISharedCache cache)
    {
        lock (_lock)
        {
            if (IsCurrent(key, cache)) End(key, cache);
        }
    }

    // Called with the lock held.
    private void End(Key key, ISharedCache cache)
    {
        _caches.Remove(key);
        cache.Linger?.Dispose();
        cache.Linger = null;
        // On another thread: ending runs continuations of readers.
        var ending = Task.Run(async () => await cache.DisposeAsync());
        _ending.Add(ending);
        ending.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Ended(Task ending)
    {
        lock (_lock)
        {
            _ending.Remove(ending);
        }
    }

    private bool IsCurrent(Key key, ISharedCache cache) => _caches.TryGetValue(key, out var current) && ReferenceEquals(current, cache);
}
