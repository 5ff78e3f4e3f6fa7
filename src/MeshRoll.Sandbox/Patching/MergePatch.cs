using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Patching;

/// <summary>JSON merge patch (RFC 7396): objects are merged, null removes, everything else replaces.</summary>
internal static class MergePatch
{
    /// <summary>The document with the patch applied; neither argument is changed.</summary>
    public static JsonObject Apply(JsonObject document, JsonObject patch)
    {
        var result = (JsonObject)document.DeepClone();
        Merge(result, patch);
        return result;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
                continue;
            }
            if (value is not JsonObject changes)
            {
                target[name] = value.DeepClone();
                continue;
            }
            // What is no object yet becomes one; merging into it keeps nulls out of it.
            if (target[name] is not JsonObject inner) target[name] = inner = [];
            Merge(inner, changes);
        }
    }
}
