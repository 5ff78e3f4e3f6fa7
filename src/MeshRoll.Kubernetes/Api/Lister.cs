using System.Net;
using System.Runtime.CompilerServices;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>What a list brings.</summary>
/// <param name="Item">An object; null for the two below.</param>
/// <param name="Restarted">The list begins anew: what came before may be out of date.</param>
/// <param name="CompleteAt">The list is complete and shows the store at this version.</param>
internal readonly record struct ListProgress<T>(T? Item, bool Restarted, string? CompleteAt) where T : class;

/// <summary>
/// Lists a kind page by page. A page that breaks midway is asked for again; an expired token begins the list anew.
/// The next page is asked for as soon as its token is known, so that the server works while this one is read.
/// </summary>
/// <param name="sender">Asks.</param>
/// <param name="path">The collection.</param>
/// <param name="info">What is asked, for errors.</param>
/// <param name="query">Which objects.</param>
/// <param name="accept">The media types wanted.</param>
/// <param name="newParser">Makes a parser for a page; true for protobuf.</param>
internal sealed class Lister<T>(
    ApiSender sender, string path, ApiRequestInfo info, ListQuery query, string accept, Func<bool, ListParser<T>> newParser)
    where T : class, IKubernetesObject
{
    private const int MostRepeats = 3;
    private const int MostRestarts = 3;
    private const int MostEmptyPages = 100;

    /// <summary>A list of a kind's objects.</summary>
    public static Lister<T> Of(ApiSender sender, Resource<T> resource, string? @namespace, ListQuery query, StringPool? pool) =>
        new(sender, ResourcePath.Of(resource, @namespace), ResourcePath.Describe("list", resource, @namespace), query,
            resource.Protobuf is null ? ApiRequest.JsonOnly : ApiRequest.ProtobufOrJson,
            isProtobuf => isProtobuf
                ? new ProtobufListParser<T>(resource, resource.Protobuf ?? throw new InvalidDataException($"There is no protobuf of {resource.Kind}."), pool)
                : new JsonListParser<T>(resource, Resource<T>.Json));

    /// <summary>A list of the metadata of a kind's objects. A server that cannot leave the rest out sends it whole, which reads the same.</summary>
    public static Lister<PartialObject> OfMetadata<TObject>(ApiSender sender, Resource<TObject> resource, string? @namespace, ListQuery query, StringPool? pool)
        where TObject : class, IKubernetesObject
    {
        const string metadataOnly = ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
        var partial = new Resource<PartialObject>
        {
            Group = resource.Group,
            Version = resource.Version,
            Plural = resource.Plural,
            Kind = resource.Kind,
            Namespaced = resource.Namespaced,
            Protobuf = MetadataProtobuf.ReadPartial,
        };
        return new(sender, ResourcePath.Of(resource, @namespace), ResourcePath.Describe("list", resource, @namespace), query,
            $"application/vnd.kubernetes.protobuf{metadataOnly},application/json{metadataOnly},application/json",
            isProtobuf => isProtobuf
                ? new ProtobufListParser<PartialObject>(partial, MetadataProtobuf.ReadPartial, pool)
                : new JsonListParser<PartialObject>(partial, Resource<PartialObject>.Json));
    }

    /// <summary>Lists. Objects may come again after a restart or in a page that was asked for twice.</summary>
    public async IAsyncEnumerable<ListProgress<T>> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var token = "";
        int repeats = 0, restarts = 0, emptyPages = 0;
        var next = new PageAhead<T>(cancellationToken);
        try
        {
            while (true)
            {
                Exception? failure;
                ListPage<T>? page = null;
                try
                {
                    (page, failure) = await Attempt(next.Take() ?? OpenAsync(token, restarts, cancellationToken), token);
                    while (page is not null)
                    {
                        var reading = page.ReadAsync(cancellationToken);
                        (var more, failure) = reading.IsCompletedSuccessfully ? (reading.Result, null) : await Attempt(reading.AsTask(), token);
                        if (page.Continue is { Length: > 0 } ahead) next.Begin(stop => OpenAsync(ahead, restarts, stop));
                        if (!more) break;
                        yield return new(page.Current, false, null);
                    }
                }
                finally
                {
                    if (page is not null) await page.DisposeAsync();
                }

                if (failure is null)
                {
                    var following = page!.Continue ?? "";
                    emptyPages = page.Items > 0 ? 0 : emptyPages + 1;
                    if (following.Length > 0 && (following == token || emptyPages > MostEmptyPages)) throw BrokenAnswer.Lasting("the list goes round in circles", info);
                    (token, repeats) = (following, 0);
                    if (token.Length > 0) continue;
                    yield return new(null, false, page.ResourceVersion);
                    yield break;
                }

                await next.DropAsync();
                var isExpired = failure is ApiException;
                if (isExpired ? ++restarts > MostRestarts : ++repeats > MostRepeats) throw failure;
                if (!isExpired && token.Length > 0) continue;
                // Without a token nothing says that the repeated page shows the same state.
                token = "";
                yield return new(null, true, null);
            }
        }
        finally
        {
            await next.DropAsync();
        }
    }

    // Tokens that keep expiring are none for this cluster: then all at once, which cannot expire.
    private async Task<ListPage<T>> OpenAsync(string token, int restarts, CancellationToken cancellationToken)
    {
        var limit = restarts > 1 ? null : query.PageSize;
        var parameters = new QueryString()
            .Add("labelSelector", query.LabelSelector)
            .Add("fieldSelector", query.FieldSelector)
            .Add("limit", limit?.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Add("continue", token)
            // The token already says which state to show; the server refuses both.
            .Add("resourceVersion", token.Length == 0 ? query.ResourceVersion : null);
        var request = new ApiRequest(HttpMethod.Get, path + parameters, info) { Accept = accept, Query = query };
        var answer = await sender.SendAsync(request, ApiSender.Patience, cancellationToken);
        try
        {
            return new(request, answer, newParser(answer.Format == AnswerFormat.Protobuf));
        }
        catch (InvalidDataException failure)
        {
            await answer.DisposeAsync();
            throw BrokenAnswer.Malformed(info, failure);
        }
    }

    // Gives back the failures a list survives; all others are thrown.
    private static async Task<(TResult? Result, Exception? Failure)> Attempt<TResult>(Task<TResult> task, string token)
    {
        try
        {
            return (await task, null);
        }
        catch (ApiProtocolException failure) when (failure.IsPassing)
        {
            return (default, failure);
        }
        catch (ApiException failure) when (failure.Code == HttpStatusCode.Gone && token.Length > 0)
        {
            return (default, failure);
        }
    }
}
