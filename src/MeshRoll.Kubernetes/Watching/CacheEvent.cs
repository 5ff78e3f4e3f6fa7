namespace MeshRoll.Kubernetes.Watching;

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
