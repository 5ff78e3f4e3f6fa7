using System.Net;
using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.TestControlPlane.Observation;

/// <summary>
/// Watches a namespace's pods and remembers, for each value of the label <c>app</c>, the lowest number of pods that were
/// ready and not being deleted. It counts every change that the server reports, not samples, so a short gap is seen too.
/// </summary>
public sealed class ReadyFloorWatcher : IAsyncDisposable
{
    private readonly KubeApi _api;
    private readonly string _path;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string App, bool Ready)> _pods = [];
    private readonly Dictionary<string, int> _ready = [];
    private readonly Dictionary<string, int> _floors = [];
    private Task _watching = Task.CompletedTask;

    private ReadyFloorWatcher(KubeApi api, string @namespace)
    {
        _api = api;
        _path = ObjectPath.Pods(@namespace);
    }

    /// <summary>A snapshot of all floors by the label <c>app</c>.</summary>
    public IReadOnlyDictionary<string, int> Floors
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, int>(_floors);
            }
        }
    }

    /// <summary>Reads the pods as they are and watches from exactly there; the first floors are the present counts.</summary>
    public static async Task<ReadyFloorWatcher> StartAsync(KubeApi api, string @namespace, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(api);
        var watcher = new ReadyFloorWatcher(api, @namespace);
        var version = await watcher.ListAsync(cancellation);
        watcher.Reset();
        watcher._watching = watcher.WatchAsync(version, watcher._shutdown.Token);
        return watcher;
    }

    /// <summary>The floor of one workload. One whose first pod came after the start has none yet until a pod of it was ready.</summary>
    /// <exception cref="KeyNotFoundException">No pod of that workload was ever ready.</exception>
    public int FloorOf(string app)
    {
        lock (_gate)
        {
            return _floors[app];
        }
    }

    /// <summary>Forgets what was: the floors are the present counts again.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _floors.Clear();
            foreach (var (app, count) in _ready)
            {
                _floors[app] = count;
            }
        }
    }

    /// <summary>Ends the watch.</summary>
    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        await _watching;
        _shutdown.Dispose();
    }

    private static bool IsReady(JsonObject pod)
        => pod["metadata"]!["deletionTimestamp"] is null
            && (pod["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") ?? false);

    private async Task<string> ListAsync(CancellationToken cancellation)
    {
        var list = await _api.ListAsync(_path, cancellation: cancellation);
        lock (_gate)
        {
            var seen = list.Items.Select(Uid).ToHashSet();
            // New pods first: replacing one ready pod by another while the connection was lost is no gap that was seen.
            list.Items.ToList().ForEach(Note);
            _pods.Keys.Where(uid => !seen.Contains(uid)).ToList().ForEach(Forget);
        }

        return list.ResourceVersion;
    }

    private async Task WatchAsync(string version, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in _api.WatchAsync(_path, version, cancellation: cancellation))
                {
                    version = (string)change.Body["metadata"]!["resourceVersion"]!;
                    lock (_gate)
                    {
                        switch (change.Type)
                        {
                            case "ADDED" or "MODIFIED":
                                Note(change.Body);
                                break;
                            case "DELETED":
                                Forget(Uid(change.Body));
                                break;
                        }
                    }
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (KubeApiException failure) when (failure.Status == HttpStatusCode.Gone)
            {
                version = await RelistAsync(version, cancellation);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or KubeApiException)
            {
                await Task.Delay(250, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<string> RelistAsync(string version, CancellationToken cancellation)
    {
        try
        {
            return await ListAsync(cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or KubeApiException or OperationCanceledException)
        {
            // The old version is answered with 410 again, and that leads back here.
            return version;
        }
    }

    private static string Uid(JsonObject pod) => (string)pod["metadata"]!["uid"]!;

    private void Note(JsonObject pod)
    {
        if ((string?)pod["metadata"]!["labels"]?["app"] is not { } app)
        {
            return;
        }

        var ready = IsReady(pod);
        var before = _pods.TryGetValue(Uid(pod), out var known) && known.Ready;
        _pods[Uid(pod)] = (app, ready);
        Count(app, (ready ? 1 : 0) - (before ? 1 : 0));
    }

    private void Forget(string uid)
    {
        if (_pods.Remove(uid, out var gone))
        {
            Count(gone.App, gone.Ready ? -1 : 0);
        }
    }

    private void Count(string app, int change)
    {
        var now = _ready.GetValueOrDefault(app) + change;
        _ready[app] = now;
        if (_floors.TryGetValue(app, out var floor))
        {
            _floors[app] = Math.Min(floor, now);
        }
        else if (now > 0)
        {
            _floors[app] = now;
        }
    }
}
