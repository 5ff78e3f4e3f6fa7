using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Builders;

/// <summary>
/// An API server in memory for what reads once: a cluster as it is at one moment. It lists in pages and by selectors, knows what is served (discovery),
/// refuses, and holds answers back at a gate. Nothing in it ever changes; for what watches or patches there is <see cref="LiveApiServer"/>.
/// </summary>
public sealed class SnapshotApiServer : HttpMessageHandler
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Dictionary<string, List<JsonObject>> _objects = [];
    private readonly Dictionary<string, string> _kinds = [];
    private readonly List<(string Path, HttpStatusCode Code)> _refusals = [];

    /// <summary>Most objects of a page, however many are asked for.</summary>
    public int PageSize { get; set; } = int.MaxValue;

    /// <summary>Every path and query asked for, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Runs before each answer, for tests that hold one back.</summary>
    public Func<string, CancellationToken, Task>? Gate { get; set; }

    /// <summary>Adds objects of a kind, which is served from then on.</summary>
    public SnapshotApiServer With<T>(Resource<T> resource, params T[] items) where T : class, IKubernetesObject
    {
        var collection = ApiPath.CollectionOf(resource);
        var list = _objects.TryGetValue(collection, out var known) ? known : _objects[collection] = [];
        _kinds[collection] = resource.Kind;
        foreach (var item in items)
        {
            var json = (JsonObject)JsonSerializer.SerializeToNode(item, Json)!;
            json["kind"] = resource.Kind;
            json["apiVersion"] = resource.GroupVersion;
            list.Add(json);
        }
        return this;
    }

    /// <summary>Changes objects before the first question, in what their models do not hold.</summary>
    public void Replace<T>(Resource<T> resource, Predicate<JsonObject> which, Action<JsonObject> change) where T : class, IKubernetesObject =>
        _objects[ApiPath.CollectionOf(resource)].FindAll(which).ForEach(change);

    /// <summary>Takes objects away again before the first question.</summary>
    public void Remove<T>(Resource<T> resource, Predicate<JsonObject> which) where T : class, IKubernetesObject => _objects[ApiPath.CollectionOf(resource)].RemoveAll(which);

    /// <summary>Refuses a path as the server writes it, such as <c>/api/v1/namespaces</c>, with everything below it when it ends in a slash.</summary>
    public SnapshotApiServer Refuse(string path, HttpStatusCode code = HttpStatusCode.Forbidden)
    {
        _refusals.Add((path, code));
        return this;
    }

    /// <summary>A session with this server.</summary>
    public ClusterSession Session(string @namespace = "default") => new(
        new ClusterConnection { Name = "fake", Server = new("http://fake.invalid/"), Namespace = @namespace },
        new() { PrimaryHandler = this, MaxRetries = 0 });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        Requests.Enqueue(uri.PathAndQuery);
        if (Gate is { } gate) await gate(uri.PathAndQuery, cancellationToken);
        foreach (var (path, code) in _refusals)
        {
            if (path == uri.AbsolutePath || (path.EndsWith('/') && uri.AbsolutePath.StartsWith(path, StringComparison.Ordinal))) return ApiAnswer.Refusal(code, request);
        }
        return Answer(uri) is { } answer ? ApiAnswer.Of(answer, request) : ApiAnswer.Refusal(HttpStatusCode.NotFound, request);
    }

    private JsonObject? Answer(Uri uri)
    {
        var (collection, @namespace, name) = ApiPath.Parse(uri.AbsolutePath);
        if (!_objects.TryGetValue(collection, out var items)) return Discover(uri.AbsolutePath);
        if (name is not null) return items.Find(item => Is(item, @namespace, name))?.DeepClone().AsObject();

        var query = System.Web.HttpUtility.ParseQueryString(uri.Query);
        var wanted = items.Where(item => (@namespace is null || Text(item, "namespace") == @namespace)
            && FitsFields(item, query["fieldSelector"]) && FitsLabels(item, query["labelSelector"])).ToList();
        var from = int.Parse(query["continue"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var size = Math.Min(PageSize, int.Parse(query["limit"] ?? "500", System.Globalization.CultureInfo.InvariantCulture));
        var page = wanted.Skip(from).Take(size).Select(static item => item.DeepClone()).ToArray();
        var metadata = new JsonObject { ["resourceVersion"] = "1" };
        if (from + page.Length < wanted.Count) metadata["continue"] = $"{from + page.Length}";
        return new() { ["kind"] = _kinds[collection] + "List", ["apiVersion"] = "v1", ["metadata"] = metadata, ["items"] = new JsonArray(page) };
    }

    // /apis/<group>/<version>: what is served of it.
    private JsonObject? Discover(string path)
    {
        if (path.Split('/', StringSplitOptions.RemoveEmptyEntries) is not ["apis", _, _]) return null;
        var served = _kinds.Where(kind => kind.Key.StartsWith(path[1..] + "/", StringComparison.Ordinal)).ToList();
        if (served.Count == 0) return null;
        return new()
        {
            ["kind"] = "APIResourceList",
            ["groupVersion"] = path["/apis/".Length..],
            ["resources"] = new JsonArray([.. served.Select(kind => new JsonObject { ["name"] = kind.Key[path.Length..], ["kind"] = kind.Value, ["namespaced"] = true, ["verbs"] = new JsonArray() })]),
        };
    }

    private static bool Is(JsonObject item, string? @namespace, string name) => Text(item, "name") == name && (@namespace is null || Text(item, "namespace") == @namespace);

    private static bool FitsFields(JsonObject item, string? selector) =>
        selector is null || !selector.StartsWith("metadata.name=", StringComparison.Ordinal) || Text(item, "name") == selector["metadata.name=".Length..];

    private static bool FitsLabels(JsonObject item, string? selector)
    {
        foreach (var requirement in selector?.Split(',') ?? [])
        {
            var labels = item["metadata"]!["labels"] as JsonObject;
            if (requirement.Split('=') is [var key, var value] ? (string?)labels?[key] != value : labels?.ContainsKey(requirement) != true) return false;
        }
        return true;
    }

    private static string Text(JsonObject item, string field) => (string?)item["metadata"]![field] ?? "";
}
