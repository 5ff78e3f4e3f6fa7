using System.Globalization;
using System.Runtime.CompilerServices;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>One watch that the server accepted.</summary>
internal sealed class Watcher<T> : IAsyncDisposable where T : class, IKubernetesObject
{
    /// <summary>How long past its announced end a watch may stay silent before it counts as dead.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly ApiRequest _request;
    private readonly ApiAnswer _answer;
    private readonly WatchParser<T> _parser;
    private long _sinceEvent;

    private Watcher(ApiRequest request, ApiAnswer answer, WatchParser<T> parser)
    {
        _request = request;
        _answer = answer;
        _parser = parser;
    }

    /// <summary>Asks for a watch; returns when the server begins it.</summary>
    public static async Task<Watcher<T>> OpenAsync(
        ApiSender sender, Resource<T> resource, string? @namespace, ListQuery query, string resourceVersion, TimeSpan serverTimeout,
        StringPool? pool, CancellationToken cancellationToken)
    {
        var parameters = new QueryString()
            .Add("watch", "1")
            .Add("allowWatchBookmarks", "true")
            .Add("timeoutSeconds", Math.Max(1, (long)serverTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture))
            .Add("resourceVersion", resourceVersion)
            .Add("labelSelector", query.LabelSelector)
            .Add("fieldSelector", query.FieldSelector);
        var request = new ApiRequest(HttpMethod.Get, ResourcePath.Of(resource, @namespace) + parameters, ResourcePath.Describe("watch", resource, @namespace))
        {
            Accept = resource.Protobuf is null ? ApiRequest.JsonOnly : ApiRequest.ProtobufOrJson,
            Query = query,
        };
        var answer = await sender.SendAsync(request, serverTimeout + Margin, cancellationToken);
        if (answer.Format == AnswerFormat.Json) return new(request, answer, new JsonWatchParser<T>(pool));
        if (resource.Protobuf is { } read) return new(request, answer, new ProtobufWatchParser<T>(read, pool));

        await answer.DisposeAsync();
        throw BrokenAnswer.Lasting("the answer is protobuf, which was not asked for", request.Info);
    }

    /// <summary>The next event; null when the server ended the watch in good order.</summary>
    /// <exception cref="ApiProtocolException">The watch was cut, is malformed, or nothing came until long after its end.</exception>
    public async ValueTask<WatchEvent<T>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Next() is { } change)
            {
                _sinceEvent = 0;
                return change;
            }
            if (_answer.Body.Ended)
            {
                return _answer.Body.Unread.IsEmpty ? null : throw BrokenAnswer.Truncated(_request.Info);
            }
            if (_sinceEvent > BodyReader.LongestPause) throw BrokenAnswer.Lasting("the watch goes on without an event in it", _request.Info);
            await _answer.Body.ReadMoreAsync(cancellationToken);
        }
    }

    /// <summary>All events to the end.</summary>
    public static async IAsyncEnumerable<WatchEvent<T>> RunAsync(
        ApiSender sender, Resource<T> resource, string? @namespace, ListQuery query, string resourceVersion, TimeSpan serverTimeout,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var watch = await OpenAsync(sender, resource, @namespace, query, resourceVersion, serverTimeout, new StringPool(), cancellationToken);
        while (await watch.ReadAsync(cancellationToken) is { } change) yield return change;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _answer.DisposeAsync();

    private WatchEvent<T>? Next()
    {
        try
        {
            var change = _parser.Next(_answer.Body.Unread, _request, out var consumed);
            _answer.Body.Consume(consumed);
            _sinceEvent += consumed;
            return change;
        }
        catch (Exception failure) when (BrokenAnswer.IsMalformed(failure))
        {
            throw BrokenAnswer.Malformed(_request.Info, failure);
        }
    }
}
