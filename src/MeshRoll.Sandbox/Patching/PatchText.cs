using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Patching;

/// <summary>JSON values as Go prints them: the server's messages about patches hold them in this form.</summary>
internal static class PatchText
{
    /// <summary>A value in the form of Go's <c>%v</c>: text bare, maps sorted by key as <c>map[a:1 b:2]</c>, lists as <c>[a b]</c>, null as <c>&lt;nil&gt;</c>.</summary>
    public static string Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return text.ToString();
    }

    /// <summary>The type Go decodes a JSON value into.</summary>
    public static string GoType(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "map[string]interface {}",
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.String => "string",
        JsonValueKind.Number => node.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "float64" : "int64",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "%!s(<nil>)",
    };

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("<nil>");
                break;
            case JsonObject map:
                text.Append("map[");
                var isLater = false;
                foreach (var (name, value) in map.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    if (isLater) text.Append(' ');
                    isLater = true;
                    text.Append(name).Append(':');
                    Write(text, value);
                }
                text.Append(']');
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    if (i > 0) text.Append(' ');
                    Write(text, list[i]);
                }
                text.Append(']');
                break;
            default:
                text.Append(node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString());
                break;
        }
    }
}
