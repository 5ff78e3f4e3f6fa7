using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MeshRoll.Kubernetes.Models;

/// <summary>
/// Labels or annotations in one array: a quarter of a dictionary's memory, and at a handful of entries as fast to search.
/// </summary>
internal sealed class StringMap : IReadOnlyDictionary<string, string>
{
    private const int SearchInOrder = 16;

    private readonly KeyValuePair<string, string>[] _entries;

    private StringMap(KeyValuePair<string, string>[] entries) => _entries = entries;

    /// <summary>A map of these entries; of equal keys the last counts, as in every reader of the API.</summary>
    public static IReadOnlyDictionary<string, string> Of(ReadOnlySpan<KeyValuePair<string, string>> entries)
    {
        if (entries.IsEmpty) return Empty.Map;

        var copy = entries.ToArray();
        // The server writes maps in order of their keys, so there is nothing to do as a rule.
        for (var i = 1; i < copy.Length; i++)
        {
            if (string.CompareOrdinal(copy[i - 1].Key, copy[i].Key) >= 0) return new StringMap(Ordered(copy));
        }
        return new StringMap(copy);
    }

    /// <summary>Whether an entry is worth keeping: kubectl's copy of the whole object is as big as the object, and nobody here reads it.</summary>
    public static bool IsKept(string key) => key != "kubectl.kubernetes.io/last-applied-configuration";

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no \"{key}\".");

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Select(entry => entry.Key);

    /// <inheritdoc/>
    public IEnumerable<string> Values => _entries.Select(entry => entry.Value);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        var index = _entries.Length <= SearchInOrder ? IndexInOrder(key) : IndexByHalves(key);
        value = index >= 0 ? _entries[index].Value : null;
        return index >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_entries).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static KeyValuePair<string, string>[] Ordered(KeyValuePair<string, string>[] entries)
    {
        if (entries.Length <= SearchInOrder) return OrderedInPlace(entries);
        var last = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries) last[key] = value;
        return [.. last];
    }

    private static KeyValuePair<string, string>[] OrderedInPlace(KeyValuePair<string, string>[] entries)
    {
        var count = 0;
        foreach (var entry in entries)
        {
            var place = count;
            while (place > 0 && string.CompareOrdinal(entries[place - 1].Key, entry.Key) > 0) place--;
            if (place > 0 && entries[place - 1].Key == entry.Key)
            {
                entries[place - 1] = entry;
                continue;
            }
            Array.Copy(entries, place, entries, place + 1, count++ - place);
            entries[place] = entry;
        }
        return count == entries.Length ? entries : entries[..count];
    }

    private int IndexInOrder(string key)
    {
        for (var i = 0; i < _entries.Length; i++)
        {
            if (string.Equals(_entries[i].Key, key)) return i;
        }
        return -1;
    }

    private int IndexByHalves(string key)
    {
        int low = 0, high = _entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_entries[middle].Key, key);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }
}
