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
    private const int NamespacesAtOnce = 4;
    private const int HeldPerList = 512;

    private readonly ClusterSession session;
    private readonly Resource<T> resource;
    private readonly NamespaceScope scope;
    private readonly ListQuery query;
    private readonly CancellationTokenSource stop;
    private readonly Queue<(string? Namespace, Channel<ReadEvent<T>> Channel)> running = [];
    private readonly List<Task> producers = [];
    private int next;
    private bool wholeCluster;

    /// <summary>Begins to ask.</summary>
    public ScopedListing(ClusterSession session, Resource<T> resource, NamespaceScope scope, ListQuery query, CancellationToken cancellationToken)
    {
        this.session = session;
        this.resource = resource;
        this.scope = scope;
        this.query = query;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wholeCluster = scope.All || scope.PrefersWholeCluster;
        if (wholeCluster) Begin(null);
        else BeginNamespaces();
    }

    /// <summary>The objects, with what could not be read; by one reader, once.</summary>
    public async IAsyncEnumerable<ReadEvent<T>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        HashSet<string>? wanted = scope.All ? null : [.. scope.Names];
        while (running.TryDequeue(out var list))
        {
            if (!wholeCluster) BeginNamespaces();
            await foreach (var happened in list.Channel.Reader.ReadAllAsync(cancellationToken))
            {
                // Who may not list the cluster may still list the namespaces that were meant.
                if (wholeCluster && wanted is not null && happened is ReadEvent<T>.Failed { Error: ApiException { Code: HttpStatusCode.Forbidden } })
                {
                    wholeCluster = false;
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
        await stop.CancelAsync();
        await Task.WhenAll(producers);
        stop.Dispose();
    }

    private void BeginNamespaces()
    {
        // Only as many as are read ahead: the one whose turn it is never waits for a later one.
        while (running.Count < NamespacesAtOnce && next < scope.Names.Count) Begin(scope.Names[next++]);
    }

    private void Begin(string? @namespace)
    {
        var channel = Channel.CreateBounded<ReadEvent<T>>(new BoundedChannelOptions(HeldPerList) { SingleReader = true, SingleWriter = true });
        running.Enqueue((@namespace, channel));
        producers.Add(ProduceAsync(@namespace, channel.Writer));
    }

    private async Task ProduceAsync(string? @namespace, ChannelWriter<ReadEvent<T>> writer)
    {
        try
        {
            await foreach (var item in session.Client.ListAsync(resource, @namespace, query, stop.Token))
            {
                if (!writer.TryWrite(new ReadEvent<T>.Found(item))) await writer.WriteAsync(new ReadEvent<T>.Found(item), stop.Token);
            }
            writer.Complete();
        }
        catch (Exception e) when (IsOfThisPart(e))
        {
            await GiveUpAsync(writer, new((MeshRollException)e, @namespace ?? "all namespaces"));
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
            await writer.WriteAsync(failed, stop.Token);
            writer.Complete();
        }
        catch (OperationCanceledException e)
        {
            writer.Complete(e);
        }
    }

    private static bool IsOfThisPart(Exception error) => error is ApiProtocolException or ApiException { Code: not HttpStatusCode.Unauthorized };
}
