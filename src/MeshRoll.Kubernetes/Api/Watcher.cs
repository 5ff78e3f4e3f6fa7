using System.Runtime.CompilerServices;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>Opens one watch and reads it to its end.</summary>
internal static class Watcher
{
    /// <summary>How long past its announced end a watch may stay silent before it counts as dead.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>The events, until the server ends the watch in good order.</summary>
    public static async IAsyncEnumerable<WatchEvent<T>> RunAsync<T>(
        ApiSender sender, Resource<T> resource, string? @namespace, ListQuery query, string resourceVersion, TimeSpan serverTimeout,
        StringPool? pool, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var parameters = new QueryString()
            .Add("watch", "1")
            .Add("allowWatchBookmarks", "true")
            .Add("timeoutSeconds", Math.Max(1, (long)serverTimeout.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Add("resourceVersion", resourceVersion)
            .Add("labelSelector", query.LabelSelector)
            .Add("fieldSelector", query.FieldSelector);
        var request = new ApiRequest(HttpMethod.Get, ResourcePath.Of(resource, @namespace) + parameters, ResourcePath.Describe("watch", resource, @namespace))
        {
            Accept = resource.Protobuf is null ? ApiRequest.JsonOnly : ApiRequest.ProtobufOrJson,
            Query = query,
        };

        await using var answer = await sender.SendAsync(request, serverTimeout + Margin, cancellationToken);
        var parser = NewParser(answer, resource, request, pool);
        long sinceEvent = 0;
        while (true)
        {
            var (change, consumed) = Next(parser, answer.Body, request);
            sinceEvent += consumed;
            if (change is not null)
            {
                sinceEvent = 0;
                yield return change;
                continue;
            }

            if (answer.Body.Ended)
            {
                if (answer.Body.Unread.IsEmpty) yield break;
                throw BrokenAnswer.Truncated(request.Info);
            }
            if (sinceEvent > BodyReader.LargestObject) throw BrokenAnswer.Lasting("the watch goes on without an event in it", request.Info);
            await answer.Body.ReadMoreAsync(cancellationToken);
        }
    }

    private static WatchParser<T> NewParser<T>(ApiAnswer answer, Resource<T> resource, ApiRequest request, StringPool? pool) where T : class, IKubernetesObject
    {
        if (answer.Format == AnswerFormat.Json) return new JsonWatchParser<T>();
        return resource.Protobuf is { } read
            ? new ProtobufWatchParser<T>(read, pool)
            : throw BrokenAnswer.Lasting($"the answer is protobuf, which nobody asked for", request.Info);
    }

    private static (WatchEvent<T>? Event, int Consumed) Next<T>(WatchParser<T> parser, BodyReader body, ApiRequest request) where T : class, IKubernetesObject
    {
        try
        {
            var change = parser.Next(body.Unread, request, out var consumed);
            body.Consume(consumed);
            return (change, consumed);
        }
        catch (Exception failure) when (BrokenAnswer.IsMalformed(failure))
        {
            throw BrokenAnswer.Malformed(request.Info, failure);
        }
    }
}
