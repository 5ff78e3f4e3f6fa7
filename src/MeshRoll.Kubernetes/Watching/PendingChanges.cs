using System.Diagnostics.CodeAnalysis;

namespace MeshRoll.Kubernetes.Watching;

/// <summary>Namespace and name of an object.</summary>
internal readonly record struct CacheKey(string Namespace, string Name);

/// <summary>
/// What one reader has not seen yet: at most one entry per object, so that a slow reader costs no more memory than the objects it knows
/// and those there are. Two changes of one object become one; a deletion of something the reader knows is never lost.
/// Not safe for several threads: its reader locks.
/// </summary>
internal sealed class PendingChanges<T> where T : class
{
    private readonly LinkedList<Change> _order = new();
    private readonly Dictionary<CacheKey, LinkedListNode<Change>> _byKey = [];
    private LinkedListNode<Change>? _link;
    private bool _saidInterrupted;

    /// <summary>Whether there is nothing to see.</summary>
    public bool IsEmpty => _order.Count == 0;

    /// <summary>An object is new to the cache.</summary>
    public void Added(CacheKey key, T item)
    {
        if (_byKey.TryGetValue(key, out var node)) node.Value.Added(item);
        else Append(new(key, CacheEventType.Added, item));
    }

    /// <summary>An object changed.</summary>
    public void Modified(CacheKey key, T item)
    {
        if (_byKey.TryGetValue(key, out var node)) node.Value.Modified(item);
        else Append(new(key, CacheEventType.Modified, item));
    }

    /// <summary>An object is gone.</summary>
    public void Deleted(CacheKey key, T last)
    {
        if (!_byKey.TryGetValue(key, out var node)) Append(new(key, CacheEventType.Deleted, last));
        else if (!node.Value.Deleted(last)) Remove(node);
    }

    /// <summary>The server is out of reach.</summary>
    public void Interrupted(string why)
    {
        if (_link is not null) Remove(_link);
        if (!_saidInterrupted) _link = _order.AddLast(new Change(default, CacheEventType.Interrupted, null) { Detail = why });
    }

    /// <summary>The server is back.</summary>
    public void Resumed()
    {
        if (_link is not null) Remove(_link);
        if (_saidInterrupted) _link = _order.AddLast(new Change(default, CacheEventType.Resumed, null));
    }

    /// <summary>Takes the oldest news.</summary>
    public bool TryTake(out CacheEvent<T> news)
    {
        news = default;
        if (_order.First is not { } node) return false;

        var change = node.Value;
        if (change.Successor is { } successor)
        {
            news = new(CacheEventType.Deleted, change.Item);
            change.Become(CacheEventType.Added, successor);
            return true;
        }
        if (node == _link) _saidInterrupted = change.Type == CacheEventType.Interrupted;
        news = new(change.Type, change.Item, change.Detail);
        Remove(node);
        return true;
    }

    private void Append(Change change) => _byKey.Add(change.Key, _order.AddLast(change));

    private void Remove(LinkedListNode<Change> node)
    {
        _order.Remove(node);
        if (node == _link) _link = null;
        else _byKey.Remove(node.Value.Key);
    }

    /// <summary>One object's change. Deleted with a successor means: gone, and another of that name came.</summary>
    private sealed class Change(CacheKey key, CacheEventType type, T? item)
    {
        public CacheKey Key { get; } = key;

        public CacheEventType Type { get; private set; } = type;

        public T? Item { get; private set; } = item;

        public T? Successor { get; private set; }

        public string? Detail { get; init; }

        [MemberNotNull(nameof(Item))]
        public void Become(CacheEventType type, T item)
        {
            Type = type;
            Item = item;
            Successor = null;
        }

        public void Added(T item)
        {
            if (Type == CacheEventType.Deleted) Successor = item;
            else Item = item;
        }

        public void Modified(T item)
        {
            if (Successor is not null) Successor = item;
            else Item = item;
        }

        /// <summary>False when nothing remains to be said: the reader never knew the object.</summary>
        public bool Deleted(T last)
        {
            if (Type == CacheEventType.Added) return false;
            // What the reader knows is the predecessor: its deletion is what counts, the successor came and went unseen.
            if (Successor is not null) Successor = null;
            else Become(CacheEventType.Deleted, last);
            return true;
        }
    }
}
