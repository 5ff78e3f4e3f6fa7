using System.Net;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Watching;

namespace MeshRoll.Kubernetes.Tests.Watching;

public sealed class SharedCacheTests
{
    private static readonly CacheScope Shop = new("shop");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_gets_what_is_there_then_Synced_then_every_change()
    {
        await using var world = new World();
        world.Cluster.Put("a");
        await using var lease = await world.JoinAsync();
        await using var news = new News(lease);

        Assert.Equal("Added a", await news.NextAsync());
        Assert.Equal("Synced", await news.NextAsync());
        world.Cluster.Put("b");
        Assert.Equal("Added b", await news.NextAsync());
        world.Cluster.Put("a", "Failed");
        Assert.Equal("Modified a", await news.NextAsync());
        world.Cluster.Delete("a");
        Assert.Equal("Deleted a", await news.NextAsync());
        Assert.Equal(["b"], lease.Snapshot().Select(pod => pod.Metadata.Name));
        Assert.Null(lease.Find("shop", "a"));
        Assert.Equal("b", lease.Find("shop", "b")!.Metadata.Name);
    }

    [Fact]
    public async Task A_hundred_readers_cost_one_list_and_one_watch()
    {
        await using var world = new World();
        world.Cluster.Put("a");
        var leases = new List<CacheLease<Pod>>();
        var readers = new List<News>();
        for (var i = 0; i < 100; i++)
        {
            leases.Add(await world.JoinAsync());
            readers.Add(new(leases[i]));
            await readers[i].UntilSyncedAsync();
        }

        world.Cluster.Put("b");

        foreach (var reader in readers) Assert.Equal("Added b", await reader.NextAsync());
        Assert.Equal((1, 1), (world.Cluster.Lists, world.Cluster.Watches));
        foreach (var reader in readers) await reader.DisposeAsync();
        foreach (var lease in leases) await lease.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_of_one_object_hears_of_no_other()
    {
        await using var world = new World();
        world.Cluster.Put("a");
        world.Cluster.Put("b");
        await using var lease = await world.JoinAsync();
        await using var news = new News(lease, "b");
        await using var missing = new News(lease, "c");

        Assert.Equal("Added b", await news.NextAsync());
        Assert.Equal("Synced", await news.NextAsync());
        Assert.Equal("Synced", await missing.NextAsync());
        world.Cluster.Put("a", "Failed");
        world.Cluster.Put("c");
        world.Cluster.Put("b", "Failed");
        Assert.Equal("Modified b", await news.NextAsync());
        Assert.Equal("Added c", await missing.NextAsync());
    }

    [Fact]
    public async Task A_slow_reader_gets_the_newest_state_once()
    {
        await using var world = new World();
        world.Cluster.Put("a");
        await using var lease = await world.JoinAsync();
        await using var slow = new News(lease);
        await using var quick = new News(lease);
        await slow.UntilSyncedAsync();
        await quick.UntilSyncedAsync();

        for (var i = 0; i < 5; i++) world.Cluster.Put("a", $"Phase{i}");
        world.Cluster.Put("came and went");
        world.Cluster.Delete("came and went");
        world.Cluster.Put("last");
        await quick.UntilAsync("Added last");

        Assert.Equal("Modified a", await slow.NextAsync());
        Assert.Equal("Phase4", slow.Last.Item!.Status.Phase);
        Assert.Equal("Added last", await slow.NextAsync());
    }

    [Fact]
    public async Task An_object_made_again_is_deleted_then_added_even_for_a_slow_reader()
    {
        await using var world = new World();
        world.Cluster.Put("a", uid: "first");
        await using var lease = await world.JoinAsync();
        await using var slow = new News(lease);
        await using var quick = new News(lease);
        await slow.UntilSyncedAsync();
        await quick.UntilSyncedAsync();

        world.Cluster.Delete("a");
        world.Cluster.Put("a", uid: "second");
        world.Cluster.Delete("a");
        world.Cluster.Put("a", "Pending", uid: "third");
        world.Cluster.Put("last");
        await quick.UntilAsync("Added last");

        Assert.Equal("Deleted a", await slow.NextAsync());
        Assert.Equal("first", slow.Last.Item!.Metadata.Uid);
        Assert.Equal("Added a", await slow.NextAsync());
        Assert.Equal("third", slow.Last.Item!.Metadata.Uid);
        Assert.Equal("Added last", await slow.NextAsync());
    }

    [Fact]
    public async Task A_watch_that_ends_or_breaks_is_taken_up_where_it_was()
    {
        await using var world = new World();
        await using var lease = await world.JoinAsync();
        await using var news = new News(lease);
        await news.UntilSyncedAsync();

        world.Cluster.Put("a");
        Assert.Equal("Added a", await news.NextAsync());
        world.Cluster.EndWatches();
        world.Cluster.Put("b");
        Assert.Equal("Added b", await news.NextAsync());
        world.Cluster.CutWatches();
        world.Cluster.Put("c");
        Assert.Equal("Added c", await news.NextAsync());

        Assert.Equal((1, 3), (world.Cluster.Lists, world.Cluster.Watches));
    }

    [Fact]
    public async Task Bookmarks_move_the_version_that_a_watch_is_taken_up_from()
    {
        await using var world = new World();
        await using var lease = await world.JoinAsync();
        await using var news = new News(lease);
        await news.UntilSyncedAsync();

        world.Cluster.Bookmark();
        world.Cluster.Compact();
        world.Cluster.EndWatches();
        world.Cluster.Put("a");
        Assert.Equal("Added a", await news.NextAsync());

        Assert.Equal(1, world.Cluster.Lists);
        Assert.All(world.Cluster.Server.Asked.Where(asked => asked.IsWatch), asked => Assert.Equal("true", asked["allowWatchBookmarks"]));
        Assert.All(world.Cluster.Server.Asked.Where(asked => asked.IsWatch), asked => Assert.InRange(int.Parse(asked["timeoutSeconds"]!), 300, 600));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_an_expired_version_deletions_are_found_by_a_new_list(bool inStream)
    {
        await using var world = new World();
        world.Cluster.Put("kept");
        world.Cluster.Put("lost");
        world.Cluster.Put("reborn", uid: "first");
        await using var lease = await world.JoinAsync();
        await using var news = new News(lease);
        await news.UntilSyncedAsync();
        world.Cluster.Put("kept", "Failed");
        Assert.Equal("Modified kept", await news.NextAsync());

        world.Cluster.StopWatching(); // what follows reaches nobody
        world.Cluster.Delete("lost");
        world.Cluster.Put("reborn", uid: "second");
        world.Cluster.Put("new");
        world.Cluster.Compact();
        if (inStream) world.Cluster.FailWatches(HttpStatusCode.Gone, "Expired");
        else world.Cluster.EndWatches();

        var changes = new[] { await news.NextAsync(), await news.NextAsync(), await news.NextAsync(), await news.NextAsync() };
        Assert.Equal(["Added new", "Added reborn", "Deleted lost", "Deleted reborn"], changes.Order());
        Assert.Equal(2, world.Cluster.Lists);
    }

    [Fact]
    public async Task A_server_that_goes_away_and_comes_back_is_an_interruption()
    {
        await using var world = new World();
        await using var lease = await world.JoinAsync();
        await using var news = new News(lease);
        await news.UntilSyncedAsync();
        world.Cluster.Put("a");
        Assert.Equal("Added a", await news.NextAsync());

        world.Cluster.Refuse(HttpStatusCode.InternalServerError);
        world.Cluster.CutWatches();
        Assert.Equal("Interrupted", await news.NextAsync());
        Assert.Contains("InternalServerError", news.Last.Detail, StringComparison.Ordinal);
        world.Cluster.Refuse(null);
        world.Cluster.Put("b");

        var rest = new[] { await world.PassingTimeAsync(news.NextAsync()), await news.NextAsync() };
        Assert.Equal(["Added b", "Resumed"], rest.Order());
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "MeshRoll.Forbidden")]
    [InlineData(HttpStatusCode.Unauthorized, "MeshRoll.Unauthorized")]
    [InlineData(HttpStatusCode.NotFound, "MeshRoll.NotFound")]
    public async Task A_refusal_reaches_everybody_and_the_next_lease_tries_anew(HttpStatusCode code, string id)
    {
        await using var world = new World();
        world.Cluster.Refuse(code);
        await using var lease = world.Caches.Acquire(Resources.Pods, Shop);

        var failure = await Assert.ThrowsAsync<ApiException>(() => lease.Synced.WaitAsync(Cancel));
        Assert.Equal(id, failure.Id);
        await using var news = new News(lease);
        Assert.Same(failure, await Assert.ThrowsAsync<ApiException>(news.NextAsync));

        world.Cluster.Refuse(null);
        await using var second = await world.JoinAsync();
        Assert.Empty(second.Snapshot());
    }

    [Fact]
    public async Task A_refusal_after_all_was_well_counts_only_when_it_lasts()
    {
        await using var world = new World();
        await using var lease = await world.JoinAsync();
        await using var news = new News(lease);
        await news.UntilSyncedAsync();
        world.Cluster.Put("a");
        Assert.Equal("Added a", await news.NextAsync());

        world.Cluster.Refuse(HttpStatusCode.Forbidden);
        world.Cluster.EndWatches();
        Assert.Equal("Interrupted", await news.NextAsync());

        var failure = await Assert.ThrowsAsync<ApiException>(() => world.PassingTimeAsync(news.NextAsync()));
        Assert.Equal("MeshRoll.Forbidden", failure.Id);
    }

    [Fact]
    public async Task A_server_that_never_answers_well_is_given_up()
    {
        await using var world = new World();
        world.Cluster.Refuse(HttpStatusCode.InternalServerError);
        await using var lease = world.Caches.Acquire(Resources.Pods, Shop);

        var failure = await Assert.ThrowsAsync<ApiException>(() => world.PassingTimeAsync(Run(lease.Synced)));

        Assert.Equal("MeshRoll.ServerError", failure.Id);
        static async Task<bool> Run(Task task)
        {
            await task;
            return true;
        }
    }

    [Fact]
    public async Task A_silent_watch_is_replaced_after_its_time()
    {
        await using var world = new World();
        await using var lease = await world.JoinAsync();
        await using var news = new News(lease);
        await news.UntilSyncedAsync();
        world.Cluster.Put("a");
        Assert.Equal("Added a", await news.NextAsync());

        world.Cluster.StopWatching(); // half-open: the server has forgotten the connection, the client has not
        world.Cluster.Put("b");

        Assert.Equal("Added b", await world.PassingTimeAsync(news.NextAsync(), step: 30));
        Assert.Equal(2, world.Cluster.Watches);
    }

    [Fact]
    public async Task Polling_lists_at_each_interval_and_watches_nothing()
    {
        await using var world = new World();
        world.Cluster.Put("a");
        await using var lease = world.Caches.Acquire(Resources.Pods, Shop with { PollInterval = TimeSpan.FromSeconds(10) });
        await using var news = new News(lease);
        await news.UntilSyncedAsync();

        world.Cluster.Delete("a");
        world.Cluster.Put("b");
        var changes = new[] { await world.PassingTimeAsync(news.NextAsync()), await news.NextAsync() };

        Assert.Equal(["Added b", "Deleted a"], changes.Order());
        Assert.Equal(0, world.Cluster.Watches);
    }

    [Fact]
    public async Task An_unused_cache_ends_after_a_while_and_a_used_one_lives_on()
    {
        await using var world = new World();
        var first = await world.JoinAsync();
        await world.Cluster.Eventually(() => world.Cluster.OpenWatches == 1);
        await first.DisposeAsync();
        var second = await world.JoinAsync();
        world.Cluster.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((1, 1), (world.Cluster.Lists, world.Cluster.OpenWatches));

        await second.DisposeAsync();
        world.Cluster.Time.Advance(TimeSpan.FromSeconds(10));

        await world.Cluster.Eventually(() => world.Cluster.OpenWatches == 0);
        await using var third = await world.JoinAsync();
        Assert.Equal(2, world.Cluster.Lists);
    }

    [Fact]
    public async Task Disposing_ends_everything_at_once()
    {
        var world = new World();
        world.Cluster.Put("a");
        var lease = await world.JoinAsync();
        await using var news = new News(lease);
        await news.UntilSyncedAsync();
        var waiting = news.NextAsync();

        await world.Caches.DisposeAsync();

        Assert.Equal("end", await waiting);
        Assert.Equal(0, world.Cluster.OpenWatches);
        Assert.Single(lease.Snapshot());
        Assert.Throws<ObjectDisposedException>(() => world.Caches.Acquire(Resources.Pods, Shop));
        await world.DisposeAsync();
    }

    [Fact]
    public async Task A_disposed_lease_ends_its_own_readers_only()
    {
        await using var world = new World();
        var leaving = await world.JoinAsync();
        await using var staying = await world.JoinAsync();
        await using var first = new News(leaving);
        await using var second = new News(staying);
        await first.UntilSyncedAsync();
        await second.UntilSyncedAsync();

        await leaving.DisposeAsync();
        world.Cluster.Put("a");

        Assert.Equal("end", await first.NextAsync());
        Assert.Equal("Added a", await second.NextAsync());
        await using var late = new News(leaving);
        Assert.Equal("end", await late.NextAsync());
    }

    [Fact]
    public async Task A_cancelled_reader_stops_though_there_is_news()
    {
        await using var world = new World();
        world.Cluster.Put("a");
        await using var lease = await world.JoinAsync();
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in lease.ReadAsync(cancel.Token)) await cancel.CancelAsync();
        });
    }
}
