using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>Values as the server's messages hold them: printed by Go with <c>%#v</c>.</summary>
internal static class GoText
{
    /// <summary>A map of texts: <c>map[string]string{"app":"web"}</c>.</summary>
    public static string Map(JsonNode? map) => map is JsonObject { Count: > 0 } entries
        ? $"map[string]string{{{string.Join(", ", entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{LabelSyntax.Quoted(entry.Key)}:{LabelSyntax.Quoted(entry.Value?.ToString() ?? "")}"))}}}"
        : "map[string]string(nil)";

    /// <summary>A list of texts.</summary>
    public static string List(IEnumerable<string> texts) => $"[]string{{{string.Join(", ", texts.Select(LabelSyntax.Quoted))}}}";

    /// <summary>A label selector.</summary>
    public static string Selector(JsonNode? selector)
    {
        var expressions = selector.Items("matchExpressions").Select(Requirement).ToList();
        var list = expressions.Count == 0 ? "[]v1.LabelSelectorRequirement(nil)" : $"[]v1.LabelSelectorRequirement{{{string.Join(", ", expressions)}}}";
        return $"v1.LabelSelector{{MatchLabels:{Map(selector.At("matchLabels"))}, MatchExpressions:{list}}}";
    }

    /// <summary>A number or a percentage (intstr.IntOrString).</summary>
    public static string IntOrString(JsonNode? value) => value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String
        ? $"intstr.IntOrString{{Type:1, IntVal:0, StrVal:{LabelSyntax.Quoted(value.ToString())}}}"
        : $"intstr.IntOrString{{Type:0, IntVal:{value?.ToString() ?? "0"}, StrVal:\"\"}}";

    private static string Requirement(JsonObject expression)
    {
        var values = expression["values"] is JsonArray { Count: > 0 } list ? List(list.Select(value => value?.ToString() ?? "")) : "[]string(nil)";
        return $"v1.LabelSelectorRequirement{{Key:{LabelSyntax.Quoted(expression.Text("key") ?? "")}, Operator:{LabelSyntax.Quoted(expression.Text("operator") ?? "")}, Values:{values}}}";
    }
}
