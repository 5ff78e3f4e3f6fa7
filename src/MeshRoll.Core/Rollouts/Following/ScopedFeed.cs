using System.Net;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Watching;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>Nothing more can be learned about the cluster through this session.</summary>
public sealed class FollowEndedException(string message, Exception? inner = null) : MeshRollException("MeshRoll.FollowEnded", message, inner);

/// <summary>What a feed tells. Called from the readers' threads.</summary>
internal interface IFeedSink<T> where T : class
{
    /// <summary>An object is new, changed or gone.</summary>
    void OnChanged(CacheEventType type, T item);

    /// <summary>All objects of a namespace (null: of all namespaces) have been given.</summary>
    void OnLoaded(string? @namespace);

    /// <summary>A namespace cannot be read for good.</summary>
    void OnRefused(string @namespace, MeshRollException error);

    /// <summary>The connection is lost (with the reason) or back (null).</summary>
    void OnConnection(object reader, string? lost);
}

/// <summary>
/// The objects of one kind in a number of namespaces, from shared caches. Up to <see cref="OneByOne"/> namespaces have a cache each; for more, one
/// cache of the whole cluster takes their place: one list and one watch instead of many. Where the user may not read the whole cluster, each
/// namespace keeps its own.
/// </summary>
internal sealed class ScopedFeed<T>(SharedCaches caches, Resource<T> resource, TimeSpan? pollInterval, IFeedSink<T> sink) : IAsyncDisposable
    where T : class, IKubernetesObject
{
    public const int OneByOne = 4;

    private readonly object _gate = new();
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reader> _byNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MeshRollException> _refused = new(StringComparer.Ordinal);
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private Reader? _whole;
    private bool _wholeRefused;
    private bool _ended;

    private sealed class Reader(CacheLease<T> lease, string? @namespace, CancellationToken stop)
    {
        public CacheLease<T> Lease { get; } = lease;

        public string? Namespace { get; } = @namespace;

        public CancellationTokenSource Stop { get; } = CancellationTokenSource.CreateLinkedTokenSource(stop);

        /// <summary>Completes when all objects there were at the start have gone through the sink; false when the server refused.</summary>
        public TaskCompletionSource<bool> Loaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Begins to follow namespaces; those followed already stay as they are. Name together what will be needed together.</summary>
    public void Open(IEnumerable<string> namespaces)
    {
        lock (_gate)
        {
            if (_ended) return;
            foreach (var name in namespaces) _wanted.Add(name);
            if (_whole is not null) return;
            if (_wanted.Count > OneByOne && !_wholeRefused) _whole = Start(null);
            else OpenEach();
        }
    }

    /// <summary>An object as known now, or null.</summary>
    public T? Find(string @namespace, string name)
    {
        lock (_gate) return (Covering(@namespace) ?? _whole)?.Lease.Find(@namespace, name);
    }

    /// <summary>Whether all there is in a namespace is known.</summary>
    public bool IsLoaded(string @namespace)
    {
        lock (_gate) return Covering(@namespace) is not null;
    }

    /// <summary>Why a namespace cannot be read, or null.</summary>
    public MeshRollException? Refusal(string @namespace)
    {
        lock (_gate) return _refused.GetValueOrDefault(@namespace);
    }

    /// <summary>Waits until all there is in a namespace is known; gives why that cannot be, or null.</summary>
    public async Task<MeshRollException?> ReadyAsync(string @namespace, CancellationToken cancellationToken)
    {
        while (true)
        {
            Reader? reader;
            lock (_gate)
            {
                if (_refused.TryGetValue(@namespace, out var refusal)) return refusal;
                reader = _byNamespace.GetValueOrDefault(@namespace) ?? _whole;
            }
            if (reader is null) return new InvalidRequestException("MeshRoll.NotFollowed", $"Namespace {@namespace} is not followed.");
            if (await reader.Loaded.Task.WaitAsync(cancellationToken)) return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
            running = [.. _running];
        }
        await _stop.CancelAsync();
        await Task.WhenAll(running);
        _stop.Dispose();
    }

    // The reader, if any, that knows all there is in a namespace.
    private Reader? Covering(string @namespace) =>
        _byNamespace.TryGetValue(@namespace, out var own) && own.Loaded.Task is { IsCompletedSuccessfully: true, Result: true } ? own
        : _whole?.Loaded.Task is { IsCompletedSuccessfully: true, Result: true } ? _whole
        : null;

    private void OpenEach()
    {
        foreach (var name in _wanted)
        {
            if (!_byNamespace.ContainsKey(name) && !_refused.ContainsKey(name)) _byNamespace[name] = Start(name);
        }
    }

    private Reader Start(string? @namespace)
    {
        var reader = new Reader(caches.Acquire(resource, new(@namespace, PollInterval: pollInterval)), @namespace, _stop.Token);
        _running.RemoveAll(task => task.IsCompleted);
        // On the pool: the first objects may come at once, and the caller holds the gate.
        _running.Add(Task.Run(() => ReadAsync(reader)));
        return reader;
    }

    private async Task ReadAsync(Reader reader)
    {
        try
        {
            await foreach (var change in reader.Lease.ReadAsync(reader.Stop.Token)) Take(reader, change);
            if (!reader.Stop.IsCancellationRequested) Refuse(reader, new FollowEndedException("The connection to the cluster was closed."));
        }
        catch (OperationCanceledException) when (reader.Stop.IsCancellationRequested)
        {
        }
        catch (MeshRollException error)
        {
            Refuse(reader, error);
        }
        catch (Exception error)
        {
            // Whatever it is, those who wait must hear of it.
            Refuse(reader, new FollowEndedException($"Following {resource.Plural} failed: {error.Message}", error));
        }
        finally
        {
            reader.Loaded.TrySetResult(false);
            sink.OnConnection(reader, null);
            await reader.Lease.DisposeAsync();
        }
    }

    private void Take(Reader reader, CacheEvent<T> change)
    {
        switch (change.Type)
        {
            case CacheEventType.Synced:
                reader.Loaded.TrySetResult(true);
                if (reader.Namespace is null) RetireNamespaces();
                sink.OnLoaded(reader.Namespace);
                break;
            case CacheEventType.Interrupted:
                sink.OnConnection(reader, change.Detail ?? "no connection");
                break;
            case CacheEventType.Resumed:
                sink.OnConnection(reader, null);
                break;
            default:
                if (change.Item is { } item) sink.OnChanged(change.Type, item);
                break;
        }
    }

    /// <summary>The whole cluster is known: the namespaces' own caches have done their part.</summary>
    private void RetireNamespaces()
    {
        List<Reader> retired;
        lock (_gate)
        {
            retired = [.. _byNamespace.Values];
            _byNamespace.Clear();
        }
        foreach (var reader in retired) reader.Stop.Cancel();
    }

    private void Refuse(Reader reader, MeshRollException error)
    {
        List<string> refused = [];
        lock (_gate)
        {
            if (reader.Namespace is { } name)
            {
                _byNamespace.Remove(name);
                _refused[name] = error;
                refused.Add(name);
            }
            else
            {
                _whole = null;
                _wholeRefused = true;
                if (error is ApiException { Code: HttpStatusCode.Forbidden }) OpenEach();
                else foreach (var wanted in _wanted) if (_refused.TryAdd(wanted, error)) refused.Add(wanted);
            }
        }
        foreach (var name in refused) sink.OnRefused(name, error);
    }
}
