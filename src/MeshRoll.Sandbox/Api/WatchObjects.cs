using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Api;

/// <summary>A watch: the changes of a resource, one line or frame each, until the client leaves or the time is over.</summary>
internal sealed class WatchObjects(Cluster cluster, TimeProvider time)
{
    private const int BatchSize = 64 * 1024;
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastBookmarkBefore = TimeSpan.FromSeconds(2);

    public async Task AnswerAsync(ApiCall call)
    {
        var options = WatchOptions.Of(call.Request);
        var frames = new WatchFrames(call, Selection.Of(call), () => cluster.Simulation.Enter(() => cluster.Now));
        var (link, initial, version, oldest) = cluster.Simulation.Enter(() => Begin(call, options));

        var stream = await call.Response.BeginAsync(200, frames.ContentType, call.CancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            if (link is null)
            {
                frames.Error(ApiErrors.TooOldVersion(options.ResourceVersion, oldest));
                await stream.WriteAsync(frames.Written, call.CancellationToken).ConfigureAwait(false);
                return;
            }
            foreach (var stored in initial)
            {
                frames.Present(stored);
                await SendAsync(stream, frames, BatchSize, call.CancellationToken).ConfigureAwait(false);
            }
            if (options.SendInitialEvents && options.Bookmarks) frames.Bookmark(version, endsInitialEvents: true);
            await FollowAsync(call, stream, frames, link, options).ConfigureAwait(false);
        }
    }

    private (ChangeLog.Link? Link, IReadOnlyList<StoredObject> Initial, long Version, long Oldest) Begin(ApiCall call, WatchOptions options)
    {
        var store = cluster.Store;
        var log = store.Log(call.Resource);
        var isFromNow = options.ResourceVersion == 0 || options.SendInitialEvents;
        string? space = call.Resource.Namespaced && call.Namespace.Length > 0 ? call.Namespace : null;
        return (log.After(isFromNow ? store.Version : options.ResourceVersion), isFromNow ? [.. store.List(call.Resource, space)] : [], store.Version, log.ForgottenUpTo + 1);
    }

    private async Task FollowAsync(ApiCall call, Stream stream, WatchFrames frames, ChangeLog.Link link, WatchOptions options)
    {
        var began = time.GetTimestamp();
        using var over = new CancellationTokenSource(options.Duration, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(over.Token, call.CancellationToken);
        var nextBookmark = NextBookmark(TimeSpan.Zero, options);
        while (!ends.IsCancellationRequested)
        {
            while (link.NextOrNull is { } next)
            {
                link = next;
                frames.Change(link.Change);
                await SendAsync(stream, frames, BatchSize, call.CancellationToken).ConfigureAwait(false);
            }
            await SendAsync(stream, frames, 1, call.CancellationToken).ConfigureAwait(false);

            if (!await ChangesAsync(link, nextBookmark - time.GetElapsedTime(began), ends.Token).ConfigureAwait(false) && !ends.IsCancellationRequested)
            {
                if (SeenVersion(link) is { } seen) frames.Bookmark(seen);
                if (nextBookmark is { } due) nextBookmark = NextBookmark(due, options);
            }
        }
    }

    /// <summary>Waits for the next change; false when the time for a bookmark, or the end, came first.</summary>
    private async Task<bool> ChangesAsync(ChangeLog.Link link, TimeSpan? atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero) return false;
        using var alarm = atMost is { } limit ? new CancellationTokenSource(limit, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            await link.NextAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The store's version, where this watch has nothing before it left to tell.</summary>
    private long? SeenVersion(ChangeLog.Link link) => cluster.Simulation.Enter(() => link.NextOrNull is null ? cluster.Store.Version : (long?)null);

    /// <summary>When the bookmark after the last one (or the first) is due, since the beginning; null when there is none any more.</summary>
    private static TimeSpan? NextBookmark(TimeSpan last, WatchOptions options)
    {
        var end = LastBookmark(options);
        if (!options.Bookmarks || last >= end) return null;
        return last + BookmarkEvery < end ? last + BookmarkEvery : end;
    }

    // So that whoever comes back after the end goes on from there and needs no history.
    private static TimeSpan LastBookmark(WatchOptions options) =>
        options.Duration > LastBookmarkBefore ? options.Duration - LastBookmarkBefore : options.Duration / 2;

    private static async Task SendAsync(Stream stream, WatchFrames frames, int atLeast, CancellationToken cancellationToken)
    {
        if (frames.Written.Length < atLeast) return;
        await stream.WriteAsync(frames.Written, cancellationToken).ConfigureAwait(false);
        frames.Clear();
    }
}
