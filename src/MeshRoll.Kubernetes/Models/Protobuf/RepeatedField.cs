using System.Diagnostics.CodeAnalysis;

namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Gathers the values of a repeated field into an array of exactly their number.</summary>
internal struct RepeatedField<T>
{
    private T[]? _items;
    private int _count;

    /// <summary>Appends a value.</summary>
    public void Add(T item)
    {
        _items ??= new T[4];
        if (_count == _items.Length) Array.Resize(ref _items, _count * 2);
        _items[_count++] = item;
    }

    /// <summary>What was gathered.</summary>
    [SuppressMessage("Performance", "CA1859", Justification = "Models hold the interface.")]
    public readonly IReadOnlyList<T> ToList() => _count == 0 ? [] : _count == _items!.Length ? _items : _items[.._count];

    /// <summary>What was gathered, in place.</summary>
    public readonly ReadOnlySpan<T> AsSpan() => _items.AsSpan(0, _count);
}

/// <summary>Gathers the entries of a map field.</summary>
internal struct MapField
{
    private RepeatedField<KeyValuePair<string, string>> _entries;

    /// <summary>Adds the entry <paramref name="reader"/> is at.</summary>
    public void Add(ref ProtobufReader reader, bool valuesRepeat = true)
    {
        var entry = reader.MapEntry(valuesRepeat);
        if (StringMap.IsKept(entry.Key)) _entries.Add(entry);
    }

    /// <summary>What was gathered.</summary>
    public readonly IReadOnlyDictionary<string, string> ToMap() => StringMap.Of(_entries.AsSpan());
}
