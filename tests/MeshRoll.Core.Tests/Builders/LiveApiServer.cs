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
/// An API server in memory for what follows and changes: lists, watches that end, break or expire, single objects, made, deleted, and changed by merge and JSON
/// patches. Every change counts up the resource version and is told to all who watch; who changes another than he names is refused. It has no controllers: the test plays them. It gives everything of a namespace
/// in one page, whatever the selectors; where those matter there is <see cref="SnapshotApiServer"/>.
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

    /// <summary>What a pod's log holds, where a test has one.</summary>
    public Func<Asked, string>? Log { get; set; }

    /// <summary>Called, outside any lock, before a patch is looked at.</summary>
    public Func<string, string, Task>? Patching { get; set; }

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
    public int Lists(string collection) => Requests.Count(asked => asked.Method == "GET" && !asked.IsWatch && ApiPath.Parse(asked.Path) is { Name: null } path && path.Collection == collection);

    /// <summary>Watches of a collection.</summary>
    public int Watches(string collection) => Requests.Count(asked => asked.IsWatch && ApiPath.Parse(asked.Path).Collection == collection);

    public ClusterSession Session(TimeProvider time) => new(
        new ClusterConnection { Name = "live", Server = new("http://live.invalid/"), Namespace = "shop" },
        new() { PrimaryHandler = this, MaxRetries = 0, TimeProvider = time });

    /// <summary>Stores an object, new or changed, and tells those who watch.</summary>
    public void Put<T>(Resource<T> resource, params T[] items) where T : class, IKubernetesObject
    {
        foreach (var item in items) Put(ApiPath.CollectionOf(resource), Write(item));
    }

    /// <summary>Stores an object that has more to it than its model.</summary>
    public void PutWhole<T>(Resource<T> resource, JsonObject item) where T : class, IKubernetesObject => Put(ApiPath.CollectionOf(resource), JsonNode.Parse(item.ToJsonString())!.AsObject());

    /// <summary>An object with all there is to it.</summary>
    public JsonObject GetWhole<T>(Resource<T> resource, string name, string @namespace = "shop") where T : class, IKubernetesObject
    {
        lock (_gate) return (JsonObject)_objects[KeyOf(ApiPath.CollectionOf(resource), @namespace, name)].DeepClone();
    }

    public void Delete<T>(Resource<T> resource, string name, string @namespace = "shop", bool silently = false) where T : class, IKubernetesObject
    {
        lock (_gate)
        {
            if (!_objects.Remove(KeyOf(ApiPath.CollectionOf(resource), @namespace, name), out var gone)) return;
            gone["metadata"]!["resourceVersion"] = Text(++_version);
            if (!silently) Tell("DELETED", ApiPath.CollectionOf(resource), @namespace, gone);
        }
    }

    public T Get<T>(Resource<T> resource, string name, string @namespace = "shop") where T : class, IKubernetesObject
    {
        lock (_gate) return _objects[KeyOf(ApiPath.CollectionOf(resource), @namespace, name)].Deserialize<T>(Json)!;
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

    /// <summary>An object as it stands on the wire.</summary>
    public static JsonObject Write<T>(T item) => (JsonObject)JsonSerializer.SerializeToNode(item, Json)!;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var asked = new Asked(request.Method.Method, uri.AbsolutePath, uri.Query, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        lock (_gate) _asked.Add(asked);
        if (Refuse?.Invoke(asked) is { } code) return ApiAnswer.Refusal(code, request);

        if (asked.Path.EndsWith("/log", StringComparison.Ordinal)) return new(HttpStatusCode.OK) { Content = new StringContent(Log!(asked), Encoding.UTF8, "text/plain"), RequestMessage = request };
        var (collection, @namespace, name) = ApiPath.Parse(asked.Path);
        // Discovery: nothing beyond the built-in kinds is served.
        if (collection.Length == 0) return ApiAnswer.Refusal(HttpStatusCode.NotFound, request);
        if (asked.Method == "PATCH") return await PatchAsync(collection, @namespace ?? "", name!, asked, request);
        lock (_gate)
        {
            if (asked.Method == "POST") return Create(collection, @namespace, asked, request);
            if (asked.Method == "DELETE") return Remove(collection, @namespace ?? "", name!, asked, request);
            if (name is not null) return _objects.TryGetValue(KeyOf(collection, @namespace ?? "", name), out var found) ? ApiAnswer.Of(found, request) : ApiAnswer.Refusal(HttpStatusCode.NotFound, request);
            return asked.IsWatch ? Follow(collection, @namespace, uri, request) : List(collection, @namespace, request);
        }
    }

    private async Task<HttpResponseMessage> PatchAsync(string collection, string @namespace, string name, Asked asked, HttpRequestMessage request)
    {
        JsonObject changed;
        if (Patching is { } patching) await patching(@namespace, name);
        lock (_gate)
        {
            if (!_objects.TryGetValue(KeyOf(collection, @namespace, name), out var found)) return ApiAnswer.Refusal(HttpStatusCode.NotFound, request);
            changed = (JsonObject)found.DeepClone();
            var patch = JsonNode.Parse(asked.Body)!;
            if (IsOfAnother(found, (patch as JsonObject)?["metadata"])) return ApiAnswer.Refusal(HttpStatusCode.Conflict, request);
            if (patch is JsonObject merged) Merge(changed, merged);
            else if (!Apply(changed, patch.AsArray())) return ApiAnswer.Refusal(HttpStatusCode.UnprocessableEntity, request);
            var generation = (long?)changed["metadata"]!["generation"] ?? 0;
            if (!JsonNode.DeepEquals(changed["spec"], found["spec"])) changed["metadata"]!["generation"] = generation + 1;
            Put(collection, (JsonObject)changed.DeepClone());
        }
        if (Patched is { } patched) await patched(@namespace, name);
        return ApiAnswer.Of(changed, request);
    }

    private HttpResponseMessage Create(string collection, string? @namespace, Asked asked, HttpRequestMessage request)
    {
        var item = JsonNode.Parse(asked.Body)!.AsObject();
        var metadata = item["metadata"]!.AsObject();
        if (_objects.ContainsKey(KeyOf(collection, @namespace, (string)metadata["name"]!))) return ApiAnswer.Refusal(HttpStatusCode.Conflict, request);
        metadata["uid"] = $"uid-{_version}";
        Put(collection, item);
        return ApiAnswer.Of((JsonObject)item.DeepClone(), request);
    }

    private HttpResponseMessage Remove(string collection, string @namespace, string name, Asked asked, HttpRequestMessage request)
    {
        if (!_objects.TryGetValue(KeyOf(collection, @namespace, name), out var found)) return ApiAnswer.Refusal(HttpStatusCode.NotFound, request);
        if (asked.Body.Length > 0 && IsOfAnother(found, JsonNode.Parse(asked.Body)!["preconditions"])) return ApiAnswer.Refusal(HttpStatusCode.Conflict, request);
        _objects.Remove(KeyOf(collection, @namespace, name));
        found["metadata"]!["resourceVersion"] = Text(++_version);
        Tell("DELETED", collection, @namespace, found);
        return ApiAnswer.Of((JsonObject)found.DeepClone(), request);
    }

    private static bool IsOfAnother(JsonObject found, JsonNode? meant) =>
        new[] { "uid", "resourceVersion" }.Any(key => (string?)meant?[key] is { } named && named != (string?)found["metadata"]![key]);

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
        return ApiAnswer.Of(new() { ["kind"] = KindOf(collection) + "List", ["apiVersion"] = "v1", ["metadata"] = new JsonObject { ["resourceVersion"] = Text(_version) }, ["items"] = new JsonArray([.. items]) }, request);
    }

    private HttpResponseMessage Follow(string collection, string? @namespace, Uri uri, HttpRequestMessage request)
    {
        var from = long.Parse(System.Web.HttpUtility.ParseQueryString(uri.Query)["resourceVersion"]!, CultureInfo.InvariantCulture);
        if (from < _oldest) return ApiAnswer.Refusal(HttpStatusCode.Gone, request);
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
    public static void Merge(JsonObject target, JsonObject patch)
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

    // RFC 6902, as far as it is sent here. False when a test failed.
    private static bool Apply(JsonObject target, JsonArray operations)
    {
        foreach (var operation in operations)
        {
            var path = ((string)operation!["path"]!).Split('/')[1..];
            JsonNode? parent = target;
            foreach (var step in path[..^1]) parent = parent is JsonArray list ? list.ElementAtOrDefault(int.Parse(step, CultureInfo.InvariantCulture)) : parent?[step];
            if (parent is not JsonObject found) return false;
            if ((string)operation["op"]! != "test") found[path[^1]] = operation["value"]?.DeepClone();
            else if (!JsonNode.DeepEquals(found[path[^1]], operation["value"])) return false;
        }
        return true;
    }

    public static string KindOf(string collection) => collection[(collection.LastIndexOf('/') + 1)..] switch
    {
        "deployments" => "Deployment",
        "statefulsets" => "StatefulSet",
        "daemonsets" => "DaemonSet",
        "rollouts" => "Rollout",
        "replicasets" => "ReplicaSet",
        "controllerrevisions" => "ControllerRevision",
        "pods" => "Pod",
        "events" => "Event",
        "configmaps" => "ConfigMap",
        "namespaces" => "Namespace",
        "nodes" => "Node",
        "leases" => "Lease",
        "mutatingwebhookconfigurations" => "MutatingWebhookConfiguration",
        var other => other,
    };

    private static string KeyOf(string collection, string? @namespace, string name) => @namespace is null ? $"{collection} " : $"{collection} {@namespace} {name}";

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

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
