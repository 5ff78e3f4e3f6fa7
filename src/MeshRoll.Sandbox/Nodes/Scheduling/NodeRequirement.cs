using System.Globalization;
using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Scheduling;

/// <summary>One requirement of a node selector term (core/v1 NodeSelectorRequirement).</summary>
/// <param name="Key">A label's key, or a field's path.</param>
/// <param name="Operator">In, NotIn, Exists, DoesNotExist, Gt, Lt.</param>
/// <param name="Values">The values spoken of.</param>
internal sealed record NodeRequirement(string Key, string Operator, IReadOnlyList<string> Values)
{
    /// <summary>Whether a node with this value, or without one, will do.</summary>
    public bool IsMet(string? value) => Operator switch
    {
        "In" => value is not null && Values.Contains(value),
        "NotIn" => value is null || !Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => Compare(value) > 0,
        "Lt" => Compare(value) < 0,
        _ => false,
    };

    internal static NodeRequirement Read(JsonElement element) =>
        new(element.Text("key"), element.Text("operator"), element.Items("values").Select(static value => value.GetString() ?? ""));

    private int Compare(string? value) =>
        Values.Count == 1
        && long.TryParse(value, CultureInfo.InvariantCulture, out var own)
        && long.TryParse(Values[0], CultureInfo.InvariantCulture, out var other) ? own.CompareTo(other) : 0;
}

/// <summary>A way in which a node can be right: all of these must be met.</summary>
/// <param name="Labels">About the node's labels.</param>
/// <param name="Fields">About its fields, of which there is only metadata.name.</param>
internal sealed record NodeTerm(IReadOnlyList<NodeRequirement> Labels, IReadOnlyList<NodeRequirement> Fields)
{
    /// <summary>Whether a node is right in this way. A term without requirements matches nothing.</summary>
    public bool Matches(NodeRoom node) =>
        Labels.Count + Fields.Count > 0
        && Labels.All(requirement => requirement.IsMet(node.Labels.GetValueOrDefault(requirement.Key)))
        && Fields.All(requirement => requirement.Key == "metadata.name" && requirement.IsMet(node.Name));

    internal static NodeTerm Read(JsonElement element) =>
        new(element.Items("matchExpressions").Select(NodeRequirement.Read), element.Items("matchFields").Select(NodeRequirement.Read));
}
