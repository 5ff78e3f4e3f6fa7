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

    // So many pods can restart at once that an hour's events would fill the memory.
    private const int MostKept = 50_000;

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
        var name = $"{about.Name}.{cluster.Simulation.Random.NextInt64(1L << 60):x16}";
        var recorded = new RecordedEvent(EventSubject.Of(about), type, component, reason, message, host, fieldPath, cluster.Now);
        cluster.Create(new(ApiResources.Events, new(ApiResources.Events, @namespace, name, cluster.NewUid(), cluster.Now), recorded.ToPart(), "", null, 0));
        _aging.Enqueue((cluster.Now, @namespace, name));
        return name;
    }

    private void DropOld()
    {
        while (_aging.TryPeek(out var oldest) && (_aging.Count > MostKept || oldest.Made + Kept < cluster.Now))
        {
            _aging.Dequeue();
            if (cluster.Store.Find(ApiResources.Events, oldest.Namespace, oldest.Name) is not { } stored) continue;
            if (_aging.Count < MostKept && stored.ToJson().Time("lastTimestamp") + Kept > cluster.Now) _aging.Enqueue((cluster.Now, oldest.Namespace, oldest.Name));
            else cluster.Store.Remove(stored);
        }
        if (_known.Count > MostRemembered) _known.Clear();
        if (_similar.Count > MostRemembered) _similar.Clear();
    }

    /// <summary>What makes an event the same as another.</summary>
    private readonly record struct EventKey(string Uid, string Component, string Type, string Reason, string Message);

    /// <summary>Messages of events that are otherwise the same.</summary>
    private sealed class Similar
    {
        public List<string> Messages { get; } = new(1);

        public DateTimeOffset Last { get; set; }
    }
}
