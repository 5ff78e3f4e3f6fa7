using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>The patch that takes a patch back: the values that stand now wherever it changes something, and null where nothing stands.</summary>
internal static class PatchInverse
{
    /// <summary>Maps that others write into as well: what they add beside must stay, and they are left out by the server when they are empty.</summary>
    private static readonly string[] s_shared = ["metadata", "annotations", "labels"];

    /// <summary>What brings <paramref name="now"/> back after the patch.</summary>
    public static JsonObject Of(JsonObject patch, JsonElement now)
    {
        JsonObject inverse = [];
        foreach (var (name, value) in patch) inverse[name] = Of(name, value, now.At(name));
        return inverse;
    }

    /// <summary>Whether a list of a patch is merged item by item, each found by its name, as containers are.</summary>
    public static bool IsByName(JsonNode? value) => value is JsonArray { Count: > 0 } list && list.All(item => item is JsonObject map && map["name"] is JsonValue);

    /// <summary>The item of a list that has this name; undefined where none has.</summary>
    public static JsonElement Named(JsonElement list, string? name) => list.Items().FirstOrDefault(item => item.Text("name") == name);

    private static JsonNode? Of(string name, JsonNode? value, JsonElement now)
    {
        if (value is JsonObject map && (now.ValueKind == JsonValueKind.Object || s_shared.Contains(name))) return Of(map, now);
        if (!IsByName(value)) return now.Is() ? JsonSerializer.SerializeToNode(now) : null;
        JsonArray items = [];
        foreach (var item in value!.AsArray().Select(item => item!.AsObject()))
        {
            var own = (string?)item["name"];
            var inverse = Of(item, Named(now, own));
            // The name finds the item and is nothing that changes.
            inverse["name"] = own;
            items.Add((JsonNode)inverse);
        }
        return items;
    }
}
