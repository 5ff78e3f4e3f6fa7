using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Objects;

/// <summary>The objects in a list, in their order; what else is in it is passed over. A loop over them takes no memory.</summary>
/// <param name="list">The list; null for none.</param>
internal readonly struct JsonObjects(JsonArray? list) : IEnumerable<JsonObject>
{
    /// <summary>Goes through them.</summary>
    public Enumerator GetEnumerator() => new(list);

    IEnumerator<JsonObject> IEnumerable<JsonObject>.GetEnumerator()
    {
        foreach (var item in this) yield return item;
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<JsonObject>)this).GetEnumerator();

    /// <summary>Goes through the objects in a list.</summary>
    public struct Enumerator(JsonArray? list)
    {
        private int _next;

        /// <summary>The object at hand.</summary>
        public JsonObject Current { get; private set; } = null!;

        /// <summary>Goes on to the next object.</summary>
        public bool MoveNext()
        {
            while (list is not null && _next < list.Count)
            {
                if (list[_next++] is not JsonObject found) continue;
                Current = found;
                return true;
            }
            return false;
        }
    }
}

/// <summary>The entries of a list, in their order.</summary>
/// <param name="list">The list; anything else has none.</param>
internal readonly struct JsonElements(JsonElement list) : IEnumerable<JsonElement>
{
    /// <summary>Goes through them.</summary>
    public JsonElement.ArrayEnumerator GetEnumerator() => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    /// <summary>What each of them says, read at once.</summary>
    public List<T> Select<T>(Func<JsonElement, T> read)
    {
        var all = new List<T>();
        foreach (var entry in this) all.Add(read(entry));
        return all;
    }

    IEnumerator<JsonElement> IEnumerable<JsonElement>.GetEnumerator()
    {
        foreach (var entry in this) yield return entry;
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<JsonElement>)this).GetEnumerator();
}
