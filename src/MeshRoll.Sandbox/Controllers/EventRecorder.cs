using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// Writes events (core/v1) as the components of a cluster do (client-go's tools/record): an event that repeats is counted instead of written again,
/// many that differ only in their message become one, and what is older than an hour is forgotten.
/// </summary>
internal sealed class EventRecorder(Cluster cluster)
{
    // events_cache.go: defaultAggregateMaxEvents, defaultAggregateIntervalInSeconds.
    private const int MostSimilar = 10;
    private const int MostRemembered = 50_000;

    private static readonly TimeSpan SimilarFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Dictionary<EventKey, string> _known = [];
    private readonly Dictionary<EventKey, Similar> _similar = [];
    private readonly Queue<(DateTimeOffset Made, string Namespace, string Name)> _aging = new();

    /// <summary>Whether events are written; a world that has long been running begins without any.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Something ordinary happened.</summary>
    public void Normal(StoredObject about, string component, string reason, string message, string host = "", string fieldPath = "") =>
        Write(about, "Normal", component, reason, message, host, fieldPath);

    /// <summary>Something went wrong.</summary>
    public void Warning(StoredObject about, string component, string reason, string message, string host = "", string fieldPath = "") =>
        Write(about, "Warning", component, reason, message, host, fieldPath);

    private void Write(StoredObject about, string type, string component, string reason, string message, string host, string fieldPath)
    {
        if (!IsOn) return;
        DropOld();
        var @namespace = about.Namespace.Length == 0 ? "default" : about.Namespace;
        if (cluster.Store.Find(ApiResources.Namespaces, "", @namespace) is not { IsDeleting: false }) return;
        try
        {
            var (key, text) = Combine(new(about.Uid, component, type, reason, message));
            if (_known.TryGetValue(key, out var name) && cluster.Store.Find(ApiResources.Events, @namespace, name) is { } known) CountAgain(known, text);
            else _known[key] = Create(about, @namespace, type, component, reason, text, host, fieldPath);
        }
        catch (ApiStatusException)
        {
            // Nobody fails because what he has to say is not taken down.
        }
    }

    /// <summary>The tenth event that differs from others in its message only, and all after it, are one event with the last message.</summary>
    private (EventKey Key, string Message) Combine(EventKey key)
    {
        var family = key with { Message = "" };
        if (!_similar.TryGetValue(family, out var similar) || similar.Last + SimilarFor < cluster.Now) _similar[family] = similar = new();
        similar.Last = cluster.Now;
        if (similar.Messages.Contains(key.Message)) return (key, key.Message);
        if (similar.Messages.Count + 1 >= MostSimilar) return (family, $"(combined from similar events): {key.Message}");
        similar.Messages.Add(key.Message);
        return (key, key.Message);
    }

    private void CountAgain(StoredObject known, string message) => cluster.Write(known, json =>
    {
        json["message"] = message;
        json["count"] = (json.Number("count") ?? 1) + 1;
        json["lastTimestamp"] = JsonAccess.Timestamp(cluster.Now);
    });

    private string Create(StoredObject about, string @namespace, string type, string component, string reason, string message, string host, string fieldPath)
    {
        var now = JsonAccess.Timestamp(cluster.Now);
        var name = $"{about.Name}.{cluster.Simulation.Random.NextInt64(1L << 60):x16}";
        var source = new JsonObject { ["component"] = component };
        if (host.Length > 0) source["host"] = host;
        var involved = new JsonObject { ["kind"] = about.Resource.Kind };
        if (about.Namespace.Length > 0) involved["namespace"] = about.Namespace;
        involved["name"] = about.Name;
        involved["uid"] = about.Uid;
        involved["apiVersion"] = about.Resource.ApiVersion;
        involved["resourceVersion"] = about.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (fieldPath.Length > 0) involved["fieldPath"] = fieldPath;
        cluster.Create(ApiResources.Events, @namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["involvedObject"] = involved,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = source,
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
            ["type"] = type,
            ["eventTime"] = null,
            ["reportingComponent"] = "",
            ["reportingInstance"] = "",
        });
        _aging.Enqueue((cluster.Now, @namespace, name));
        return name;
    }

    private void DropOld()
    {
        while (_aging.TryPeek(out var oldest) && oldest.Made + Kept < cluster.Now)
        {
            _aging.Dequeue();
            if (cluster.Store.Find(ApiResources.Events, oldest.Namespace, oldest.Name) is not { } stored) continue;
            if (stored.ToJson().Time("lastTimestamp") + Kept > cluster.Now) _aging.Enqueue((cluster.Now, oldest.Namespace, oldest.Name));
            else cluster.Delete(stored, new DeleteOptions { GracePeriodSeconds = 0 });
        }
        if (_known.Count > MostRemembered) _known.Clear();
        if (_similar.Count > MostRemembered) _similar.Clear();
    }

    /// <summary>What makes an event the same as another.</summary>
    private readonly record struct EventKey(string Uid, string Component, string Type, string Reason, string Message);

    /// <summary>Messages of events that are otherwise the same.</summary>
    private sealed class Similar
    {
        public HashSet<string> Messages { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset Last { get; set; }
    }
}
