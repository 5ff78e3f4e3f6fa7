using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Workloads;

/// <summary>
/// The objects of one kind in a scope: one list of the cluster, or one of each namespace, a few at a time and given in the scope's order.
/// Asking begins with the object, not with the first reader; a bounded number of objects is held until somebody reads.
/// </summary>
internal sealed class ScopedListing<T> : IAsyncDisposable where T : class, IKubernetesObject
{
    /// <summary>The target of a failure that concerns the list of the whole cluster.</summary>
    public const string WholeCluster = "all namespaces";

    private const int NamespacesAtOnce = 4;
    private const int HeldPerList = 512;

    private readonly ClusterSession _session;
    private readonly Resource<T> _resource;
    private readonly NamespaceScope _scope;
    private readonly ListQuery _query;
    private readonly CancellationTokenSource _stop;
    private readonly Queue<Channel<ReadEvent<T>>> _running = [];
    private readonly List<Task> _producers = [];
    private int _next;
    private bool _wholeCluster;

    /// <summary>Begins to ask.</summary>
    public ScopedListing(ClusterSession session, Resource<T> resource, NamespaceScope scope, ListQuery query, CancellationToken cancellationToken)
    {
        _session = session;
        _resource = resource;
        _scope = scope;
        _query = query;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _wholeCluster = _scope.All || _scope.PrefersWholeCluster;
        if (_wholeCluster) Begin(null);
        else BeginNamespaces();
    }

    /// <summary>The objects, with what could not be read; by one reader, once.</summary>
    public async IAsyncEnumerable<ReadEvent<T>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        HashSet<string>? wanted = _scope.All ? null : [.. _scope.Names];
        while (_running.TryDequeue(out var list))
        {
            if (!_wholeCluster) BeginNamespaces();
            await foreach (var happened in list.Reader.ReadAllAsync(cancellationToken))
            {
                // Who may not list the cluster may still list the namespaces that were meant.
                if (_wholeCluster && wanted is not null && happened is ReadEvent<T>.Failed { Error: ApiException { Code: HttpStatusCode.Forbidden } })
                {
                    _wholeCluster = false;
                    BeginNamespaces();
                    break;
                }
                if (wanted is null || happened is not ReadEvent<T>.Found { Item: var item } || wanted.Contains(item.Metadata.Namespace)) yield return happened;
            }
        }
    }

    /// <summary>Stops asking.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_producers);
        _stop.Dispose();
    }

    private void BeginNamespaces()
    {
        // Only as many as are read ahead: the one whose turn it is never waits for a later one.
        while (_running.Count < NamespacesAtOnce && _next < _scope.Names.Count) Begin(_scope.Names[_next++]);
    }

    private void Begin(string? @namespace)
    {
        var channel = Channel.CreateBounded<ReadEvent<T>>(new BoundedChannelOptions(HeldPerList) { SingleReader = true, SingleWriter = true });
        _running.Enqueue(channel);
        _producers.Add(ProduceAsync(@namespace, channel.Writer));
    }

    private async Task ProduceAsync(string? @namespace, ChannelWriter<ReadEvent<T>> writer)
    {
        try
        {
            await foreach (var item in _session.Client.ListAsync(_resource, @namespace, _query, _stop.Token))
            {
                if (!writer.TryWrite(new ReadEvent<T>.Found(item))) await writer.WriteAsync(new ReadEvent<T>.Found(item), _stop.Token);
            }
            writer.Complete();
        }
        catch (Exception e) when (Refusal.IsOfThisPart(e))
        {
            await GiveUpAsync(writer, new((MeshRollException)e, @namespace ?? WholeCluster));
        }
        catch (Exception e)
        {
            // Out of reach, not let in, cancelled: no other part would fare better, so that the reader ends with it.
            writer.Complete(e);
        }
    }

    private async Task GiveUpAsync(ChannelWriter<ReadEvent<T>> writer, ReadEvent<T>.Failed failed)
    {
        try
        {
            await writer.WriteAsync(failed, _stop.Token);
            writer.Complete();
        }
        catch (OperationCanceledException e)
        {
            writer.Complete(e);
        }
    }
}
