using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Api;

/// <summary>
/// A plain JSON client of the API server, for the fixture and for tests as an observer that shares no code with the
/// module. Nothing is retried: a test that wants to wait says so with <see cref="WaitAsync"/>.
/// </summary>
public sealed class KubeApi : IDisposable
{
    /// <summary>A strategic merge patch: lists of named things are merged by name. Built-in kinds only.</summary>
    public const string StrategicMerge = "application/strategic-merge-patch+json";

    /// <summary>A JSON merge patch: lists are replaced as a whole.</summary>
    public const string Merge = "application/merge-patch+json";

    /// <summary>A JSON patch: a list of operations.</summary>
    public const string JsonPatch = "application/json-patch+json";

    private readonly HttpClient _client;

    /// <summary>Creates a client for one user.</summary>
    /// <param name="server">The base address.</param>
    /// <param name="authorityPem">The only authority that is trusted.</param>
    /// <param name="token">The bearer token.</param>
    public KubeApi(Uri server, string authorityPem, string token)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPem(authorityPem);
#pragma warning disable CA2000 // The client owns the handler.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
        };
#pragma warning restore CA2000
        // A watch has no end, so there is no overall timeout; callers bring their own cancellation.
        _client = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("meshroll-fixture");
    }

    /// <summary>Reads one object, or whatever else is at the path.</summary>
    public Task<JsonObject> GetAsync(string path, CancellationToken cancellation = default)
        => SendAsync(HttpMethod.Get, path, null, null, cancellation);

    /// <summary>Reads one object, or null where there is none.</summary>
    public async Task<JsonObject?> FindAsync(string path, CancellationToken cancellation = default)
    {
        try
        {
            return await GetAsync(path, cancellation);
        }
        catch (KubeApiException failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Reads a whole collection.</summary>
    /// <param name="path">The collection.</param>
    /// <param name="query">Selectors, such as <c>labelSelector=app%3Dweb</c>; without a question mark.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ObjectList> ListAsync(string path, string query = "", CancellationToken cancellation = default)
    {
        var items = new List<JsonObject>();
        var version = string.Empty;
        await foreach (var page in ListPagesAsync(path, query, cancellation))
        {
            items.AddRange(page.Items);
            version = page.ResourceVersion;
        }

        return new ObjectList(items, version);
    }

    /// <summary>Reads a collection in pages of 500, for those who do not want to hold it in memory; all pages have the same resource version.</summary>
    public async IAsyncEnumerable<ObjectList> ListPagesAsync(
        string path,
        string query = "",
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var next = string.Empty;
        do
        {
            var page = await GetAsync($"{path}?limit=500&continue={Uri.EscapeDataString(next)}&{query}", cancellation);
            next = (string?)page["metadata"]?["continue"] ?? string.Empty;
            yield return new ObjectList([.. page["items"]!.AsArray().Select(item => item!.AsObject())], (string)page["metadata"]!["resourceVersion"]!);
        }
        while (next.Length > 0);
    }

    /// <summary>Creates an object where its kind and namespace say.</summary>
    public Task<JsonObject> CreateAsync(JsonObject body, CancellationToken cancellation = default)
        => CreateAsync(ObjectPath.CollectionOf(body), body, cancellation);

    /// <summary>Posts an object to a collection or subresource.</summary>
    public Task<JsonObject> CreateAsync(string path, JsonObject body, CancellationToken cancellation = default)
        => SendAsync(HttpMethod.Post, path, body, "application/json", cancellation);

    /// <summary>Replaces an object as a whole.</summary>
    public Task<JsonObject> ReplaceAsync(string path, JsonObject body, CancellationToken cancellation = default)
        => SendAsync(HttpMethod.Put, path, body, "application/json", cancellation);

    /// <summary>Changes an object; the media type is one of the constants of this class.</summary>
    public Task<JsonObject> PatchAsync(string path, JsonNode patch, string mediaType = StrategicMerge, CancellationToken cancellation = default)
        => SendAsync(HttpMethod.Patch, path, patch, mediaType, cancellation);

    /// <summary>Deletes an object, with DeleteOptions when given.</summary>
    public Task<JsonObject> DeleteAsync(string path, JsonObject? options = null, CancellationToken cancellation = default)
        => SendAsync(HttpMethod.Delete, path, options, "application/json", cancellation);

    /// <summary>Creates a namespace and waits for its default service account, without which no pod can be created in it.</summary>
    public async Task CreateNamespaceAsync(string name, IReadOnlyDictionary<string, string>? labels = null, CancellationToken cancellation = default)
    {
        var labelled = new JsonObject();
        foreach (var (key, value) in labels ?? new Dictionary<string, string>())
        {
            labelled[key] = value;
        }

        await CreateAsync(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labelled },
            },
            cancellation);
        await WaitForServiceAccountAsync(name, cancellation);
    }

    /// <summary>Waits until pods can be created in a namespace: its default service account is there and, before 1.24, has a secret with a token.</summary>
    public async Task WaitForServiceAccountAsync(string @namespace, CancellationToken cancellation = default)
    {
        var version = await GetAsync("/version", cancellation);
        var needsSecret = (string?)version["major"] == "1" && int.Parse(((string)version["minor"]!).TrimEnd('+'), CultureInfo.InvariantCulture) < 24;
        await WaitAsync(
            $"/api/v1/namespaces/{@namespace}/serviceaccounts/default",
            found => found is not null && (!needsSecret || found["secrets"] is JsonArray { Count: > 0 }),
            TimeSpan.FromSeconds(60),
            cancellation);
    }

    /// <summary>Sets labels of a namespace or of any other object; null removes one.</summary>
    public Task<JsonObject> LabelAsync(string path, IReadOnlyDictionary<string, string?> labels, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var changed = new JsonObject();
        foreach (var (key, value) in labels)
        {
            changed[key] = value;
        }

        return PatchAsync(path, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = changed } }, Merge, cancellation);
    }

    /// <summary>Asks again every 100 ms until the object (null where there is none) is as wished.</summary>
    /// <exception cref="TimeoutException">It did not happen in time; the message holds the object's last state.</exception>
    public async Task<JsonObject?> WaitAsync(string path, Func<JsonObject?, bool> wished, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(wished);
        var until = DateTime.UtcNow + timeout;
        while (true)
        {
            var found = await FindAsync(path, cancellation);
            if (wished(found))
            {
                return found;
            }

            if (DateTime.UtcNow > until)
            {
                throw new TimeoutException($"{path} was not as expected within {timeout}: {found?.ToJsonString() ?? "not found"}");
            }

            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>
    /// Watches a collection from a resource version on. It ends when the server ends the connection; a dropped connection
    /// throws <see cref="HttpRequestException"/> or <see cref="IOException"/>, an ERROR event <see cref="KubeApiException"/>.
    /// </summary>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        string path,
        string resourceVersion,
        string query = "",
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var address = $"{path}?watch=true&allowWatchBookmarks=true&timeoutSeconds=600&resourceVersion={resourceVersion}&{query}";
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await ExchangeAsync(request, cancellation);
        await ThrowUnlessSuccessAsync(response, cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            var entry = JsonNode.Parse(line)!.AsObject();
            var type = (string)entry["type"]!;
            var body = entry["object"]!.AsObject();
            if (type == "ERROR")
            {
                throw StatusException(body, (HttpStatusCode)((int?)body["code"] ?? 500), $"watch of {path}");
            }

            yield return new WatchEvent(type, body);
        }
    }

    /// <summary>Closes all connections, running watches included.</summary>
    public void Dispose() => _client.Dispose();

    private static async Task ThrowUnlessSuccessAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var request = $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.PathAndQuery}";
        var text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            throw StatusException(JsonNode.Parse(text)!.AsObject(), response.StatusCode, request);
        }
        catch (Exception notStatus) when (notStatus is JsonException or InvalidOperationException)
        {
            throw new KubeApiException(response.StatusCode, response.ReasonPhrase ?? string.Empty, text.Trim(), request);
        }
    }

    private static KubeApiException StatusException(JsonObject status, HttpStatusCode code, string request)
        => new(code, (string?)status["reason"] ?? string.Empty, (string?)status["message"] ?? string.Empty, request);

    private async Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            // A connection that could not be made in time looks like a cancellation that nobody asked for.
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{request.RequestUri}: {failure.InnerException?.Message ?? failure.Message}", failure);
        }
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonNode? body, string? mediaType, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType!);
        }

        using var response = await ExchangeAsync(request, cancellation);
        await ThrowUnlessSuccessAsync(response, cancellation);
        var stream = await response.Content.ReadAsStreamAsync(cancellation);
        return (await JsonNode.ParseAsync(stream, cancellationToken: cancellation))!.AsObject();
    }
}
