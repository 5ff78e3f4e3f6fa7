using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// Writes events (core/v1) as the components of a cluster do (client-go's tools/record): an event that repeats is counted instead of written again,
/// many that differ only in their message become one, and what is older than an hour is forgotten.
/// </summary>
/// <remarks>
/// A rollout makes a dozen events for each pod, and often nobody reads any. They become objects of the cluster only when somebody reads events for the
/// first time; from then on at once.
/// </remarks>
internal sealed class EventRecorder
{
    // events_cache.go: defaultAggregateMaxEvents, defaultAggregateIntervalInSeconds.
    private const int MostSimilar = 10;

    // Lately used ones; of those before as many are still known. client-go remembers 4,096 for each component.
    private const int MostRemembered = 8_192;

    // So many pods can restart at once that an hour's events would fill the memory.
    private const int MostKept = 20_000;

    private static readonly TimeSpan SimilarFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Cluster _cluster;

    // Their names must not depend on whether somebody reads them, nor anybody else's on theirs.
    private readonly Random _chance;
    private readonly Queue<(DateTimeOffset Since, RecordedEvent Event)> _aging = new();
    private bool _isRead;
    private Dictionary<Family, Told> _told = [];
    private Dictionary<Family, Told> _toldBefore = [];

    public EventRecorder(Cluster cluster)
    {
        (_cluster, _chance) = (cluster, new(cluster.Simulation.Random.Next()));
        cluster.Store.BeforeFirstRead(ApiResources.Events, WriteDown);
    }

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
        var subject = EventSubject.Of(about);
        if (!IsHome(subject.Home)) return;
        try
        {
            var (said, text) = Recall(new(about.Uid, component, type, reason)).Combine(message, _cluster.Now);
            if (said.Event is { } known && CountAgain(known, text)) return;
            var recorded = new RecordedEvent(subject, type, component, reason, text, host, fieldPath, _cluster.Now);
            if (_isRead) WriteDown(recorded);
            said.Event = recorded;
            _aging.Enqueue((_cluster.Now, recorded));
        }
        catch (ApiStatusException)
        {
            // Nobody fails because what he has to say is not taken down.
        }
    }

    private bool IsHome(string @namespace) => _cluster.Store.Find(ApiResources.Namespaces, "", @namespace) is { IsDeleting: false };

    private Told Recall(Family family)
    {
        if (_told.TryGetValue(family, out var told)) return told;
        if (!_toldBefore.Remove(family, out told)) told = new();
        if (_told.Count == MostRemembered) (_told, _toldBefore) = ([], _told);
        return _told[family] = told;
    }

    /// <summary>Counts an event once more; false when it is gone.</summary>
    private bool CountAgain(RecordedEvent known, string message)
    {
        if (known.Name.Length == 0)
        {
            if (known.IsForgotten) return false;
            known.Repeat(message, _cluster.Now);
            return true;
        }
        if (_cluster.Store.Find(ApiResources.Events, known.Namespace, known.Name) is not { } stored) return false;
        if (stored.Wish is RecordedEvent recorded)
        {
            _cluster.Write(stored, recorded.Again(message, _cluster.Now));
            return true;
        }
        // Somebody else has written it since.
        _cluster.Write(stored, json =>
        {
            json["message"] = message;
            json["count"] = (json.Number("count") ?? 1) + 1;
            json["lastTimestamp"] = JsonAccess.Timestamp(_cluster.Now);
        });
        return true;
    }

    /// <summary>Somebody is about to read events.</summary>
    private void WriteDown()
    {
        DropOld();
        _isRead = true;
        foreach (var (_, recorded) in _aging.ToArray())
        {
            try
            {
                if (IsHome(recorded.Namespace)) WriteDown(recorded);
                else recorded.IsForgotten = true;
            }
            catch (ApiStatusException)
            {
                recorded.IsForgotten = true;
            }
        }
    }

    private void WriteDown(RecordedEvent recorded)
    {
        var name = $"{recorded.Subject}.{_chance.NextInt64(1L << 60):x16}";
        _cluster.Create(new(ApiResources.Events, new(ApiResources.Events, recorded.Namespace, name, Cluster.NewUid(_chance), recorded.First), recorded, "", null, 0));
        recorded.Name = name;
    }

    private void DropOld()
    {
        while (_aging.TryPeek(out var oldest) && (_aging.Count > MostKept || oldest.Since + Kept < _cluster.Now))
        {
            _aging.Dequeue();
            var recorded = oldest.Event;
            var stored = recorded.Name.Length == 0 ? null : _cluster.Store.Find(ApiResources.Events, recorded.Namespace, recorded.Name);
            if (recorded.IsForgotten || (recorded.Name.Length > 0 && stored is null)) continue;
            var last = stored is null ? recorded.Last : stored.ToJson().Time("lastTimestamp");
            if (_aging.Count < MostKept && last + Kept > _cluster.Now) _aging.Enqueue((_cluster.Now, recorded));
            else if (stored is null) recorded.IsForgotten = true;
            else _cluster.Store.Remove(stored);
        }
    }

    /// <summary>Events that differ in their message only.</summary>
    private readonly record struct Family(string Uid, string Component, string Type, string Reason);

    /// <summary>What was told of a family.</summary>
    private sealed class Told
    {
        private DateTimeOffset _last;
        private Said? _latest;
        private Said? _together;

        /// <summary>The tenth event that differs from others in its message only, and all after it, are one event with the last message.</summary>
        /// <returns>What it counts as, and what it says.</returns>
        public (Said Said, string Message) Combine(string message, DateTimeOffset now)
        {
            if (_last + SimilarFor < now) BeginAnew();
            _last = now;
            Said? said = null;
            var similar = 0;
            for (var other = _latest; other is not null; other = other.Before)
            {
                if (other.Message == message) said = other;
                if (other.IsSimilar) similar++;
            }
            if (said is { IsSimilar: true }) return (said, message);
            if (similar + 1 >= MostSimilar) return (_together ??= new("", null), $"(combined from similar events): {message}");
            said ??= _latest = new(message, _latest);
            said.IsSimilar = true;
            return (said, message);
        }

        private void BeginAnew()
        {
            var count = 0;
            for (var old = _latest; old is not null; old = old.Before)
            {
                old.IsSimilar = false;
                count++;
            }
            if (count > MostSimilar) _latest = null;
        }
    }

    /// <summary>A message that was told, and the one before it: most families have a single one.</summary>
    private sealed class Said(string message, Said? before)
    {
        public string Message { get; } = message;

        public Said? Before { get; } = before;

        /// <summary>Its event; null until there is one.</summary>
        public RecordedEvent? Event { get; set; }

        /// <summary>Whether it counts among those after which they are combined.</summary>
        public bool IsSimilar { get; set; }
    }
}
