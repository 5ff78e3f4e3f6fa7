using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Patching;

/// <summary>A PATCH request's body: which kind of patch it is, by its Content-Type, and what the server says of one that cannot be read.</summary>
internal static class PatchBody
{
    private const string JsonPatchType = "application/json-patch+json";
    private const string MergePatchType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";

    /// <summary>The media types of patches that a kind takes.</summary>
    public static IReadOnlyList<string> MediaTypesOf(string kind) =>
        StrategicTypes.TryGet(kind, out _) ? [JsonPatchType, MergePatchType, StrategicType] : [JsonPatchType, MergePatchType];

    /// <summary>Applies a body to an object; the object itself is not changed.</summary>
    /// <param name="contentType">The request's Content-Type.</param>
    /// <param name="body">Its body.</param>
    /// <param name="document">The object as it is.</param>
    /// <param name="kind">The object's kind.</param>
    /// <exception cref="PatchException">The type is none that the kind takes, or the patch is malformed or does not fit.</exception>
    public static JsonObject Apply(string contentType, ReadOnlySpan<byte> body, JsonObject document, string kind)
    {
        var mediaType = contentType.Split(';')[0].Trim().ToLowerInvariant();
        if (!MediaTypesOf(kind).Contains(mediaType)) throw PatchException.UnsupportedFormat(kind);
        return mediaType switch
        {
            JsonPatchType => JsonPatch.Apply(document, Operations(Parse(body, "unexpected end of JSON input", "unexpected end of JSON input"))),
            MergePatchType => MergePatch.Apply(document, Changes(body)),
            _ => StrategicMergePatch.Apply(document, Members(Parse(body, "EOF", "unexpected EOF")), kind),
        };
    }

    // What is null in Go is an empty patch.
    private static JsonArray Operations(JsonNode? patch) => patch switch
    {
        null => [],
        JsonArray operations => operations,
        _ => throw PatchException.Malformed($"json: cannot unmarshal {KindName(patch)} into Go value of type jsonpatch.Patch"),
    };

    private static JsonObject Members(JsonNode? patch) => patch switch
    {
        null => [],
        JsonObject members => members,
        _ => throw PatchException.Malformed($"json: cannot unmarshal {KindName(patch)} into Go value of type map[string]interface {{}}"),
    };

    // Of a merge patch the server says no more than this, and blames itself.
    private static JsonObject Changes(ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonNode.Parse(body) is JsonObject changes) return changes;
        }
        catch (JsonException)
        {
        }
        throw PatchException.Unclassified("Invalid JSON Patch");
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> body, string whenEmpty, string whenCut)
    {
        var trimmed = body.TrimStart(" \t\r\n"u8);
        if (trimmed.IsEmpty) throw PatchException.Malformed(whenEmpty);
        var reader = new Utf8JsonReader(trimmed);
        try
        {
            var node = JsonNode.Parse(ref reader);
            if (!trimmed[(int)reader.BytesConsumed..].TrimStart(" \t\r\n"u8).IsEmpty) throw PatchException.Malformed("invalid character after top-level value");
            return node;
        }
        catch (JsonException wrong)
        {
            var at = Offset(trimmed, wrong);
            throw PatchException.Malformed(at >= trimmed.Length ? whenCut : $"invalid character '{(char)trimmed[at]}' looking for beginning of value");
        }
    }

    private static int Offset(ReadOnlySpan<byte> body, JsonException wrong)
    {
        var offset = 0;
        for (var line = wrong.LineNumber ?? 0; line > 0; line--) offset += body[offset..].IndexOf((byte)'\n') + 1;
        return offset + (int)(wrong.BytePositionInLine ?? 0);
    }

    internal static string KindName(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };
}
