using System.Text.Json.Nodes;

namespace MeshRoll.Core.ControlPlane.Injectors.Changes;

/// <summary>One place at which two JSON values differ.</summary>
/// <param name="Pointer">The place (RFC 6901).</param>
/// <param name="Before">What stood there; null for nothing.</param>
/// <param name="After">What is to stand there; null for nothing.</param>
internal sealed record JsonDifference(string Pointer, JsonNode? Before, JsonNode? After)
{
    /// <summary>The smallest places that make one value into the other: members of maps and items of lists of one length; selectors as a whole.</summary>
    public static IReadOnlyList<JsonDifference> Between(JsonNode? before, JsonNode? after)
    {
        List<JsonDifference> found = [];
        Collect("", before, after, found);
        return found;
    }

    /// <summary>A pointer's next part.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The pointer as people write it: <c>webhooks[0].clientConfig.service.name</c>, <c>metadata.labels[istio.io/rev]</c>.</summary>
    public string Field
    {
        get
        {
            var text = "";
            foreach (var part in Pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
            {
                text += part.Length > 0 && (part.All(char.IsAsciiDigit) || part.Contains('.', StringComparison.Ordinal) || part.Contains('/', StringComparison.Ordinal)) ? $"[{part}]"
                    : text.Length == 0 ? part : $".{part}";
            }
            return text;
        }
    }

    /// <summary>Puts back what stood there before. A place that is gone meanwhile is left alone.</summary>
    public void TakeBack(JsonNode root)
    {
        var parts = Pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        JsonNode? place = root;
        foreach (var part in parts[..^1])
        {
            place = place switch
            {
                JsonObject map => map[part] ?? (map[part] = new JsonObject()),
                JsonArray list when int.TryParse(part, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }
        if (place is JsonObject parent && Before is null) parent.Remove(parts[^1]);
        else if (place is JsonObject) place[parts[^1]] = Before!.DeepClone();
        else if (place is JsonArray items && int.TryParse(parts[^1], out var at) && at < items.Count) items[at] = Before?.DeepClone();
    }

    private static void Collect(string pointer, JsonNode? before, JsonNode? after, List<JsonDifference> found)
    {
        switch (before, after)
        {
            // A selector means something as a whole only.
            case (JsonObject first, JsonObject second) when !pointer.EndsWith("Selector", StringComparison.Ordinal):
                foreach (var name in first.Select(member => member.Key).Concat(second.Select(member => member.Key)).Distinct(StringComparer.Ordinal))
                    Collect($"{pointer}/{Escape(name)}", first[name], second[name], found);
                break;
            case (JsonArray first, JsonArray second) when first.Count == second.Count:
                for (var index = 0; index < first.Count; index++) Collect($"{pointer}/{index}", first[index], second[index], found);
                break;
            default:
                if (!JsonNode.DeepEquals(before, after)) found.Add(new(pointer, before, after));
                break;
        }
    }
}
