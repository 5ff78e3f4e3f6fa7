using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Patching;

/// <summary>A place in a document (RFC 6901), found as the container that holds it and the key within.</summary>
internal readonly record struct JsonPointer(JsonNode Container, string Key)
{
    /// <summary>Walks to the container of a path; null where a step on the way is missing. The document itself has no container, so the empty path finds nothing.</summary>
    public static JsonPointer? Find(JsonObject document, string path)
    {
        if (!path.StartsWith('/')) return null;

        var steps = path[1..].Split('/');
        JsonNode at = document;
        foreach (var step in steps[..^1])
        {
            if (Child(at, Unescape(step)) is not { } next || next is JsonValue) return null;
            at = next;
        }
        return new(at, Unescape(steps[^1]));
    }

    /// <summary>Whether the place exists, and what it holds: null is a value as well.</summary>
    public bool TryGet(out JsonNode? value)
    {
        value = null;
        if (Container is JsonObject map) return map.TryGetPropertyValue(Key, out value);
        var list = (JsonArray)Container;
        if (!TryIndex(Key, list.Count, out var index)) return false;
        value = list[index];
        return true;
    }

    /// <summary>Puts a member into an object, or an element before the one at this index; <c>-</c> appends.</summary>
    /// <returns>False when the index is none.</returns>
    public bool TryAdd(JsonNode? value)
    {
        if (Container is JsonObject map)
        {
            map[Key] = value;
            return true;
        }
        var list = (JsonArray)Container;
        var index = list.Count;
        if (Key != "-" && !TryIndex(Key, list.Count + 1, out index)) return false;
        list.Insert(index, value);
        return true;
    }

    /// <summary>Puts the value in the place of what is there. A missing member of an object is added: the real server's library does so too.</summary>
    /// <returns>False when the index is none.</returns>
    public bool TryReplace(JsonNode? value)
    {
        if (Container is JsonObject map)
        {
            map[Key] = value;
            return true;
        }
        var list = (JsonArray)Container;
        if (!TryIndex(Key, list.Count, out var index)) return false;
        list[index] = value;
        return true;
    }

    /// <summary>Takes the value out.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryRemove()
    {
        if (Container is JsonObject map) return map.Remove(Key);
        var list = (JsonArray)Container;
        if (!TryIndex(Key, list.Count, out var index)) return false;
        list.RemoveAt(index);
        return true;
    }

    private static JsonNode? Child(JsonNode at, string key) => at switch
    {
        JsonObject map => map[key],
        JsonArray list when TryIndex(key, list.Count, out var index) => list[index],
        _ => null,
    };

    // Negative indices count from the end; not in the RFC, but the server takes them.
    private static bool TryIndex(string key, int count, out int index)
    {
        if (!int.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index)) return false;
        if (index < 0) index += count;
        return index >= 0 && index < count;
    }

    // ~1 first: ~01 means the two characters ~1.
    private static string Unescape(string step) => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
