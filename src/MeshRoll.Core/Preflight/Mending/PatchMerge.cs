using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>Makes one patch of several of the same object, so that its pods are made anew once.</summary>
internal static class PatchMerge
{
    /// <summary>Adds a patch to another; or gives the field in which they want different things, and adds nothing. Of two numbers the greater is meant: both are a least time or count.</summary>
    public static string? Add(JsonObject to, JsonObject patch)
    {
        if (Conflict(to, patch, "") is { } conflict) return conflict;
        Merge(to, patch);
        return null;
    }

    private static string? Conflict(JsonObject one, JsonObject other, string path)
    {
        foreach (var (name, value) in other)
        {
            if (name == "name" || !one.TryGetPropertyValue(name, out var there)) continue;
            var place = path.Length == 0 ? name : $"{path}.{name}";
            var conflict = (there, value) switch
            {
                (JsonObject a, JsonObject b) => Conflict(a, b, place),
                _ when PatchInverse.IsByName(there) && PatchInverse.IsByName(value) => value!.AsArray().Select(item => item!.AsObject())
                    .Select(item => Find(there!.AsArray(), item) is { } same ? Conflict(same, item, $"{place}[{item["name"]}]") : null).FirstOrDefault(found => found is not null),
                _ when IsNumber(there) && IsNumber(value) => null,
                _ => JsonNode.DeepEquals(there, value) ? null : place,
            };
            if (conflict is not null) return conflict;
        }
        return null;
    }

    private static void Merge(JsonObject to, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            var there = to[name];
            if (there is JsonObject map && value is JsonObject more) Merge(map, more);
            else if (PatchInverse.IsByName(there) && PatchInverse.IsByName(value)) MergeItems(there!.AsArray(), value!.AsArray());
            else if (!IsNumber(there) || !IsNumber(value) || Number(value!) > Number(there!)) to[name] = value?.DeepClone();
        }
    }

    private static void MergeItems(JsonArray to, JsonArray items)
    {
        foreach (var item in items.Select(item => item!.AsObject()))
        {
            if (Find(to, item) is { } same) Merge(same, item);
            else to.Add(item.DeepClone());
        }
    }

    private static JsonObject? Find(JsonArray list, JsonObject like) => list.Select(item => item!.AsObject()).FirstOrDefault(item => (string?)item["name"] == (string?)like["name"]);

    // Whatever the type it was made of: a node of an int gives no decimal.
    private static decimal Number(JsonNode value) => decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool IsNumber(JsonNode? value) => value is JsonValue && value.GetValueKind() == JsonValueKind.Number;
}
