using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Selecting;

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
}
