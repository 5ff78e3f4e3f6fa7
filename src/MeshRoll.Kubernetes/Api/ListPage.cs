using System.Net;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Api;

/// <summary>One page of a list while it arrives.</summary>
internal sealed class ListPage<T>(ApiRequest request, ApiAnswer answer, ListParser<T> parser) : IAsyncDisposable
    where T : class, IKubernetesObject
{
    private const int LongestHead = 64 << 10;

    private readonly List<byte> _head = [];
    private long _sinceItem;

    /// <summary>The object at hand.</summary>
    public T Current { get; private set; } = null!;

    /// <summary>How many objects it brought so far.</summary>
    public int Items { get; private set; }

    /// <summary>The token of the next page; empty on the last. Null until it is known.</summary>
    public string? Continue => parser.Continue;

    /// <summary>The version of the store the list shows.</summary>
    public string ResourceVersion => parser.ResourceVersion;

    /// <summary>Goes to the next object; false when the page is complete.</summary>
    /// <exception cref="ApiProtocolException">The page is broken.</exception>
    /// <exception cref="ApiException">The page is a Status.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (Step())
            {
                case ListStep.Item:
                    _sinceItem = 0;
                    Items++;
                    return true;
                case ListStep.End:
                    return false;
                case ListStep.Status:
                    await answer.ReadWholeAsync(cancellationToken);
                    throw answer.ReadStatus([.. _head, .. answer.Body.Unread]) is { } status
                        ? ApiErrors.From(status, HttpStatusCode.InternalServerError, request)
                        : BrokenAnswer.Lasting("the answer is an unreadable Status", request.Info);
                default:
                    if (answer.Body.Ended) throw BrokenAnswer.Truncated(request.Info);
                    if (_sinceItem > BodyReader.LongestPause) throw BrokenAnswer.Lasting("the answer goes on without an object in it", request.Info);
                    await answer.Body.ReadMoreAsync(cancellationToken);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => answer.DisposeAsync();

    private ListStep Step()
    {
        try
        {
            var step = parser.Next(answer.Body.Unread, answer.Body.Ended, out var consumed, out var item);
            if (step == ListStep.Status) return step;
            // Until the kind is known it may turn out to be a Status, which is read from its beginning.
            if (parser.Kind.Length == 0 && _head.Count < LongestHead) _head.AddRange(answer.Body.Unread[..consumed]);
            answer.Body.Consume(consumed);
            _sinceItem += consumed;
            Current = item!;
            return step;
        }
        catch (Exception failure) when (BrokenAnswer.IsMalformed(failure))
        {
            throw BrokenAnswer.Malformed(request.Info, failure);
        }
    }
}
