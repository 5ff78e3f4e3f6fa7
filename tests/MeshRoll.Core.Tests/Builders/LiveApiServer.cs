using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Builders;

/// <summary>
/// An API server in memory whose objects change while they are watched: lists, watches that end, break or expire, single objects, merge patches.
/// It has no controllers: the test plays them.
/// </summary>
internal sealed class LiveApiServer : HttpMessageHandler
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new IntOrPercentText() } };

    private readonly object _gate = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Version, string Collection, string Namespace, string Line)> _history = [];
    private readonly List<Watch> _watches = [];
    private readonly List<Asked> _asked = [];
    private long _version = 100;
    private long _oldest = 100;

    /// <summary>A request.</summary>
    public sealed record Asked(string Method, string Path, string Query, string Body)
    {
        public bool IsWatch => Query.Contains("watch=", StringComparison.Ordinal);
    }

    private sealed record Watch(string Collection, string? Namespace, Pipe Pipe);

    /// <summary>Answers instead of the server where it gives something.</summary>
    public Func<Asked, HttpStatusCode?>? Refuse { get; set; }

    /// <summary>Called, outside any lock, after a patch was stored and before it is answered.</summary>
    public Func<string, string, Task>? Patched { get; set; }

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<Asked> Requests
    {
        get
        {
            lock (_gate) return [.. _asked];
        }
    }

    /// <summary>Lists of a collection, by its path.</summary>
    public int Lists(string collection) => Requests.Count(asked => asked.Method == "GET" && !asked.IsWatch && CollectionOf(asked.Path) == collection && NameOf(asked.Path) is null);

    /// <summary>Watches of a collection.</summary>
    public int Watches(string collection) => Requests.Count(asked => asked.IsWatch && CollectionOf(asked.Path) == collection);

    public ClusterSession Session(TimeProvider time) => new(
        new ClusterConnection { Name = "live", Server = new("http://live.invalid/"), Namespace = "shop" },
        new() { PrimaryHandler = this, MaxRetries = 0, TimeProvider = time });

    /// <summary>Stores an object, new or changed, and tells those who watch.</summary>
    public void Put<T>(Resource<T> resource, params T[] items) where T : class, IKubernetesObject
    {
        foreach (var item in items) Put(PathOf(resource), (JsonObject)JsonSerializer.SerializeToNode(item, Json)!);
    }

    public void Delete<T>(Resource<T> resource, string name, string @namespace = "shop", bool silently = false) where T : class, IKubernetesObject
    {
        lock (_gate)
        {
            if (!_objects.Remove(KeyOf(PathOf(resource), @namespace, name), out var gone)) return;
            gone["metadata"]!["resourceVersion"] = Text(++_version);
            if (!silently) Tell("DELETED", PathOf(resource), @namespace, gone);
        }
    }

    public T Get<T>(Resource<T> resource, string name, string @namespace = "shop") where T : class, IKubernetesObject
    {
        lock (_gate) return _objects[KeyOf(PathOf(resource), @namespace, name)].Deserialize<T>(Json)!;
    }

    /// <summary>All watches break in the middle.</summary>
    public void CutWatches() => ForWatches(pipe => pipe.Writer.Complete(new IOException("cut")));

    /// <summary>All watches end as they do in time.</summary>
    public void EndWatches() => ForWatches(pipe => pipe.Writer.Complete());

    /// <summary>What happened so far can not be watched from any more: 410.</summary>
    public void ForgetHistory()
    {
        lock (_gate)
        {
            _oldest = ++_version;
            _history.Clear();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var asked = new Asked(request.Method.Method, uri.AbsolutePath, uri.Query, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        lock (_gate) _asked.Add(asked);
        if (Refuse?.Invoke(asked) is { } code) return Status(code, request);
        // Discovery: nothing beyond the built-in kinds is served.
        if (Rest(asked.Path).Length == 0) return Status(HttpStatusCode.NotFound, request);

        var (collection, @namespace, name) = (CollectionOf(asked.Path), NamespaceOf(asked.Path), NameOf(asked.Path));
        if (asked.Method == "PATCH") return await PatchAsync(collection, @namespace ?? "", name!, asked, request);
        lock (_gate)
        {
            if (name is not null) return _objects.TryGetValue(KeyOf(collection, @namespace ?? "", name), out var found) ? Content(found, request) : Status(HttpStatusCode.NotFound, request);
            return asked.IsWatch ? Follow(collection, @namespace, uri, request) : List(collection, @namespace, request);
        }
    }

    private async Task<HttpResponseMessage> PatchAsync(string collection, string @namespace, string name, Asked asked, HttpRequestMessage request)
    {
        JsonObject changed;
        lock (_gate)
        {
            if (!_objects.TryGetValue(KeyOf(collection, @namespace, name), out var found)) return Status(HttpStatusCode.NotFound, request);
            changed = (JsonObject)found.DeepClone();
            Merge(changed, (JsonObject)JsonNode.Parse(asked.Body)!);
            var generation = (long?)changed["metadata"]!["generation"] ?? 0;
            if (!JsonNode.DeepEquals(changed["spec"], found["spec"])) changed["metadata"]!["generation"] = generation + 1;
            Put(collection, (JsonObject)changed.DeepClone());
        }
        if (Patched is { } patched) await patched(@namespace, name);
        return Content(changed, request);
    }

    private void Put(string collection, JsonObject item)
    {
        lock (_gate)
        {
            var metadata = (JsonObject)item["metadata"]!;
            var key = KeyOf(collection, (string?)metadata["namespace"] ?? "", (string)metadata["name"]!);
            metadata["resourceVersion"] = Text(++_version);
            item["kind"] = KindOf(collection);
            item["apiVersion"] = collection[(collection.IndexOf('/', StringComparison.Ordinal) + 1)..collection.LastIndexOf('/')];
            var type = _objects.ContainsKey(key) ? "MODIFIED" : "ADDED";
            _objects[key] = item;
            Tell(type, collection, (string?)metadata["namespace"] ?? "", item);
        }
    }

    private HttpResponseMessage List(string collection, string? @namespace, HttpRequestMessage request)
    {
        var items = _objects.Where(entry => entry.Key.StartsWith(KeyOf(collection, @namespace, ""), StringComparison.Ordinal)).Select(entry => entry.Value.DeepClone());
        return Content(new() { ["kind"] = KindOf(collection) + "List", ["apiVersion"] = "v1", ["metadata"] = new JsonObject { ["resourceVersion"] = Text(_version) }, ["items"] = new JsonArray([.. items]) }, request);
    }

    private HttpResponseMessage Follow(string collection, string? @namespace, Uri uri, HttpRequestMessage request)
    {
        var from = long.Parse(System.Web.HttpUtility.ParseQueryString(uri.Query)["resourceVersion"]!, CultureInfo.InvariantCulture);
        if (from < _oldest) return Status(HttpStatusCode.Gone, request);
        var watch = new Watch(collection, @namespace, new(new PipeOptions(pauseWriterThreshold: 0)));
        foreach (var (_, _, _, line) in _history.Where(entry => entry.Version > from && entry.Collection == collection && (@namespace is null || entry.Namespace == @namespace))) Write(watch, line);
        _watches.Add(watch);
        return new(HttpStatusCode.OK) { Content = new StreamContent(watch.Pipe.Reader.AsStream()) { Headers = { ContentType = new("application/json") } }, RequestMessage = request };
    }

    private void Tell(string type, string collection, string @namespace, JsonObject item)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = item.DeepClone() }.ToJsonString() + "\n";
        _history.Add((_version, collection, @namespace, line));
        foreach (var watch in _watches.Where(watch => watch.Collection == collection && (watch.Namespace is null || watch.Namespace == @namespace))) Write(watch, line);
    }

    private static void Write(Watch watch, string line)
    {
        watch.Pipe.Writer.Write(Encoding.UTF8.GetBytes(line));
        _ = watch.Pipe.Writer.FlushAsync().AsTask();
    }

    private void ForWatches(Action<Pipe> action)
    {
        lock (_gate)
        {
            foreach (var watch in _watches) action(watch.Pipe);
            _watches.Clear();
        }
    }

    // RFC 7386; the strategic merge patches sent here mean the same by it.
    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is JsonObject inner)
            {
                if (target[key] is not JsonObject) target[key] = new JsonObject();
                Merge((JsonObject)target[key]!, inner);
            }
            else if (value is null) target.Remove(key);
            else target[key] = value.DeepClone();
        }
    }

    private static string KindOf(string collection) => collection[(collection.LastIndexOf('/') + 1)..] switch
    {
        "deployments" => "Deployment",
        "statefulsets" => "StatefulSet",
        "daemonsets" => "DaemonSet",
        "rollouts" => "Rollout",
        "replicasets" => "ReplicaSet",
        "pods" => "Pod",
        "events" => "Event",
        "configmaps" => "ConfigMap",
        "namespaces" => "Namespace",
        "mutatingwebhookconfigurations" => "MutatingWebhookConfiguration",
        var other => other,
    };

    private static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Rest(string path) => Parts(path)[(path.StartsWith("/api/", StringComparison.Ordinal) ? 2 : 3)..];

    private static string CollectionOf(string path)
    {
        var rest = Rest(path);
        return string.Join('/', Parts(path).Take(Parts(path).Length - rest.Length)) + "/" + (rest is ["namespaces", _, var plural, ..] ? plural : rest is [var first, ..] ? first : "");
    }

    private static string? NamespaceOf(string path) => Rest(path) is ["namespaces", var name, _, ..] ? name : null;

    private static string? NameOf(string path) => Rest(path) switch { ["namespaces", _, _, var name, ..] => name, [_, var name] => name, _ => null };

    private static string PathOf<T>(Resource<T> resource) where T : class, IKubernetesObject =>
        (resource.Group.Length == 0 ? "api/" : $"apis/{resource.Group}/") + $"{resource.Version}/{resource.Plural}";

    private static string KeyOf(string collection, string? @namespace, string name) => @namespace is null ? $"{collection} " : $"{collection} {@namespace} {name}";

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static HttpResponseMessage Content(JsonObject body, HttpRequestMessage request, HttpStatusCode code = HttpStatusCode.OK) =>
        new(code) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), RequestMessage = request };

    private static HttpResponseMessage Status(HttpStatusCode code, HttpRequestMessage request) =>
        Content(new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["reason"] = code == HttpStatusCode.Gone ? "Expired" : code.ToString(), ["code"] = (int)code, ["message"] = $"no: {code}" }, request, code);

    private sealed class IntOrPercentText : JsonConverter<IntOrPercent>
    {
        public override IntOrPercent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? new(reader.GetInt32(), false) : IntOrPercent.Parse(reader.GetString()!)!.Value;

        public override void Write(Utf8JsonWriter writer, IntOrPercent value, JsonSerializerOptions options)
        {
            if (value.IsPercent) writer.WriteStringValue(value.ToString());
            else writer.WriteNumberValue(value.Value);
        }
    }
}
