using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>What a patch changes, by the object before and after.</summary>
internal static class PatchChanges
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The fields that are different, as far up as there was nothing before.</summary>
    public static IReadOnlyList<MeshFieldChange> Of(JsonObject patch, JsonElement before, JsonElement after)
    {
        List<MeshFieldChange> changes = [];
        Walk(patch, before, after, "");
        return changes;

        void Walk(JsonObject part, JsonElement was, JsonElement becomes, string path)
        {
            foreach (var (name, value) in part)
            {
                var place = path.Length == 0 ? name : name.Contains('.', StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal) ? $"{path}[{name}]" : $"{path}.{name}";
                var (one, other) = (was.At(name), becomes.At(name));
                if (value is JsonObject map && one.ValueKind == JsonValueKind.Object && other.ValueKind == JsonValueKind.Object) Walk(map, one, other, place);
                else if (PatchInverse.IsByName(value))
                {
                    foreach (var item in value!.AsArray().Select(item => item!.AsObject()))
                    {
                        var own = (string?)item["name"];
                        Walk(item, PatchInverse.Named(one, own), PatchInverse.Named(other, own), $"{place}[{own}]");
                    }
                }
                else if (Text(one) is var before && Text(other) is var after && before != after) changes.Add(new(place, before, after));
            }
        }
    }

    private static string Text(JsonElement value) => !value.Is() ? "" : value.ValueKind == JsonValueKind.String ? value.GetString()! : JsonSerializer.Serialize(value, s_plain);
}
