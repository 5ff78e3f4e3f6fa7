using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Workloads;

/// <summary>Whether labels are selected (apimachinery, labels.Requirement.Matches). An unknown operator selects nothing: the server would not have taken it.</summary>
internal static class SelectorMatch
{
    /// <summary>Whether all requirements hold; no selector selects everything, as in a webhook.</summary>
    public static bool Selects(LabelSelector? selector, IReadOnlyDictionary<string, string> labels) =>
        selector is null || (selector.MatchLabels.All(wanted => labels.GetValueOrDefault(wanted.Key) == wanted.Value) && selector.MatchExpressions.All(requirement => Holds(requirement, labels)));

    private static bool Holds(LabelRequirement requirement, IReadOnlyDictionary<string, string> labels)
    {
        var value = labels.GetValueOrDefault(requirement.Key);
        return requirement.Operator switch
        {
            "In" => value is not null && requirement.Values.Contains(value),
            "NotIn" => value is null || !requirement.Values.Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }
}
