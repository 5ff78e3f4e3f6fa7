using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors.Backup;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors.Changes;

/// <summary>
/// One write: an object as it was read and as it shall be. Only what differs is patched, and each old value is tested, so that somebody else's change in
/// between is a conflict and never lost.
/// </summary>
internal sealed class ObjectChange
{
    private static readonly string[] s_metadata = ["labels", "annotations"];

    private readonly Action<JsonObject>? _change;

    private ObjectChange(Resource<RawObject> resource, string name, RawObject? live, JsonObject? desired, Action<JsonObject>? change = null)
    {
        _change = change;
        (Resource, Name, Live, Desired) = (resource, name, live, desired);
        Differences = live is null || desired is null ? [] : JsonDifference.Between(Comparable(JsonObject.Create(live.Json)!), Comparable(desired));
    }

    /// <summary>The kind.</summary>
    public Resource<RawObject> Resource { get; }

    /// <summary>The object's name.</summary>
    public string Name { get; }

    /// <summary>As it was read; null to create it.</summary>
    public RawObject? Live { get; }

    /// <summary>As it shall be; null to delete it.</summary>
    public JsonObject? Desired { get; }

    /// <summary>Where the two differ; empty when the object is created or deleted.</summary>
    public IReadOnlyList<JsonDifference> Differences { get; }

    /// <summary>What this step is for, in words for people.</summary>
    public string Purpose { get; private init; } = "";

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNothing => Live is not null && Desired is not null && Differences.Count == 0;

    /// <summary>The object in words: <c>MutatingWebhookConfiguration/istio-sidecar-injector</c>.</summary>
    public string Object => $"{Resource.Kind}/{Name}";

    /// <summary>Changes fields of an object that is there.</summary>
    public static ObjectChange Update(Resource<RawObject> resource, RawObject live, Action<JsonObject> change) =>
        new(resource, live.Metadata.Name, live, Changed(live, change), change);

    /// <summary>Makes an object that is not there.</summary>
    public static ObjectChange Create(Resource<RawObject> resource, JsonObject desired) => new(resource, (string)desired["metadata"]!["name"]!, null, desired);

    /// <summary>Takes an object away.</summary>
    public static ObjectChange Delete(Resource<RawObject> resource, RawObject live) => new(resource, live.Metadata.Name, live, null);

    /// <summary>The same step, with what it is for.</summary>
    public ObjectChange For(string purpose) => new(Resource, Name, Live, Desired, _change) { Purpose = purpose };

    /// <summary>The same step, on the object as an earlier step of ours left it.</summary>
    public ObjectChange On(RawObject? now) => _change is null || now is null ? this : new(Resource, Name, now, Changed(now, _change), _change) { Purpose = Purpose };

    /// <summary>The same step back, from the object as it is after this one; null when somebody took it away meanwhile.</summary>
    public ObjectChange? Back(RawObject? now) => (Live, Desired, now) switch
    {
        (null, _, { } made) => Delete(Resource, made),
        ({ } was, null, _) => Create(Resource, BackupObject.Clean(was, Resource)),
        (not null, not null, { } present) => Update(Resource, present, json => Differences.ToList().ForEach(difference => difference.TakeBack(json))),
        _ => null,
    };

    /// <summary>The patch, with a test on each old value.</summary>
    public Patch Patch()
    {
        var patch = new JsonPatch();
        // Items of a list are named by their place: make sure that they are still the same.
        foreach (var index in Differences.Select(difference => difference.Pointer.Split('/')).Where(parts => parts is ["", "webhooks", _, _, ..]).Select(parts => parts[2]).Distinct(StringComparer.Ordinal))
        {
            if (Live!.Json.GetProperty("webhooks")[int.Parse(index, System.Globalization.CultureInfo.InvariantCulture)].TryGetProperty("name", out var name))
                patch.Test($"/webhooks/{index}/name", name.GetString()!);
        }
        // That something is absent cannot be tested in JSON patch: then nothing at all may have changed.
        if (Differences.Any(difference => difference.Before is null)) patch.Test("/metadata/resourceVersion", Live!.Metadata.ResourceVersion);
        foreach (var difference in Differences.Where(difference => difference.Before is not null)) patch.Test(difference.Pointer, difference.Before!);
        foreach (var difference in Differences)
        {
            if (difference.After is null) patch.Remove(difference.Pointer);
            else if (difference.Before is null) patch.Add(difference.Pointer, difference.After);
            else patch.Replace(difference.Pointer, difference.After);
        }
        return patch.Build();
    }

    /// <summary>What changes, field by field.</summary>
    public IEnumerable<MeshFieldChange> Fields() => (Live, Desired) switch
    {
        (null, _) => [new(Object, "", null, "created")],
        (_, null) => [new(Object, "", "present", null)],
        _ => Differences.SelectMany(Single).Select(difference => new MeshFieldChange(Object, difference.Field, Text(difference.Pointer, difference.Before), Text(difference.Pointer, difference.After))),
    };

    // The first label or annotation brings its map along, the last one takes it away: told one by one all the same.
    private static IEnumerable<JsonDifference> Single(JsonDifference difference) => difference is { Pointer: "/metadata/labels" or "/metadata/annotations" }
        ? JsonDifference.Between(difference.Before ?? new JsonObject(), difference.After ?? new JsonObject()).Select(one => one with { Pointer = difference.Pointer + one.Pointer })
        : [difference];

    private static JsonObject Changed(RawObject live, Action<JsonObject> change)
    {
        var desired = JsonObject.Create(live.Json)!.DeepClone().AsObject();
        change(desired);
        return desired;
    }

    // What the server keeps for itself is nobody's to change.
    private static JsonObject Comparable(JsonObject json)
    {
        JsonObject comparable = [];
        foreach (var (name, value) in json)
        {
            if (name is "apiVersion" or "kind" or "status") continue;
            comparable[name] = name == "metadata" ? new JsonObject(s_metadata.Where(part => value?[part] is not null).Select(part => KeyValuePair.Create(part, value![part]?.DeepClone()))) : value?.DeepClone();
        }
        return comparable;
    }

    private static string? Text(string pointer, JsonNode? value) => value switch
    {
        null => null,
        JsonValue text when pointer.EndsWith("/caBundle", StringComparison.Ordinal) => Fingerprint((string?)text ?? ""),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => (string?)text,
        _ when pointer.EndsWith("/webhooks", StringComparison.Ordinal) && value is JsonArray list => $"{list.Count} webhooks",
        _ => value.ToJsonString(ReadableJson.Options),
    };

    // The text itself says nothing to anybody, in a thousand characters.
    private static string Fingerprint(string bundle) => $"sha256:{Convert.ToHexString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(bundle)))[..16]}";
}
