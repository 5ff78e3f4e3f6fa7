using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Store;

/// <summary>One version of one object; never changed. Its JSON is kept as bytes, so that reading it costs nothing and ten thousand of them little.</summary>
internal sealed class StoredObject
{
    private object? _view;

    private StoredObject(ApiResource resource, JsonObject content, long version, byte[] json)
    {
        Resource = resource;
        Version = version;
        Json = json;
        var metadata = content["metadata"];
        Namespace = metadata.Text("namespace") ?? "";
        Name = metadata.Text("name") ?? "";
        Uid = metadata.Text("uid") ?? "";
        Generation = metadata.Number("generation") ?? 0;
        Labels = metadata.Map("labels");
        DeletionTimestamp = metadata.Time("deletionTimestamp");
        HasFinalizers = metadata.At("finalizers") is JsonArray { Count: > 0 };
        foreach (var owner in metadata.Items("ownerReferences"))
        {
            Owners = [.. Owners, owner.Text("uid") ?? ""];
            if (owner.Flag("controller")) ControllerUid = owner.Text("uid") ?? "";
        }
    }

    /// <summary>What kind of object it is.</summary>
    public ApiResource Resource { get; }

    /// <summary>The namespace; empty for cluster-wide objects.</summary>
    public string Namespace { get; }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Unique over time.</summary>
    public string Uid { get; }

    /// <summary>The resource version; grows with every write to the sandbox.</summary>
    public long Version { get; }

    /// <summary>metadata.generation, or 0.</summary>
    public long Generation { get; }

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>Uids of all owners.</summary>
    public IReadOnlyList<string> Owners { get; } = [];

    /// <summary>The uid of the owner that manages it; empty when nobody does.</summary>
    public string ControllerUid { get; } = "";

    /// <summary>When it is to be gone, once its deletion was asked for.</summary>
    public DateTimeOffset? DeletionTimestamp { get; }

    /// <summary>Whether its deletion was asked for.</summary>
    public bool IsDeleting => DeletionTimestamp is not null;

    /// <summary>Whether somebody holds its deletion up.</summary>
    public bool HasFinalizers { get; }

    /// <summary>The whole object as compact UTF-8 JSON, apiVersion and kind first.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>A fresh copy to be changed at will.</summary>
    public JsonObject ToJson() => JsonNode.Parse(Json.Span)!.AsObject();

    /// <summary>What a reader needs of the object, read once and kept with it; T must be the same for all readers of a resource.</summary>
    public T As<T>() where T : class, IObjectView<T>
    {
        if (_view is T known) return known;
        using var document = JsonDocument.Parse(Json);
        var view = T.Read(document.RootElement);
        _view = view;
        return view;
    }

    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? $"{Resource}/{Name}" : $"{Resource}/{Namespace}/{Name}";

    /// <summary>Makes the stored form; writes the version into the object.</summary>
    internal static StoredObject Of(ApiResource resource, JsonObject content, long version)
    {
        content.Object("metadata")["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new(resource, content, version, JsonSerializer.SerializeToUtf8Bytes(content, Plain));
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>A reading of an object for one purpose.</summary>
/// <typeparam name="T">The view itself.</typeparam>
internal interface IObjectView<out T>
{
    /// <summary>Reads the view from an object.</summary>
    static abstract T Read(JsonElement root);
}
