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

    // Lately used ones; of those before as many are still known. client-go remembers 4,096 for each component.
    private const int MostRemembered = 8_192;

    // So many pods can restart at once that an hour's events would fill the memory.
    private const int MostKept = 20_000;

    private static readonly TimeSpan SimilarFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Queue<(DateTimeOffset Made, string Namespace, string Name)> _aging = new();
    private Dictionary<Family, Told> _told = [];
    private Dictionary<Family, Told> _toldBefore = [];

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
            var (said, text) = Recall(new(about.Uid, component, type, reason)).Combine(message, cluster.Now);
            if (said.Event.Length > 0 && cluster.Store.Find(ApiResources.Events, @namespace, said.Event) is { } known) CountAgain(known, text);
            else said.Event = Create(about, @namespace, type, component, reason, text, host, fieldPath);
        }
        catch (ApiStatusException)
        {
            // Nobody fails because what he has to say is not taken down.
        }
    }

    private Told Recall(Family family)
    {
        if (_told.TryGetValue(family, out var told)) return told;
        if (!_toldBefore.Remove(family, out told)) told = new();
        if (_told.Count == MostRemembered) (_told, _toldBefore) = ([], _told);
        return _told[family] = told;
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
    }

    /// <summary>Events that differ in their message only.</summary>
    private readonly record struct Family(string Uid, string Component, string Type, string Reason);

    /// <summary>What was told of a family.</summary>
    private sealed class Told
    {
        private readonly List<Said> _said = new(1);
        private DateTimeOffset _last;
        private Said? _together;

        /// <summary>The tenth event that differs from others in its message only, and all after it, are one event with the last message.</summary>
        /// <returns>What it counts as, and what it says.</returns>
        public (Said Said, string Message) Combine(string message, DateTimeOffset now)
        {
            if (_last + SimilarFor < now)
            {
                if (_said.Count > MostSimilar) _said.Clear();
                foreach (var old in _said) old.IsSimilar = false;
            }
            _last = now;
            var said = _said.Find(said => said.Message == message);
            if (said is { IsSimilar: true }) return (said, message);
            if (_said.Count(other => other.IsSimilar) + 1 >= MostSimilar) return (_together ??= new(""), $"(combined from similar events): {message}");
            if (said is null) _said.Add(said = new(message));
            said.IsSimilar = true;
            return (said, message);
        }
    }

    /// <summary>A message that was told.</summary>
    private sealed class Said(string message)
    {
        public string Message { get; } = message;

        /// <summary>The name of its event; empty until there is one.</summary>
        public string Event { get; set; } = "";

        /// <summary>Whether it counts among those after which they are combined.</summary>
        public bool IsSimilar { get; set; }
    }
}
