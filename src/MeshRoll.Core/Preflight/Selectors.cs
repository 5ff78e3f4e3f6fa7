using System.Text.Json;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight;

/// <summary>Whether selectors that stand in JSON select labels.</summary>
internal static class Selectors
{
    /// <summary>A selector with matchLabels and matchExpressions; a missing one selects nothing, an empty one all.</summary>
    public static bool Selects(JsonElement selector, IReadOnlyDictionary<string, string> labels) => selector.Is() && SelectorMatch.Selects(
        new LabelSelector
        {
            MatchLabels = selector.Entries("matchLabels").ToDictionary(entry => entry.Key, entry => entry.Value),
            MatchExpressions = [.. selector.Items("matchExpressions").Select(item => new LabelRequirement { Key = item.Text("key") ?? "", Operator = item.Text("operator") ?? "", Values = [.. item.Items("values").Select(value => value.GetString() ?? "")] })],
        },
        labels);

    /// <summary>A Service's selector: labels alone; an empty one selects nothing.</summary>
    public static bool SelectsByMap(JsonElement selector, IReadOnlyDictionary<string, string> labels)
    {
        var wanted = selector.Entries().ToList();
        return wanted.Count > 0 && wanted.TrueForAll(entry => labels.GetValueOrDefault(entry.Key) == entry.Value);
    }
}
