namespace MeshRoll.Kubernetes.Watching;

/// <summary>A cache of any kind, as the registry sees it. Disposing it ends everything and waits for it. Its counts belong to the registry's lock.</summary>
internal interface ISharedCache : IAsyncDisposable
{
    /// <summary>Leases in use.</summary>
    int Leases { get; set; }

    /// <summary>Ends the cache a while after its last lease.</summary>
    ITimer? Linger { get; set; }

    /// <summary>Begins to list and watch. <paramref name="onFailed"/> is called when the server refuses for good.</summary>
    void Begin(Action<ISharedCache> onFailed);
}
