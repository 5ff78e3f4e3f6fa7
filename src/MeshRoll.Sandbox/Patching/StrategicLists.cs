using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Patching;

/// <summary>Merging lists: plain values form a set, objects are the same where their merge key is.</summary>
internal static class StrategicLists
{
    /// <summary>Merges a list of a patch into the one that is there.</summary>
    /// <exception cref="PatchException">Elements of several types, lists in lists, or an element without its merge key.</exception>
    public static JsonArray Merge(JsonArray original, JsonArray patch, string name, StrategicField field)
    {
        if (original.Count == 0 && patch.Count == 0) return original;
        if (ElementKind(original, patch) != JsonValueKind.Object) return MergeValues(original, patch);
        if (field.MergeKey.Length == 0) throw PatchException.Unclassified($"cannot merge lists without merge key for {name}");

        var live = original.Select(element => element!.DeepClone()).ToList();
        var changes = new List<JsonObject>();
        var isReplaced = false;
        foreach (var element in patch.Cast<JsonObject>())
        {
            if (!element.TryGetPropertyValue(StrategicMergePatch.PatchDirective, out var directive)) changes.Add((JsonObject)element.DeepClone());
            else if (IsReplacement(directive, element)) isReplaced = true;
            else Remove(live, element, field.MergeKey);
        }
        if (isReplaced) return [.. changes];
        foreach (var change in changes) MergeElement(live, (JsonObject)change.DeepClone(), field);
        return StrategicOrder.Arrange([.. live], [.. changes], original, field.MergeKey);
    }

    /// <summary>A list without the values that a patch deletes from it. Objects are deleted by their own directive, so they merge as ever.</summary>
    public static JsonArray Delete(JsonArray original, JsonArray gone, string name, StrategicField field)
    {
        if (original.Count == 0 && gone.Count == 0) return original;
        if (ElementKind(original, gone) == JsonValueKind.Object) return Merge(original, gone, name, field);
        return [.. original.Where(value => !gone.Any(other => JsonNode.DeepEquals(value, other))).Select(value => value?.DeepClone())];
    }

    /// <summary>The value by which an element is known: of an object its merge key, else the element itself.</summary>
    public static JsonNode? Identity(JsonNode? element, string mergeKey)
    {
        if (element is not JsonObject map || mergeKey.Length == 0) return element;
        return map.TryGetPropertyValue(mergeKey, out var key) ? key : throw NoMergeKey(map, mergeKey);
    }

    /// <summary>Whether two elements are the same.</summary>
    public static bool IsSame(JsonNode? one, JsonNode? other, string mergeKey) => JsonNode.DeepEquals(Identity(one, mergeKey), Identity(other, mergeKey));

    private static JsonArray MergeValues(JsonArray original, JsonArray patch)
    {
        var all = new List<JsonNode?>();
        foreach (var value in original.Concat(patch))
        {
            if (!all.Any(known => JsonNode.DeepEquals(known, value))) all.Add(value);
        }
        return StrategicOrder.Arrange([.. all.Select(value => value?.DeepClone())], patch, original, "");
    }

    private static bool IsReplacement(JsonNode? directive, JsonObject element) => PatchText.Of(directive) switch
    {
        "replace" => true,
        "delete" => false,
        "merge" => throw PatchException.Unclassified("merging lists cannot yet be specified in the patch"),
        var other => throw PatchException.Unclassified($"unknown patch type: {other} in map: {PatchText.Of(element)}"),
    };

    private static void Remove(List<JsonNode> live, JsonObject element, string mergeKey)
    {
        var key = Identity(element, mergeKey);
        live.RemoveAll(candidate => HasKey(candidate, mergeKey, key));
    }

    private static void MergeElement(List<JsonNode> live, JsonObject change, StrategicField field)
    {
        var key = Identity(change, field.MergeKey);
        var index = live.FindIndex(candidate => HasKey(candidate, field.MergeKey, key));
        if (index < 0) live.Add(change);
        else live[index] = StrategicMergePatch.MergeObject((JsonObject)live[index], change, field.Type);
    }

    private static bool HasKey(JsonNode candidate, string mergeKey, JsonNode? key) =>
        ((JsonObject)candidate).TryGetPropertyValue(mergeKey, out var own) && JsonNode.DeepEquals(own, key);

    private static JsonValueKind ElementKind(JsonArray original, JsonArray patch)
    {
        var kinds = original.Concat(patch).Select(Kind).Distinct().ToList();
        if (kinds[0] == JsonValueKind.Array) throw PatchException.NotApplicable("lists of lists are not supported");
        if (kinds.Count > 1) throw PatchException.Unclassified($"list element types are not identical: [{PatchText.Of(original)} {PatchText.Of(patch)}]");
        return kinds[0];
    }

    private static JsonValueKind Kind(JsonNode? element) => element?.GetValueKind() switch
    {
        null => JsonValueKind.Null,
        JsonValueKind.False => JsonValueKind.True,
        var kind => kind.Value,
    };

    private static PatchException NoMergeKey(JsonObject element, string mergeKey) =>
        PatchException.Unclassified($"map: {PatchText.Of(element)} does not contain declared merge key: {mergeKey}");
}
