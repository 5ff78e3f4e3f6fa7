using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Tests.Rollouts;

namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>
/// The cluster of a schedule: Deployments of one pod, and Leases, with resource versions that are minded as an API server does, and watches. Its controller
/// takes its time, and sometimes gives a rollout up for a while.
/// </summary>
internal sealed class ScheduleServer
{
    public const string Deployments = "apis/apps/v1/deployments";
    public const string Leases = "apis/coordination.k8s.io/v1/leases";
    private const string Pods = "api/v1/pods";

    private readonly Agenda _agenda;
    private readonly Random _random;
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(long Version, string Collection, string Line)> _history = [];
    private readonly List<ServerWatch> _watches = [];
    private long _version = 100;

    public ScheduleServer(Agenda agenda, Random random, IReadOnlyList<string> names)
    {
        (_agenda, _random, Names) = (agenda, random, names);
        foreach (var name in names)
        {
            Put(Deployments, Json(Some.Deployment(replicas: 1, generation: 1, name: name)), "Deployment", "apps/v1");
            PutPod(name, "old", "1.7.8");
        }
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Called when a Deployment is about to be restarted by a plan: by which process, and which.</summary>
    public Action<MachineProcess, string>? Restarting { get; set; }

    /// <summary>How often a plan has restarted each.</summary>
    public Dictionary<string, int> Restarts { get; } = [];

    /// <summary>When somebody else touched a Deployment.</summary>
    public Dictionary<string, long> Touched { get; } = [];

    /// <summary>Who holds the plan's Lease; null when there is none.</summary>
    public string? Holder => (string?)_objects.FirstOrDefault(found => found.Key.StartsWith(Leases, StringComparison.Ordinal)).Value?["spec"]?["holderIdentity"];

    /// <summary>Whether there is a Lease at all.</summary>
    public bool HasLease => _objects.Keys.Any(key => key.StartsWith(Leases, StringComparison.Ordinal));

    /// <summary>Answers a request of a process.</summary>
    public ServerAnswer Serve(MachineProcess process, string method, Uri uri, string body)
    {
        var (collection, _, name) = ApiPath.Parse(uri.AbsolutePath);
        // Discovery: nothing beyond the built-in kinds is served.
        if (collection.Length == 0) return Refuse(HttpStatusCode.NotFound);
        var key = $"{collection} {name}";
        if (method == "POST") return Create(collection, JsonNode.Parse(body)!.AsObject());
        if (name is not null && !_objects.ContainsKey(key)) return Refuse(HttpStatusCode.NotFound);
        if (method == "PATCH") return Patch(process, collection, name!, JsonNode.Parse(body)!.AsObject());
        if (method == "DELETE") return Delete(collection, key, JsonNode.Parse(body)!["preconditions"] as JsonObject);
        if (name is not null) return new(HttpStatusCode.OK, _objects[key].ToJsonString());
        return uri.Query.Contains("watch=", StringComparison.Ordinal) ? Watch(process, collection, uri) : List(collection);
    }

    /// <summary>Somebody else changes something of a Deployment.</summary>
    public void Edit(string name, Action<JsonObject> change)
    {
        if (!_objects.TryGetValue($"{Deployments} {name}", out var found)) return;
        Touched.TryAdd(name, _agenda.Now);
        var changed = (JsonObject)found.DeepClone();
        change(changed);
        Changed(name, found, changed);
    }

    /// <summary>Somebody deletes the Lease.</summary>
    public void DropLease()
    {
        if (_objects.Keys.FirstOrDefault(key => key.StartsWith(Leases, StringComparison.Ordinal)) is { } key) Delete(Leases, key, null);
    }

    /// <summary>A watch is of no use any more.</summary>
    public void Forget(ServerWatch watch) => _watches.Remove(watch);

    private ServerAnswer Create(string collection, JsonObject item)
    {
        var key = $"{collection} {(string)item["metadata"]!["name"]!}";
        if (_objects.ContainsKey(key)) return Refuse(HttpStatusCode.Conflict, "AlreadyExists");
        item["metadata"]!["uid"] = $"uid-{_version}";
        Put(collection, item, "Lease", "coordination.k8s.io/v1");
        return new(HttpStatusCode.Created, _objects[key].ToJsonString());
    }

    private ServerAnswer Patch(MachineProcess process, string collection, string name, JsonObject patch)
    {
        var found = _objects[$"{collection} {name}"];
        if ((string?)patch["metadata"]?["resourceVersion"] is { } version && version != (string?)found["metadata"]!["resourceVersion"]) return Refuse(HttpStatusCode.Conflict);
        var changed = (JsonObject)found.DeepClone();
        Merge(changed, patch);
        if (collection == Deployments)
        {
            if (RestartedAt(changed) != RestartedAt(found))
            {
                Restarting?.Invoke(process, name);
                Restarts[name] = Restarts.GetValueOrDefault(name) + 1;
            }
            return new(HttpStatusCode.OK, Changed(name, found, changed).ToJsonString());
        }
        if (!JsonNode.DeepEquals(found, changed)) Put(collection, changed, "Lease", "coordination.k8s.io/v1");
        return new(HttpStatusCode.OK, changed.ToJsonString());
    }

    private ServerAnswer Delete(string collection, string key, JsonObject? preconditions)
    {
        var found = _objects[key];
        foreach (var (field, value) in preconditions ?? [])
        {
            if ((string?)value != (string?)found["metadata"]![field]) return Refuse(HttpStatusCode.Conflict);
        }
        _objects.Remove(key);
        found["metadata"]!["resourceVersion"] = Text(++_version);
        Tell("DELETED", collection, found);
        return new(HttpStatusCode.OK, """{"kind":"Status","status":"Success"}""");
    }

    private ServerAnswer List(string collection)
    {
        var items = string.Join(',', _objects.Where(entry => entry.Key.StartsWith($"{collection} ", StringComparison.Ordinal)).Select(entry => entry.Value.ToJsonString()));
        return new(HttpStatusCode.OK, $$$"""{"kind":"{{{LiveApiServer.KindOf(collection)}}}List","apiVersion":"v1","metadata":{"resourceVersion":"{{{_version}}}"},"items":[{{{items}}}]}""");
    }

    private ServerAnswer Watch(MachineProcess process, string collection, Uri uri)
    {
        var from = long.Parse(System.Web.HttpUtility.ParseQueryString(uri.Query)["resourceVersion"]!, CultureInfo.InvariantCulture);
        var watch = new ServerWatch(process, collection);
        foreach (var (_, _, line) in _history.Where(entry => entry.Version > from && entry.Collection == collection)) watch.Tell(line);
        _watches.Add(watch);
        return new(HttpStatusCode.OK, "") { Watch = watch };
    }

    /// <summary>A Deployment changes; its controller sets to work when its template did.</summary>
    private JsonObject Changed(string name, JsonObject before, JsonObject changed)
    {
        if (JsonNode.DeepEquals(before, changed)) return before;
        if (!JsonNode.DeepEquals(before["spec"], changed["spec"])) changed["metadata"]!["generation"] = (long)changed["metadata"]!["generation"]! + 1;
        var rolls = !JsonNode.DeepEquals(before["spec"]!["template"], changed["spec"]!["template"]);
        Put(Deployments, changed, "Deployment", "apps/v1");
        var generation = (long)changed["metadata"]!["generation"]!;
        _agenda.After(TimeSpan.FromSeconds(0.1 + _random.NextDouble()), () => Observe(name, generation, rolls));
        return _objects[$"{Deployments} {name}"];
    }

    /// <summary>The controller has seen a change, and begins to replace the pod where the template is another.</summary>
    private void Observe(string name, long generation, bool rolls)
    {
        if (Find(name, generation) is not { } found) return;
        var status = found["status"]!;
        status["observedGeneration"] = generation;
        var replicas = (int?)found["spec"]!["replicas"] ?? 1;
        if (rolls) (status["updatedReplicas"], status["conditions"]) = (0, new JsonArray());
        else
        {
            foreach (var field in (string[])["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]) status[field] = replicas;
        }
        Put(Deployments, found, "Deployment", "apps/v1");
        if (!rolls) return;
        if (_random.Next(12) > 0) _agenda.After(TimeSpan.FromSeconds(_random.Next(1, 40)), () => Finish(name, generation));
        else
        {
            _agenda.After(TimeSpan.FromSeconds(_random.Next(5, 60)), () => GiveUp(name, generation));
            _agenda.After(TimeSpan.FromSeconds(_random.Next(61, 400)), () => Finish(name, generation));
        }
    }

    private void Finish(string name, long generation)
    {
        if (Find(name, generation) is not { } found) return;
        PutPod(name, "new", "1.11.8");
        if (_objects.Remove($"{Pods} {name}-old", out var gone))
        {
            gone["metadata"]!["resourceVersion"] = Text(++_version);
            Tell("DELETED", Pods, gone);
        }
        var replicas = (int?)found["spec"]!["replicas"] ?? 1;
        var status = found["status"]!;
        foreach (var field in (string[])["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]) status[field] = replicas;
        status["conditions"] = new JsonArray();
        Put(Deployments, found, "Deployment", "apps/v1");
    }

    private void GiveUp(string name, long generation)
    {
        if (Find(name, generation) is not { } found) return;
        found["status"]!["conditions"] = Json(Some.Deployment(conditions: [Some.DeadlineExceeded(Some.Start)]))["status"]!["conditions"]!.DeepClone();
        Put(Deployments, found, "Deployment", "apps/v1");
    }

    // What a controller does about a generation that is over by now is of no interest any more.
    private JsonObject? Find(string name, long generation) =>
        _objects.TryGetValue($"{Deployments} {name}", out var found) && (long)found["metadata"]!["generation"]! == generation ? (JsonObject)found.DeepClone() : null;

    private void PutPod(string name, string hash, string sidecar)
    {
        var template = _objects[$"{Deployments} {name}"]["spec"]!["template"]?["metadata"]?["annotations"]?.Deserialize<Dictionary<string, string>>();
        var pod = Some.Injected($"{name}-{hash}", sidecar, hash);
        Put(Pods, Json(pod with
        {
            Metadata = pod.Metadata with { Annotations = template!, OwnerReferences = [new() { ApiVersion = "apps/v1", Kind = "ReplicaSet", Name = $"{name}-{hash}", Controller = true }] },
        }), "Pod", "v1");
    }

    private void Put(string collection, JsonObject item, string kind, string apiVersion)
    {
        (item["kind"], item["apiVersion"], item["metadata"]!["resourceVersion"]) = (kind, apiVersion, Text(++_version));
        var key = $"{collection} {(string)item["metadata"]!["name"]!}";
        var type = _objects.ContainsKey(key) ? "MODIFIED" : "ADDED";
        _objects[key] = item;
        Tell(type, collection, item);
    }

    private void Tell(string type, string collection, JsonObject item)
    {
        var line = $$"""{"type":"{{type}}","object":{{item.ToJsonString()}}}""" + "\n";
        _history.Add((_version, collection, line));
        foreach (var watch in _watches)
        {
            if (watch.Collection == collection) watch.Tell(line);
        }
    }

    private static string? RestartedAt(JsonObject deployment) => (string?)deployment["spec"]?["template"]?["metadata"]?["annotations"]?[RestartPatch.Annotation];

    private static JsonObject Json<T>(T item) => LiveApiServer.Write(item);

    private static void Merge(JsonObject target, JsonObject patch) => LiveApiServer.Merge(target, patch);

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    public static ServerAnswer Refuse(HttpStatusCode code, string? reason = null) =>
        new(code, $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"{{reason ?? code.ToString()}}","code":{{(int)code}},"message":"{{code}}"}""");
}

/// <summary>What the server says.</summary>
internal sealed record ServerAnswer(HttpStatusCode Code, string Body)
{
    /// <summary>What comes after it, in a watch.</summary>
    public ServerWatch? Watch { get; init; }
}
