using System.Text.Json;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight;

/// <summary>Selectors that stand in JSON.</summary>
internal static class Selectors
{
    /// <summary>Whether a selector with matchLabels and matchExpressions selects labels; a missing one selects nothing, an empty one all.</summary>
    public static bool Selects(JsonElement selector, IReadOnlyDictionary<string, string> labels) => selector.Is() && SelectorMatch.Selects(Of(selector), labels);

    /// <summary>A selector with matchLabels and matchExpressions.</summary>
    public static LabelSelector Of(JsonElement selector) => new()
    {
        MatchLabels = selector.Entries("matchLabels").ToDictionary(entry => entry.Key, entry => entry.Value),
        MatchExpressions = [.. selector.Items("matchExpressions").Select(item => new LabelRequirement { Key = item.Text("key") ?? "", Operator = item.Text("operator") ?? "", Values = [.. item.Items("values").Select(value => value.GetString() ?? "")] })],
    };

    /// <summary>A Service's selector: labels alone.</summary>
    public static LabelSelector OfMap(JsonElement selector) => new() { MatchLabels = selector.Entries().ToDictionary(entry => entry.Key, entry => entry.Value) };
}
