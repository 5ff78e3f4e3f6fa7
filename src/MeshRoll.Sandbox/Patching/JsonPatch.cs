using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Patching;

/// <summary>JSON patch (RFC 6902), as the API server's library applies it.</summary>
internal static class JsonPatch
{
    /// <summary>More operations than this the API server refuses.</summary>
    public const int MostOperations = 10_000;

    /// <summary>The document after all operations, in their order; neither argument is changed.</summary>
    /// <exception cref="PatchException">An operation is malformed or does not fit the document.</exception>
    public static JsonObject Apply(JsonObject document, JsonArray operations)
    {
        if (operations.Count > MostOperations) throw PatchException.TooLong(operations.Count, MostOperations);

        // The whole patch is read before any of it is applied: a malformed one is a 400 even when an earlier operation fails.
        foreach (var node in operations)
        {
            if (node is not JsonObject) throw PatchException.Malformed($"json: cannot unmarshal {PatchBody.KindName(node)} into Go value of type jsonpatch.Operation");
        }
        var result = (JsonObject)document.DeepClone();
        foreach (var node in operations) ApplyOne(result, (JsonObject)node!);
        return result;
    }

    private static void ApplyOne(JsonObject document, JsonObject operation)
    {
        var kind = Text(operation, "op") ?? "unknown";
        switch (kind)
        {
            case "add": Add(document, operation); break;
            case "remove": Remove(document, operation); break;
            case "replace": Replace(document, operation); break;
            case "move": Move(document, operation); break;
            case "copy": Copy(document, operation); break;
            case "test": Test(document, operation); break;
            default: throw PatchException.NotApplicable($"Unexpected kind: {kind}");
        }
    }

    private static void Add(JsonObject document, JsonObject operation)
    {
        var path = Path(operation, "add");
        var place = JsonPointer.Find(document, path) ?? throw Missing($"add operation does not apply: doc is missing path: \"{path}\"");
        Put(place, path, Value(operation, "add"));
    }

    private static void Remove(JsonObject document, JsonObject operation)
    {
        var path = Path(operation, "remove");
        var place = JsonPointer.Find(document, path) ?? throw Missing($"remove operation does not apply: doc is missing path: \"{path}\"");
        TakeOut(place, path, "remove");
    }

    private static void Replace(JsonObject document, JsonObject operation)
    {
        var path = Path(operation, "replace");
        var place = JsonPointer.Find(document, path) ?? throw Missing($"replace operation does not apply: doc is missing path: {path}");
        if (!place.TryReplace(Value(operation, "replace"))) throw Missing($"replace operation does not apply: doc is missing key: {path}");
    }

    private static void Move(JsonObject document, JsonObject operation)
    {
        var (from, path) = (From(operation, "move"), Path(operation, "move"));
        var source = JsonPointer.Find(document, from) ?? throw Missing($"move operation does not apply: doc is missing from path: {from}");
        if (!source.TryGet(out var value)) throw Missing($"error in move for path: '{from}'");
        TakeOut(source, from, "move");
        var target = JsonPointer.Find(document, path) ?? throw Missing($"move operation does not apply: doc is missing destination path: {path}");
        Put(target, path, value);
    }

    private static void Copy(JsonObject document, JsonObject operation)
    {
        var (from, path) = (From(operation, "copy"), Path(operation, "copy"));
        var source = JsonPointer.Find(document, from) ?? throw Missing($"copy operation does not apply: doc is missing from path: {from}");
        if (!source.TryGet(out var value)) throw Missing($"error in copy for from: '{from}'");
        var target = JsonPointer.Find(document, path) ?? throw Missing($"copy operation does not apply: doc is missing destination path: {path}");
        Put(target, path, value?.DeepClone());
    }

    private static void Test(JsonObject document, JsonObject operation)
    {
        var path = Path(operation, "test");
        var place = JsonPointer.Find(document, path) ?? throw Missing($"test operation does not apply: is missing path: {path}");
        // What is missing equals null.
        place.TryGet(out var value);
        if (!JsonNode.DeepEquals(value, Value(operation, "test"))) throw PatchException.NotApplicable($"testing value {path} failed: test failed");
    }

    private static void Put(JsonPointer place, string path, JsonNode? value)
    {
        if (!place.TryAdd(value)) throw InvalidIndex("add", path, place.Key);
    }

    private static void TakeOut(JsonPointer place, string path, string operation)
    {
        if (place.TryRemove()) return;
        throw place.Container is JsonObject
            ? Missing($"error in {operation} for path: '{path}': Unable to remove nonexistent key: {place.Key}")
            : InvalidIndex(operation, path, place.Key);
    }

    private static string Path(JsonObject operation, string kind) => Text(operation, "path") ?? throw Missing($"{kind} operation failed to decode path");

    private static string From(JsonObject operation, string kind) => Text(operation, "from") ?? throw Missing($"{kind} operation failed to decode from");

    private static JsonNode? Value(JsonObject operation, string kind) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw Missing($"{kind} operation, missing value field");

    private static string? Text(JsonObject operation, string name) => operation[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static PatchException Missing(string what) => PatchException.NotApplicable($"{what}: missing value");

    private static PatchException InvalidIndex(string operation, string path, string key) =>
        PatchException.NotApplicable($"error in {operation} for path: '{path}': Unable to access invalid index: {key}: invalid index referenced");
}
