using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>What must hold of the selector of a workload: it chooses something, chooses the workload's own pods, and never changes.</summary>
internal static class SelectorRules
{
    /// <summary>Everything wrong with <c>spec.selector</c> and the template's labels.</summary>
    /// <param name="workload">The object.</param>
    /// <param name="before">The object before a change.</param>
    /// <param name="noun">What messages call it: <c>deployment</c>.</param>
    public static IEnumerable<FieldError> Check(JsonObject workload, JsonObject? before, string noun)
    {
        var selector = workload.At("spec", "selector") as JsonObject;
        if (selector is null) yield return Required("spec.selector");
        var syntax = CheckSyntax(selector, "spec.selector").ToList();
        foreach (var error in syntax) yield return error;
        if (selector is not null && IsEmpty(selector)) yield return Invalid("spec.selector", GoText.Selector(selector), $"empty selector is invalid for {noun}");
        else if (syntax.Count == 0)
        {
            // No selector is one that chooses nothing, and so not the workload's own pods either.
            var labels = workload.At("spec", "template", "metadata", "labels");
            if (!LabelSelector.From(selector).Matches(labels as JsonObject))
                yield return Invalid("spec.template.metadata.labels", GoText.Map(labels), "`selector` does not match template `labels`");
        }
        if (before is not null && !JsonNode.DeepEquals(before.At("spec", "selector"), selector))
            yield return Invalid("spec.selector", GoText.Selector(selector), Immutable);
    }

    /// <summary>Everything wrong with the form of a selector.</summary>
    public static IEnumerable<FieldError> CheckSyntax(JsonNode? selector, string path)
    {
        foreach (var error in MetadataRules.CheckLabels(selector.At("matchLabels"), $"{path}.matchLabels")) yield return error;
        var index = 0;
        foreach (var expression in selector.Items("matchExpressions"))
        {
            var at = $"{path}.matchExpressions[{index++}]";
            var hasValues = expression["values"] is JsonArray { Count: > 0 };
            switch (expression.Text("operator"))
            {
                case "In" or "NotIn":
                    if (!hasValues) yield return Required($"{at}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                    break;
                case "Exists" or "DoesNotExist":
                    if (hasValues) yield return Forbidden($"{at}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    break;
                default:
                    yield return InvalidText($"{at}.operator", expression.Text("operator") ?? "", "not a valid selector operator");
                    break;
            }
            foreach (var wrong in LabelSyntax.KeyErrors(expression.Text("key") ?? "")) yield return InvalidText($"{at}.key", expression.Text("key") ?? "", wrong);
        }
    }

    /// <summary>Whether a selector would choose everything.</summary>
    public static bool IsEmpty(JsonObject selector) => selector["matchLabels"] is not JsonObject { Count: > 0 } && selector["matchExpressions"] is not JsonArray { Count: > 0 };
}
