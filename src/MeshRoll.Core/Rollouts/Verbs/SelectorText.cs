using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>Writes a workload's selector in the syntax of queries.</summary>
internal static class SelectorText
{
    /// <summary>The text; null for a selector that selects everything.</summary>
    public static string? Of(LabelSelector selector)
    {
        List<string> requirements = [.. selector.MatchLabels.Select(label => $"{label.Key}={label.Value}"), .. selector.MatchExpressions.Select(Text)];
        return requirements.Count == 0 ? null : string.Join(',', requirements);
    }

    private static string Text(LabelRequirement requirement) => requirement.Operator switch
    {
        "In" => $"{requirement.Key} in ({string.Join(',', requirement.Values)})",
        "NotIn" => $"{requirement.Key} notin ({string.Join(',', requirement.Values)})",
        "DoesNotExist" => $"!{requirement.Key}",
        _ => requirement.Key,
    };
}
