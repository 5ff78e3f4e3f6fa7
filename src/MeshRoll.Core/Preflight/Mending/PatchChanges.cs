using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors.Changes;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>What a patch changes, by the object before and after.</summary>
internal static class PatchChanges
{
    /// <summary>The fields that are different, as far up as there was nothing before.</summary>
    /// <param name="name">The object, such as <c>Deployment/web</c>.</param>
    /// <param name="patch">What of it the patch names.</param>
    /// <param name="before">It before.</param>
    /// <param name="after">It afterwards.</param>
    public static IReadOnlyList<MeshFieldChange> Of(string name, JsonObject patch, JsonElement before, JsonElement after)
    {
        List<MeshFieldChange> changes = [];
        Walk(patch, before, after, "");
        return changes;

        void Walk(JsonObject part, JsonElement was, JsonElement becomes, string path)
        {
            foreach (var (field, value) in part)
            {
                var place = path.Length == 0 ? field : field.Contains('.', StringComparison.Ordinal) || field.Contains('/', StringComparison.Ordinal) ? $"{path}[{field}]" : $"{path}.{field}";
                var (one, other) = (was.At(field), becomes.At(field));
                if (value is JsonObject map && one.ValueKind == JsonValueKind.Object && other.ValueKind == JsonValueKind.Object) Walk(map, one, other, place);
                else if (PatchInverse.IsByName(value))
                {
                    foreach (var item in value!.AsArray().Select(item => item!.AsObject()))
                    {
                        var own = (string?)item["name"];
                        Walk(item, PatchInverse.Named(one, own), PatchInverse.Named(other, own), $"{place}[{own}]");
                    }
                }
                else if (Text(one) is var before && Text(other) is var after && before != after) changes.Add(new(name, place, before, after));
            }
        }
    }

    /// <summary>A change of an object that is named beside.</summary>
    public static string Tell(MeshFieldChange change) => $"{change.Field}: {change.Before ?? "(none)"} -> {change.After ?? "(none)"}";

    private static string? Text(JsonElement value) => !value.Is() ? null : value.ValueKind == JsonValueKind.String ? value.GetString()! : JsonSerializer.Serialize(value, ReadableJson.Options);
}
