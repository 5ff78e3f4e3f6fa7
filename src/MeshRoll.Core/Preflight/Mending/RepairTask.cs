using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>What is to be changed of one object: the patches of several findings as one.</summary>
/// <param name="Namespace">The object's namespace.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Which one of that name was looked at; empty where that is unknown.</param>
internal sealed record RepairTask(string Namespace, string Kind, string Name, string Uid)
{
    private readonly List<ReadinessFix> _parts = [];

    /// <summary>The rules whose findings it mends.</summary>
    public List<string> Rules { get; } = [];

    /// <summary>The patch.</summary>
    public JsonObject Patch { get; } = [];

    /// <summary>Whether it takes a repair back.</summary>
    public bool IsUndo { get; init; }

    /// <summary>What to be sure of.</summary>
    public string Caution => string.Join(" ", _parts.Select(part => part.Caution).Where(caution => caution.Length > 0).Distinct());

    /// <summary>Whether new pods are made by it.</summary>
    public bool MakesNewPods => Patch["spec"] is JsonObject spec && spec.ContainsKey("template");

    /// <summary>The object in words: <c>shop deployment/web</c>.</summary>
    public string Object => $"{Namespace} {Kind.ToLowerInvariant()}/{Name}";

    /// <summary>Adds a patch; or gives the field in which another wants something else.</summary>
    public string? Add(ReadinessFix fix, IEnumerable<string> rules)
    {
        if (PatchMerge.Add(Patch, fix.Patch) is { } conflict) return conflict;
        _parts.Add(fix);
        Rules.AddRange(rules.Except(Rules));
        return null;
    }

    /// <summary>Whether the object is as the patch wants it.</summary>
    public bool IsDone(JsonElement now) => JsonNode.DeepEquals(PatchInverse.Of(Patch, now), Patch);

    /// <summary>The first field that is not as it was when it was looked at; null when all are.</summary>
    public string? Moved(JsonElement now)
    {
        foreach (var part in _parts)
        {
            var undo = PatchInverse.Of(part.Patch, now);
            if (!JsonNode.DeepEquals(undo, part.Undo)) return PatchChanges.Of("", part.Patch, JsonSerializer.SerializeToElement(part.Undo), JsonSerializer.SerializeToElement(undo)) is [var first, ..] ? PatchChanges.Tell(first) : "its fields";
        }
        return null;
    }

    /// <summary>The patch, refused by the server where the object is another one or has another version.</summary>
    public byte[] For(string uid, string resourceVersion)
    {
        var patch = Patch.DeepClone().AsObject();
        patch["metadata"] = new JsonObject { ["uid"] = uid, ["resourceVersion"] = resourceVersion };
        return JsonSerializer.SerializeToUtf8Bytes(patch);
    }
}
