using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Api;

/// <summary>
/// The API of one cluster, as far as MeshRoll needs it. Safe to be used from several threads.
/// Every method throws <see cref="ApiException"/> when the server says no, <see cref="ApiProtocolException"/> when its answer is broken,
/// <see cref="ClusterUnreachableException"/> when it cannot be reached, <see cref="OperationCanceledException"/> when cancelled.
/// </summary>
public sealed class ClusterClient : IAsyncDisposable
{
    /// <summary>A client of <paramref name="connection"/>. Opens nothing yet.</summary>
    public ClusterClient(ClusterConnection connection, TransportOptions? options = null) => Transport = new(connection, options);

    /// <summary>Whom this talks to.</summary>
    public ClusterConnection Connection => Transport.Connection;

    /// <summary>The HTTP side.</summary>
    public ClusterTransport Transport { get; }

    /// <summary>
    /// All objects of a kind, page by page as they arrive; namespace null means all namespaces.
    /// A continue token that expired leads to a new list; objects already given are not given again (by uid).
    /// </summary>
    public IAsyncEnumerable<T> ListAsync<T>(Resource<T> resource, string? @namespace, ListQuery? query = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <summary>Metadata alone of all objects of a kind: cheap even where the objects are big.</summary>
    public IAsyncEnumerable<PartialObject> ListMetadataAsync<T>(Resource<T> resource, string? @namespace, ListQuery? query = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <summary>One object.</summary>
    public Task<T> GetAsync<T>(Resource<T> resource, string? @namespace, string name, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <summary>One object, or null when there is none of that name.</summary>
    public Task<T?> FindAsync<T>(Resource<T> resource, string? @namespace, string name, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <summary>Changes an object; returns it as it is afterwards.</summary>
    /// <param name="resource">Its kind.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="patch">The change.</param>
    /// <param name="replay">Whether the patch gives the same result when sent twice.</param>
    /// <param name="options">Field manager and dry run.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    public Task<T> PatchAsync<T>(Resource<T> resource, string? @namespace, string name, Patch patch, Replay replay, ChangeOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <summary>The scale subresource of a workload.</summary>
    public Task<Scale> GetScaleAsync<T>(Resource<T> resource, string @namespace, string name, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <summary>Sets the wanted count, on condition that the scale is still of <see cref="ObjectMeta.ResourceVersion"/> of <paramref name="current"/>; a conflict is an <see cref="ApiException"/>.</summary>
    public Task<Scale> SetScaleAsync<T>(Resource<T> resource, Scale current, int replicas, ChangeOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <summary>Asks for a pod's eviction, which disruption budgets may refuse (429, cause DisruptionBudget). Uses policy/v1, or v1beta1 where the server knows no other.</summary>
    public Task EvictAsync(string @namespace, string pod, ChangeOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Changes of a kind's objects from <paramref name="resourceVersion"/> on, until the server ends the watch. For the reflector; others use the shared caches.</summary>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(Resource<T> resource, string? @namespace, ListQuery? query, string resourceVersion, TimeSpan serverTimeout, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <summary>The server's version, such as <c>v1.33.1</c>.</summary>
    public Task<string> GetVersionAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Whether the server serves a resource, by discovery (asked once per group and version).</summary>
    public Task<bool> ServesAsync<T>(Resource<T> resource, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Transport.DisposeAsync();
}

/// <summary>One line of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Item">The object after it; null for errors.</param>
/// <param name="ResourceVersion">Resume from here.</param>
/// <param name="Error">The server's error, for <see cref="WatchEventType.Error"/>.</param>
public sealed record WatchEvent<T>(WatchEventType Type, T? Item, string ResourceVersion, ApiException? Error) where T : class;

/// <summary>What a line of a watch says.</summary>
public enum WatchEventType
{
    /// <summary>An object came into the selection.</summary>
    Added,

    /// <summary>An object changed.</summary>
    Modified,

    /// <summary>An object left the selection.</summary>
    Deleted,

    /// <summary>Nothing happened up to this resource version.</summary>
    Bookmark,

    /// <summary>The watch failed, with code 410 when it has to begin anew.</summary>
    Error,
}
