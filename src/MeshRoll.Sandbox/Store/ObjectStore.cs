using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Store;

/// <summary>
/// All objects of a sandbox with their recent history: etcd and the watch cache in one. It keeps what it is given; what may be written is decided
/// before. Touched inside the simulation only; what it hands out may be read anywhere.
/// </summary>
/// <param name="previousVersion">The last version of a store in whose place this one comes: versions never come twice.</param>
internal sealed class ObjectStore(long previousVersion = 0)
{
    private const int ChangesKept = 20_000;

    // A restart makes more of them than of all else together, and who missed some has missed little.
    private const int EventChangesKept = 5_000;

    private readonly Dictionary<ApiResource, Shelf> _shelves = ApiResources.All.ToDictionary(resource => resource, _ => new Shelf());
    private readonly Dictionary<string, StoredObject> _byUid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _owned = new(StringComparer.Ordinal);
    private readonly ObjectWriter _writer = new();

    /// <summary>The version of the last write.</summary>
    public long Version { get; private set; } = Math.Max(1000, previousVersion + 1);

    /// <summary>History up to this version was forgotten by a compaction.</summary>
    public long CompactedUpTo { get; private set; }

    /// <summary>Told of every change, in order, inside the simulation.</summary>
    public event Action<StoreChange>? Changed;

    /// <summary>The object, or null.</summary>
    public StoredObject? Find(ApiResource resource, string @namespace, string name) => Read(resource).Find(@namespace, name);

    /// <summary>The object of a uid, or null.</summary>
    public StoredObject? FindByUid(string uid) => _byUid.GetValueOrDefault(uid);

    /// <summary>All objects of a resource, or those of one namespace, by namespace and name.</summary>
    public IEnumerable<StoredObject> List(ApiResource resource, string? @namespace = null) => Read(resource).List(@namespace);

    /// <summary>All objects of a resource as they were at an earlier version, by namespace and name; null where that is forgotten.</summary>
    public IReadOnlyList<StoredObject>? ListAt(ApiResource resource, long version)
    {
        if (Log(resource).After(version) is not { } link) return null;
        // The first change of each object after the version says what it was at the version.
        var then = List(resource).ToDictionary(stored => (stored.Namespace, stored.Name), stored => (StoredObject?)stored);
        var seen = new HashSet<(string, string)>();
        for (var next = link.NextOrNull; next is not null; next = next.NextOrNull)
        {
            var key = (next.Change.Object.Namespace, next.Change.Object.Name);
            if (seen.Add(key)) then[key] = next.Change.Before;
        }
        return [.. then.Values.OfType<StoredObject>().OrderBy(stored => stored.Namespace, StringComparer.Ordinal).ThenBy(stored => stored.Name, StringComparer.Ordinal)];
    }

    /// <summary>How many objects of a resource there are.</summary>
    public int Count(ApiResource resource) => Read(resource).Count;

    /// <summary>The objects of a resource that name this owner, in a stable order.</summary>
    public IEnumerable<StoredObject> OwnedBy(string uid, ApiResource resource)
    {
        if (!_owned.TryGetValue(uid, out var children)) return [];
        var found = new List<StoredObject>(children.Count);
        foreach (var child in children)
        {
            if (_byUid.TryGetValue(child, out var stored) && stored.Resource == resource) found.Add(stored);
        }
        found.Sort(static (one, other) => string.CompareOrdinal(one.Uid, other.Uid));
        return found;
    }

    /// <summary>All objects that name this owner.</summary>
    public IEnumerable<StoredObject> OwnedBy(string uid) =>
        _owned.TryGetValue(uid, out var children) ? [.. children.Select(child => _byUid.GetValueOrDefault(child)).OfType<StoredObject>().OrderBy(child => child.Uid, StringComparer.Ordinal)] : [];

    /// <summary>The recent changes of a resource.</summary>
    public ChangeLog Log(ApiResource resource) => Read(resource).Log;

    /// <summary>Has somebody called, once, before a resource is read for the first time: he adds then what he has kept back until somebody wants to read it.</summary>
    public void BeforeFirstRead(ApiResource resource, Action add) => _shelves[resource].BeforeFirstRead = add;

    /// <summary>A resource is going to be read: what was kept back until now is added. To be called where <see cref="Version"/> is taken before the objects.</summary>
    public void Open(ApiResource resource)
    {
        var shelf = _shelves[resource];
        if (shelf.BeforeFirstRead is not { } add) return;
        shelf.BeforeFirstRead = null;
        add();
    }

    /// <summary>An object as it would be kept, under the present version.</summary>
    /// <param name="resource">What kind of object it is.</param>
    /// <param name="content">The object; not to be used any more.</param>
    /// <param name="before">The object before; null for a new one.</param>
    public StoredObject Draft(ApiResource resource, JsonObject content, StoredObject? before = null) =>
        _writer.Write(resource, content, Version, before ?? Sibling(resource, content));

    /// <summary>An object as it would be kept with other metadata and, for a pod, with another hostname.</summary>
    public StoredObject DraftMetadata(StoredObject before, JsonObject metadata, string? hostname = null) => _writer.WithMetadata(before, metadata, hostname ?? before.Hostname);

    /// <summary>An object as it would be kept with another status, and, for a pod, on another node.</summary>
    public StoredObject DraftStatus(StoredObject before, Action<JsonObject, Utf8JsonWriter> write, string? nodeName = null) => _writer.WithStatus(before, write, nodeName ?? before.NodeName);

