using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Workloads;

/// <summary>A workload's selector as the text that lists take (Kubernetes documentation, "Labels and Selectors").</summary>
internal static class SelectorText
{
    /// <summary><c>app=web,tier in (a,b),!canary</c>. An empty selector gives an empty text, which selects everything.</summary>
    public static string Of(LabelSelector selector) => string.Join(',', selector.MatchLabels.Select(label => $"{label.Key}={label.Value}").Concat(selector.MatchExpressions.Select(Requirement)));

    private static string Requirement(LabelRequirement requirement) => requirement.Operator switch
    {
        "Exists" => requirement.Key,
        "DoesNotExist" => $"!{requirement.Key}",
        "NotIn" => $"{requirement.Key} notin ({string.Join(',', requirement.Values)})",
        _ => $"{requirement.Key} in ({string.Join(',', requirement.Values)})",
    };
}
