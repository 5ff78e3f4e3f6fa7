using System.Net;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Watching;

/// <summary>
/// Lists, then watches from there, and begins anew when it has to: the only place that knows about resource versions.
/// The rules are those of client-go's reflector.
/// </summary>
internal sealed class Reflector<T>(ApiSender sender, Resource<T> resource, CacheScope scope, TimeProvider time, IReflectorSink<T> sink)
    where T : class, IKubernetesObject
{
    /// <summary>How long a server that never answered well is tried.</summary>
    private static readonly TimeSpan PatienceBeforeSync = TimeSpan.FromSeconds(30);

    /// <summary>How long a refusal must last to be believed, once the server had allowed it: a starting API server refuses what it will soon allow.</summary>
    private static readonly TimeSpan PatienceAfterSync = TimeSpan.FromSeconds(15);

    /// <summary>A watch that ends sooner than this without an event is a failure: repeating it at once would be a loop.</summary>
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    private readonly StringPool _pool = new();
    private readonly Backoff _backoff = new();
    private readonly ListQuery _query = new() { LabelSelector = scope.LabelSelector, FieldSelector = scope.FieldSelector };
    private bool _synced;
    private bool _wentOn;
    private long? _failingSince;
    private long? _refusedSince;

    /// <summary>Runs until cancelled; throws when the server refuses for good.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? version = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (version is null)
                {
                    version = await ListAsync(cancellationToken);
                }
                else if (scope.PollInterval is { } interval)
                {
                    version = null;
                    await Task.Delay(interval, time, cancellationToken);
                }
                else
                {
                    version = await WatchAsync(version, cancellationToken);
                }
            }
            catch (ApiException expired) when (expired.Code == HttpStatusCode.Gone)
            {
                version = null;
                // A list whose version is gone at once would be repeated without end.
                if (!_wentOn) await Task.Delay(_backoff.Next(), time, cancellationToken);
            }
            catch (MeshRollException failure)
            {
                if (IsFinal(failure)) throw;
                sink.Interrupted(failure.Message);
                await Task.Delay(_backoff.Next(), time, cancellationToken);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var objects = new Dictionary<CacheKey, T>();
        var version = "";
        await foreach (var progress in Lister<T>.Of(sender, resource, scope.Namespace, _query, _pool).RunAsync(cancellationToken))
        {
            if (progress.Restarted) objects.Clear();
            else if (progress.Item is { } item) objects[new(item.Metadata.Namespace, item.Metadata.Name)] = item;
            else version = progress.CompleteAt ?? "";
        }
        sink.Replace(objects.Values);
        _synced = true;
        _wentOn = false;
        if (scope.PollInterval is not null) Healthy();
        return version;
    }

    // Gives the version to go on from.
    private async Task<string> WatchAsync(string version, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var serverTimeout = TimeSpan.FromSeconds(Random.Shared.Next(300, 601));
        var seen = false;
        try
        {
            await using var watch = await Watcher<T>.OpenAsync(sender, resource, scope.Namespace, _query, version, serverTimeout, _pool, cancellationToken);
            sink.Resumed();
            while (await watch.ReadAsync(cancellationToken) is { } change)
            {
                if (change.Error is not null) throw change.Error;
                version = change.ResourceVersion;
                seen = true;
                WentOn();
                Apply(change);
            }
        }
        catch (ApiProtocolException cut) when (cut.IsPassing && (seen || IsLongSince(began)))
        {
            // Cut, but it had worked: it is taken up again at once.
        }
        if (!seen && !IsLongSince(began)) throw TooShort();
        WentOn();
        return version;
    }

    private void Apply(WatchEvent<T> change)
    {
        if (change.Item is not { } item) return;
        if (change.Type == WatchEventType.Deleted) sink.Remove(item);
        else sink.Put(item);
    }

    private bool IsLongSince(long timestamp) => time.GetElapsedTime(timestamp) >= ShortWatch;

    private ApiProtocolException TooShort() =>
        BrokenAnswer.Passing("the watch ended as soon as it had begun", ResourcePath.Describe("watch", resource, scope.Namespace));

    private void WentOn()
    {
        _wentOn = true;
        Healthy();
    }

    private void Healthy()
    {
        _backoff.Reset();
        _failingSince = _refusedSince = null;
        sink.Resumed();
    }

    private bool IsFinal(MeshRollException failure)
    {
        var now = time.GetTimestamp();
        _failingSince ??= now;
        _refusedSince = IsRefusal(failure) ? _refusedSince ?? now : null;
        if (_refusedSince is { } refused) return !_synced || time.GetElapsedTime(refused) >= PatienceAfterSync;
        return !_synced && time.GetElapsedTime(_failingSince.Value) >= PatienceBeforeSync;
    }

    private static bool IsRefusal(MeshRollException failure) => failure switch
    {
        ApiException refused => (int)refused.Code is >= 400 and < 500
            && refused.Code is not (HttpStatusCode.RequestTimeout or HttpStatusCode.Gone or HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict),
        ApiProtocolException broken => !broken.IsPassing,
        ClusterUnreachableException => false,
        // A kubeconfig or a credential that does not work.
        _ => true,
    };
}
