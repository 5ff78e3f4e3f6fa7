using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>What must hold of every object's metadata (apimachinery's api/validation).</summary>
internal static class MetadataRules
{
    private const int MostAnnotationBytes = 256 * 1024;

    /// <summary>Everything wrong with an object's metadata; at a change nothing that was so before.</summary>
    public static IEnumerable<FieldError> Check(JsonObject body, JsonObject? before)
    {
        var (metadata, old) = (body["metadata"], before?["metadata"]);
        foreach (var error in Unless(old, metadata, "labels", labels => CheckLabels(labels, "metadata.labels"))) yield return error;
        foreach (var error in Unless(old, metadata, "annotations", CheckAnnotations)) yield return error;
        foreach (var error in Unless(old, metadata, "ownerReferences", CheckOwners)) yield return error;
        foreach (var error in Unless(old, metadata, "finalizers", CheckFinalizers)) yield return error;
        if (old.Text("deletionTimestamp") is null) yield break;

        var added = Texts(metadata.At("finalizers")).Except(Texts(old.At("finalizers"))).ToList();
        if (added.Count > 0)
            yield return Forbidden("metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers {GoText.List(added)}");
    }

    /// <summary>Everything wrong with a map of labels.</summary>
    public static IEnumerable<FieldError> CheckLabels(JsonNode? labels, string path)
    {
        if (labels is not JsonObject entries) yield break;
        foreach (var (key, value) in entries)
        {
            foreach (var wrong in LabelSyntax.KeyErrors(key)) yield return InvalidText(path, key, wrong);
            var text = value?.ToString() ?? "";
            foreach (var wrong in LabelSyntax.ValueErrors(text)) yield return InvalidText(path, text, wrong);
        }
    }

    private static IEnumerable<FieldError> CheckAnnotations(JsonNode? annotations)
    {
        if (annotations is not JsonObject entries) yield break;
        var size = 0;
        foreach (var (key, value) in entries)
        {
            // Keys of annotations may have capitals in their prefix.
            foreach (var wrong in LabelSyntax.KeyErrors(key.ToLowerInvariant())) yield return InvalidText("metadata.annotations", key, wrong);
            size += key.Length + (value?.ToString().Length ?? 0);
        }
        if (size > MostAnnotationBytes) yield return new("metadata.annotations", "FieldValueTooLong", $"Too long: must have at most {MostAnnotationBytes} bytes");
    }

    private static IEnumerable<FieldError> CheckOwners(JsonNode? owners)
    {
        if (owners is not JsonArray list) yield break;
        var controllers = 0;
        foreach (var owner in list.OfType<JsonObject>())
        {
            foreach (var field in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (string.IsNullOrEmpty(owner.Text(field))) yield return InvalidText($"metadata.ownerReferences.{field}", "", field == "apiVersion" ? "version must not be empty" : $"{field} must not be empty");
            }
            if (owner.Flag("controller")) controllers++;
        }
        if (controllers > 1) yield return Invalid("metadata.ownerReferences", "ownerReferences", "Only one reference can have Controller set to true.");
    }

    private static IEnumerable<FieldError> CheckFinalizers(JsonNode? finalizers)
    {
        foreach (var finalizer in Texts(finalizers))
        {
            foreach (var wrong in LabelSyntax.KeyErrors(finalizer)) yield return InvalidText("metadata.finalizers", finalizer, wrong);
        }
    }

    private static IEnumerable<FieldError> Unless(JsonNode? old, JsonNode? metadata, string name, Func<JsonNode?, IEnumerable<FieldError>> check)
    {
        var value = metadata.At(name);
        return value is null || JsonNode.DeepEquals(value, old.At(name)) ? [] : check(value);
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list is JsonArray entries ? entries.Select(entry => entry?.ToString() ?? "") : [];
}
