using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Watching;

/// <summary>
/// One list and one watch per resource and scope, however many look at it. A cache begins with its first lease and ends with its last.
/// </summary>
public sealed class SharedCaches(ClusterClient client, TimeProvider? timeProvider = null) : IAsyncDisposable
{
    /// <summary>The client behind the caches.</summary>
    public ClusterClient Client { get; } = client;

    /// <summary>The clock behind back-off and polling.</summary>
    public TimeProvider TimeProvider { get; } = timeProvider ?? TimeProvider.System;

    /// <summary>Joins the cache of a scope, or begins it. Returns at once; wait for <see cref="CacheLease{T}.Synced"/> before reading.</summary>
    public CacheLease<T> Acquire<T>(Resource<T> resource, CacheScope scope) where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What a cache holds. Equal scopes of one resource share one cache.</summary>
/// <param name="Namespace">One namespace, or null for all.</param>
/// <param name="LabelSelector">Kubernetes' syntax, or null.</param>
/// <param name="FieldSelector">Kubernetes' syntax, or null.</param>
/// <param name="PollInterval">Null to watch; otherwise the cache lists anew at this interval and watches nothing.</param>
public sealed record CacheScope(string? Namespace, string? LabelSelector = null, string? FieldSelector = null, TimeSpan? PollInterval = null);

/// <summary>A share in a cache. Dispose it to leave.</summary>
public sealed class CacheLease<T> : IAsyncDisposable where T : class, IKubernetesObject
{
    internal CacheLease() { }

    /// <summary>Completes when the first list was read whole; fails when the server refuses it for good (for example 403).</summary>
    public Task Synced => throw new NotImplementedException();

    /// <summary>The objects as known now. A copy: it does not change while being read.</summary>
    public IReadOnlyCollection<T> Snapshot() => throw new NotImplementedException();

    /// <summary>One object, or null. Namespace is empty for cluster-wide objects.</summary>
    public T? Find(string @namespace, string name) => throw new NotImplementedException();

    /// <summary>
    /// First an Added for every object known, then <see cref="CacheEventType.Synced"/>, then every change in order, until cancelled or disposed.
    /// A reader that is slow sees the newest state of an object and may miss states in between; it never misses the last one, nor a deletion.
    /// Throws what <see cref="Synced"/> throws when the server refuses for good.
    /// </summary>
    public IAsyncEnumerable<CacheEvent<T>> ReadAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A change seen by a cache.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Item">The object after it (before it, for Deleted); null for Synced, Interrupted and Resumed.</param>
/// <param name="Detail">For Interrupted: why, in words.</param>
public readonly record struct CacheEvent<T>(CacheEventType Type, T? Item, string? Detail = null) where T : class;

/// <summary>What a cache saw.</summary>
public enum CacheEventType
{
    /// <summary>An object is new to the cache.</summary>
    Added,

    /// <summary>An object changed.</summary>
    Modified,

    /// <summary>An object is gone.</summary>
    Deleted,

    /// <summary>All objects there were at the start have been given.</summary>
    Synced,

    /// <summary>The server is out of reach; what the cache holds gets old. It keeps trying.</summary>
    Interrupted,

    /// <summary>The cache is up to date again.</summary>
    Resumed,
}
