using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Patching;

/// <summary>
/// Strategic merge patch: a merge patch that knows which lists are keyed, with the directives <c>$patch</c>, <c>$retainKeys</c>,
/// <c>$deleteFromPrimitiveList/…</c> and <c>$setElementOrder/…</c>. The rules are those of apimachinery's strategicpatch package.
/// </summary>
internal static class StrategicMergePatch
{
    internal const string PatchDirective = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList";
    private const string SetElementOrder = "$setElementOrder";

    /// <summary>The document with the patch applied; neither argument is changed.</summary>
    /// <param name="document">The object as it is.</param>
    /// <param name="patch">What is to change.</param>
    /// <param name="kind">The object's kind, whose merge keys count.</param>
    /// <exception cref="PatchException">The patch is malformed, or the kind is no built-in one.</exception>
    public static JsonObject Apply(JsonObject document, JsonObject patch, string kind)
    {
        if (!StrategicTypes.TryGet(kind, out var type)) throw PatchException.UnsupportedFormat(kind);
        var result = MergeObject((JsonObject)document.DeepClone(), (JsonObject)patch.DeepClone(), type);
        DropLeftovers(result);
        return result;
    }

    /// <summary>Merges a patch into an object. Both are used up: the result takes what it needs out of them.</summary>
    internal static JsonObject MergeObject(JsonObject original, JsonObject patch, StrategicType type)
    {
        if (patch.TryGetPropertyValue(PatchDirective, out var directive)) return ReplacedOrDeleted(directive, patch);
        KeepOnlyRetained(original, patch);
        ApplyElementOrders(original, patch, type);
        foreach (var (name, value) in Taken(patch))
        {
            if (IsDirective(name, DeleteFromPrimitiveList)) DeleteValues(original, name, value, type);
            else MergeMember(original, name, value, type[name]);
        }
        return original;
    }

