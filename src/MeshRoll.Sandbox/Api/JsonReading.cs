using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Api;

/// <summary>
/// Reads JSON from a client as the real server does: of a member that comes twice the last one counts, where <see cref="JsonNode.Parse(ReadOnlySpan{byte}, JsonNodeOptions?, JsonDocumentOptions)"/>
/// would fail much later.
/// </summary>
internal static class JsonReading
{
    /// <summary>The document.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonNode? Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Node(document.RootElement);
    }

    /// <summary>Takes out all members that are null: to the API's built-in types they are the same as missing ones.</summary>
    public static void DropNulls(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject parent:
                foreach (var (name, value) in parent.ToList())
                {
                    if (value is null) parent.Remove(name);
                    else DropNulls(value);
                }
                break;
            case JsonArray list:
                foreach (var element in list) DropNulls(element);
                break;
        }
    }

    private static JsonNode? Node(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var parent = new JsonObject();
                foreach (var member in element.EnumerateObject()) parent[member.Name] = Node(member.Value);
                return parent;
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (var entry in element.EnumerateArray()) list.Add(Node(entry));
                return list;
            case JsonValueKind.String: return JsonValue.Create(element.GetString());
            case JsonValueKind.Number: return element.TryGetInt64(out var number) ? JsonValue.Create(number) : JsonValue.Create(element.Clone());
            case JsonValueKind.True: return JsonValue.Create(true);
            case JsonValueKind.False: return JsonValue.Create(false);
            default: return null;
        }
    }
}
