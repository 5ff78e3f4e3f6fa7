using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>Selectors out of stored objects. One that is wrong selects nothing, for there is nobody left to complain to.</summary>
internal static class Selectors
{
    /// <summary>Reads a selector (meta/v1 LabelSelector).</summary>
    public static LabelSelector Read(JsonElement selector)
    {
        try
        {
            return LabelSelector.From(selector.ValueKind == JsonValueKind.Object ? JsonObject.Create(selector) : null);
        }
        catch (SelectorException)
        {
            return LabelSelector.Nothing;
        }
    }

    /// <summary>Reads a plain map of labels, such as a Service has; none selects nothing.</summary>
    public static LabelSelector ReadMap(JsonElement labels)
    {
        try
        {
            return labels.ValueKind == JsonValueKind.Object && labels.EnumerateObject().Any() ? LabelSelector.FromMap(JsonObject.Create(labels)) : LabelSelector.Nothing;
        }
        catch (SelectorException)
        {
            return LabelSelector.Nothing;
        }
    }

    /// <summary>Whether a requirement asks for one certain value.</summary>
    extension(LabelRequirement requirement)
    {
        /// <summary>Whether it can only be met by one value of the label.</summary>
        public bool NamesOneValue => requirement.Values.Count == 1 && requirement.Operator is LabelOperator.Equals or LabelOperator.DoubleEquals or LabelOperator.In;
    }

    /// <summary>Whether two versions of an object have the same labels.</summary>
    public static bool SameLabels(StoredObject one, StoredObject other)
    {
        if (one.Labels.Count != other.Labels.Count) return false;
        foreach (var (key, value) in one.Labels)
        {
            if (!other.Labels.TryGetValue(key, out var same) || same != value) return false;
        }
        return true;
    }
}
