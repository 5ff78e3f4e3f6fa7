using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>What a Role or ClusterRole says.</summary>
internal sealed record RoleView : IObjectView<RoleView>
{
    /// <summary>Its rules; of an aggregated role those that were gathered last.</summary>
    public required IReadOnlyList<PolicyRule> Rules { get; init; }

    /// <summary>Which other ClusterRoles' rules it gathers; null when it has rules of its own.</summary>
    public required IReadOnlyList<LabelSelector>? Selectors { get; init; }

    /// <inheritdoc/>
    public static RoleView Read(JsonElement root) => new()
    {
        Rules = root.Items("rules").Select(PolicyRule.Read),
        Selectors = root.At("aggregationRule").ValueKind != JsonValueKind.Object
            ? null
            : [.. root.Items("aggregationRule", "clusterRoleSelectors").Select(Selector).OfType<LabelSelector>()],
    };

    private static LabelSelector? Selector(JsonElement selector)
    {
        try
        {
            return LabelSelector.From(JsonNode.Parse(selector.GetRawText()) as JsonObject);
        }
        catch (SelectorException)
        {
            // A selector nobody understands gathers nothing.
            return null;
        }
    }
}