    /// <inheritdoc cref="DraftStatus(StoredObject, Action{JsonObject, Utf8JsonWriter}, string?)"/>
    public StoredObject DraftStatus(StoredObject before, JsonObject status) => _writer.WithStatus(before, status);

    /// <summary>Keeps a new object.</summary>
    public StoredObject Add(StoredObject draft)
    {
        var added = draft.At(++Version);
        _shelves[added.Resource].Put(added);
        _byUid[added.Uid] = added;
        foreach (var owner in added.Owners) Own(owner, added.Uid);
        Tell(new(Version, ChangeType.Added, added, null));
        return added;
    }

    /// <inheritdoc cref="Add(StoredObject)"/>
    public StoredObject Add(ApiResource resource, JsonObject content) => Add(Draft(resource, content));

    /// <summary>Keeps a new version of an object.</summary>
    public StoredObject Replace(StoredObject before, StoredObject draft)
    {
        var after = draft.At(++Version);
        _shelves[before.Resource].Put(after);
        _byUid[after.Uid] = after;
        if (before.Metadata != after.Metadata)
        {
            foreach (var owner in before.Owners.Except(after.Owners)) Disown(owner, after.Uid);
            foreach (var owner in after.Owners.Except(before.Owners)) Own(owner, after.Uid);
        }
        Tell(new(Version, ChangeType.Modified, after, before));
        return after;
    }

    /// <inheritdoc cref="Replace(StoredObject, StoredObject)"/>
    public StoredObject Replace(StoredObject before, JsonObject content) => Replace(before, Draft(before.Resource, content, before));

    /// <summary>Forgets an object; returns its last state under the version of the deletion.</summary>
    public StoredObject Remove(StoredObject before)
    {
        var last = before.At(++Version);
        _shelves[before.Resource].Take(before);
        _byUid.Remove(before.Uid);
        foreach (var owner in before.Owners) Disown(owner, before.Uid);
        Tell(new(Version, ChangeType.Deleted, last, before));
        return last;
    }

    /// <summary>Forgets all history: older versions cannot be watched from any more.</summary>
    public void Compact()
    {
        CompactedUpTo = ++Version;
        foreach (var shelf in _shelves.Values) shelf.Log.Compact(Version);
    }

    private Shelf Read(ApiResource resource)
    {
        Open(resource);
        return _shelves[resource];
    }

    private void Tell(StoreChange change)
    {
        _shelves[change.Object.Resource].Log.Add(change, change.Object.Resource == ApiResources.Events ? EventChangesKept : ChangesKept);
        Changed?.Invoke(change);
    }

    /// <summary>An object of the same owner: the pods of a template have much in common.</summary>
    private StoredObject? Sibling(ApiResource resource, JsonObject content)
    {
        var owner = content.Items("metadata", "ownerReferences").FirstOrDefault().Text("uid");
        if (owner is null || !_owned.TryGetValue(owner, out var children)) return null;
        return _byUid.GetValueOrDefault(children.First()) is { } sibling && sibling.Resource == resource ? sibling : null;
    }

    private void Own(string owner, string child)
    {
        if (!_owned.TryGetValue(owner, out var children)) _owned[owner] = children = new(StringComparer.Ordinal);
        children.Add(child);
    }

    private void Disown(string owner, string child)
    {
        if (!_owned.TryGetValue(owner, out var children)) return;
        children.Remove(child);
        if (children.Count == 0) _owned.Remove(owner);
    }

    /// <summary>The objects of one resource. Looked up and changed all the time, listed seldom: they are put in order only then.</summary>
    private sealed class Shelf
    {
        private readonly SortedList<string, Room> _namespaces = new(StringComparer.Ordinal);

        public ChangeLog Log { get; } = new(0);

        public Action? BeforeFirstRead { get; set; }

        public int Count { get; private set; }

        public StoredObject? Find(string @namespace, string name) =>
            _namespaces.TryGetValue(@namespace, out var room) ? room.Objects.GetValueOrDefault(name) : null;

        /// <summary>By namespace and name.</summary>
        public List<StoredObject> List(string? @namespace)
        {
            var found = new List<StoredObject>(@namespace is null ? Count : 0);
            if (@namespace is null)
            {
                foreach (var room in _namespaces.Values) room.AddTo(found);
            }
            else if (_namespaces.TryGetValue(@namespace, out var room))
            {
                room.AddTo(found);
            }
            return found;
        }

        public void Put(StoredObject stored)
        {
            if (!_namespaces.TryGetValue(stored.Namespace, out var room)) _namespaces[stored.Namespace] = room = new();
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(room.Objects, stored.Name, out var isKnown);
            place = stored;
            if (isKnown) return;
            room.Order = null;
            Count++;
        }

        public void Take(StoredObject stored)
        {
            if (!_namespaces.TryGetValue(stored.Namespace, out var room) || !room.Objects.Remove(stored.Name)) return;
            room.Order = null;
            Count--;
            if (room.Objects.Count == 0) _namespaces.Remove(stored.Namespace);
        }
    }

    /// <summary>The objects of one resource in one namespace.</summary>
    private sealed class Room
    {
        public Dictionary<string, StoredObject> Objects { get; } = new(StringComparer.Ordinal);

        /// <summary>All names in order; null since one came or went.</summary>
        public string[]? Order { get; set; }

        public void AddTo(List<StoredObject> found)
        {
            if (Order is null)
            {
                Order = [.. Objects.Keys];
                Array.Sort(Order, StringComparer.Ordinal);
            }
            foreach (var name in Order) found.Add(Objects[name]);
        }
    }
}
