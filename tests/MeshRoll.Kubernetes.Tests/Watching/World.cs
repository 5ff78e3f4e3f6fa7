using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Kubernetes.Watching;

namespace MeshRoll.Kubernetes.Tests.Watching;

/// <summary>A cluster, a client and its caches on one clock.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly ClusterClient _client;

    public World()
    {
        Cluster = new();
        _client = Cluster.NewClient();
        Caches = new(_client, Cluster.Time);
    }

    public FakeCluster Cluster { get; }

    public SharedCaches Caches { get; }

    public async Task<CacheLease<Pod>> JoinAsync()
    {
        var lease = Caches.Acquire(Resources.Pods, new("shop"));
        await lease.Synced.WaitAsync(TestContext.Current.CancellationToken);
        return lease;
    }

    /// <summary>Lets the clock run until something has happened.</summary>
    public async Task<TResult> PassingTimeAsync<TResult>(Task<TResult> happening, int step = 1)
    {
        while (!happening.IsCompleted)
        {
            Cluster.Time.Advance(TimeSpan.FromSeconds(step));
            await Task.WhenAny(happening, Task.Delay(1, TestContext.Current.CancellationToken));
        }
        return await happening;
    }

    public async ValueTask DisposeAsync()
    {
        await Caches.DisposeAsync();
        await _client.DisposeAsync();
    }
}

/// <summary>A reader, its news in words.</summary>
internal sealed class News : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly IAsyncEnumerator<CacheEvent<Pod>> _news;
    private Task<bool>? _moving;

    public News(CacheLease<Pod> lease, string? name = null) =>
        _news = (name is null ? lease.ReadAsync(_stop.Token) : lease.ReadAsync("shop", name, _stop.Token)).GetAsyncEnumerator(_stop.Token);

    public CacheEvent<Pod> Last => _news.Current;

    public async Task<string> NextAsync()
    {
        _moving = _news.MoveNextAsync().AsTask();
        if (!await _moving.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)) return "end";
        return Last.Item is { } pod ? $"{Last.Type} {pod.Metadata.Name}" : $"{Last.Type}";
    }

    public async Task UntilAsync(string news)
    {
        while (await NextAsync() != news) { }
    }

    public Task UntilSyncedAsync() => UntilAsync("Synced");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            if (_moving is not null) await _moving;
        }
        catch (Exception)
        {
            // The test saw it, or did not care.
        }
        await _news.DisposeAsync();
        _stop.Dispose();
    }
}
