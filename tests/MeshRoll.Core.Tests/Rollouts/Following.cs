using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Core.Tests.Rollouts;

/// <summary>A follower on a server in memory and a clock of the test's own. Waits are for what is about to happen on another thread, never for time.</summary>
internal sealed class Following : IAsyncDisposable
{
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private IAsyncEnumerator<RolloutEvent>? _events;

    public Following(FollowOptions? options = null)
    {
        _patience.CancelAfter(TimeSpan.FromSeconds(20));
        Session = Server.Session(Time);
        Follower = new(Session, options ?? new());
    }

    public LiveApiServer Server { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public ClusterSession Session { get; }

    public RolloutFollower Follower { get; }

    /// <summary>The rollout of Deployment web, as MeshRoll would have started it.</summary>
    public MeshRollout Web(long generation = 2, string name = "web", string @namespace = "shop") => new()
    {
        Cluster = "live",
        Namespace = @namespace,
        Kind = "Deployment",
        Name = name,
        Strategy = "Rolling",
        StartTime = Time.GetUtcNow(),
        Generation = generation,
        Uid = $"uid-{name}",
    };

    /// <summary>The next event.</summary>
    public async Task<RolloutEvent> NextAsync()
    {
        _events ??= Follower.Events(_patience.Token).GetAsyncEnumerator(_patience.Token);
        Assert.True(await _events.MoveNextAsync(), "The events have ended.");
        return _events.Current;
    }

    /// <summary>The next end of a rollout, whatever changes before.</summary>
    public async Task<MeshRollout> EndAsync()
    {
        while (true)
        {
            if (await NextAsync() is RolloutEvent.Ended ended) return ended.Rollout;
        }
    }

    /// <summary>Waits until the only rollout stands as described.</summary>
    public Task UntilAsync(Func<MeshRollout, bool> condition) => EventuallyAsync(() => condition(Follower.Moving()[0]), () => Follower.Moving()[0].ToString());

    /// <summary>Waits, in real time, for what another thread is about to do.</summary>
    public static async Task EventuallyAsync(Func<bool> condition, Func<string>? state = null)
    {
        for (var i = 0; i < 2000 && !condition(); i++) await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.True(condition(), state?.Invoke());
    }

    public async ValueTask DisposeAsync()
    {
        await Follower.DisposeAsync();
        if (_events is not null) await _events.DisposeAsync();
        await Session.DisposeAsync();
        _patience.Dispose();
    }
}