    /// <summary>A value as it is added where nothing was: without the directives in it, and without the nulls.</summary>
    /// <returns>False when the value is itself marked by a directive and nothing is to be added.</returns>
    internal static bool TryAdded(JsonNode? value, out JsonNode? added)
    {
        added = value;
        if (value is JsonObject map)
        {
            if (map.ContainsKey(PatchDirective)) return false;
            foreach (var (name, member) in map.ToList())
            {
                if (member is null || !TryAdded(member, out _)) map.Remove(name);
            }
        }
        if (value is JsonArray list)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (!TryAdded(list[i], out _)) list.RemoveAt(i);
            }
        }
        return true;
    }

    private static void MergeMember(JsonObject original, string name, JsonNode? value, StrategicField field)
    {
        if (value is null)
        {
            original.Remove(name);
            return;
        }
        switch (original[name], value)
        {
            case (JsonObject map, JsonObject changes) when field.Strategy != StrategicStrategy.Replace:
                Set(original, name, MergeObject(map, changes, field.Type));
                break;
            case (JsonArray list, JsonArray changes) when field.Strategy == StrategicStrategy.Merge:
                Set(original, name, StrategicLists.Merge(list, changes, name, field));
                break;
            case (JsonObject, JsonObject) or (JsonArray, JsonArray):
                Set(original, name, value);
                break;
            default:
                if (TryAdded(value, out var added)) Set(original, name, added);
                else original.Remove(name);
                break;
        }
    }

    // The list in the place of the order named in the patch; the rest of the patch finds it done.
    private static void ApplyElementOrders(JsonObject original, JsonObject patch, StrategicType type)
    {
        foreach (var (directive, value) in patch.Where(member => IsDirective(member.Key, SetElementOrder)).ToList())
        {
            patch.Remove(directive);
            var order = Expect<JsonArray>(value, "[]interface {}");
            var name = NameIn(directive, "invalid patch format of setElementOrder list");
            var field = type[name];
            var live = original[name] is { } before ? Expect<JsonArray>(before, "[]interface {}") : null;
            var changes = patch[name] is { } after ? Expect<JsonArray>(after, "[]interface {}") : null;
            StrategicOrder.CheckAgainst(order, changes, field.MergeKey);
            if (live is null && changes is null) continue;

            patch.Remove(name);
            var merged = (live, changes) switch
            {
                (null, _) => TryAdded(changes, out var added) ? (JsonArray)added! : [],
                (_, null) => (JsonArray)live.DeepClone(),
                _ when field.Strategy == StrategicStrategy.Merge => StrategicLists.Merge((JsonArray)live.DeepClone(), changes!, name, field),
                _ => changes!,
            };
            Set(original, name, StrategicOrder.Arrange(merged, order, live ?? [], field.MergeKey));
        }
    }

    private static void DeleteValues(JsonObject original, string directive, JsonNode? value, StrategicType type)
    {
        var name = NameIn(directive, "invalid patch format of primitive list");
        if (value is null || original[name] is not JsonArray list) return;
        var field = type[name];
        if (value is JsonArray gone) Set(original, name, StrategicLists.Delete(list, gone, name, field));
    }

    private static void KeepOnlyRetained(JsonObject original, JsonObject patch)
    {
        if (!patch.Remove(RetainKeys, out var directive)) return;

        const string Wrong = "invalid patch format of retainKeys";
        if (directive is not JsonArray names) throw PatchException.Malformed(Wrong);
        var retained = names.Where(name => name?.GetValueKind() == JsonValueKind.String).Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in patch)
        {
            var isDirective = IsDirective(name, DeleteFromPrimitiveList) || IsDirective(name, SetElementOrder);
            if (value is not null && !isDirective && !retained.Contains(name)) throw PatchException.Malformed(Wrong);
        }
        foreach (var name in original.Select(member => member.Key).Where(name => !retained.Contains(name)).ToList()) original.Remove(name);
    }

    private static JsonObject ReplacedOrDeleted(JsonNode? directive, JsonObject patch)
    {
        switch (PatchText.Of(directive))
        {
            case "delete": return [];
            case "replace":
                patch.Remove(PatchDirective);
                return patch;
            case var other: throw PatchException.Unclassified($"unknown patch type: {other} in map: {PatchText.Of(patch)}");
        }
    }

    // The server decodes what was merged into the API's types, where nulls and directives in new elements get lost; here nothing is decoded.
    private static void DropLeftovers(JsonNode node)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, member) in map.ToList())
            {
                if (member is null || IsAnyDirective(name)) map.Remove(name);
                else DropLeftovers(member);
            }
        }
        if (node is JsonArray list)
        {
            foreach (var element in list)
            {
                if (element is not null) DropLeftovers(element);
            }
        }
    }

    // Every member, each without a parent, so that it can be put elsewhere.
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Taken(JsonObject patch)
    {
        foreach (var member in patch.ToList())
        {
            patch.Remove(member.Key);
            yield return member;
        }
    }

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null && ReferenceEquals(target[name], value)) return;
        target[name] = value;
    }

    private static bool IsDirective(string name, string directive) => name.StartsWith(directive, StringComparison.Ordinal);

    private static bool IsAnyDirective(string name) =>
        name is PatchDirective or RetainKeys || IsDirective(name, DeleteFromPrimitiveList) || IsDirective(name, SetElementOrder);

    private static string NameIn(string directive, string wrong)
    {
        var slash = directive.IndexOf('/', StringComparison.Ordinal);
        var isKnown = slash > 0 && directive[..slash] is DeleteFromPrimitiveList or SetElementOrder;
        return isKnown ? directive[(slash + 1)..] : throw PatchException.Malformed(wrong);
    }

    internal static T Expect<T>(JsonNode? node, string expected)
        where T : JsonNode =>
        node as T ?? throw PatchException.Unclassified($"expected a {expected}, but received a {PatchText.GoType(node)}");
}
