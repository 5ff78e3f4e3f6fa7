using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Store;

/// <summary>What an object's metadata say, read once when they are written; versions of the object with the same metadata share them.</summary>
internal sealed class ObjectMetadata
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly ApiResource? _resource;
    private readonly ObjectMetadata? _model;
    private volatile byte[]? _json;
    private byte[]? _protobuf;
    private bool? _canBeCopied;

    /// <param name="metadata">The object's metadata.</param>
    /// <param name="json">The same as JSON, with apiVersion and kind before them, without the resourceVersion and without a closing brace.</param>
    public ObjectMetadata(JsonObject metadata, byte[] json)
    {
        _json = json;
        Namespace = metadata.Text("namespace") ?? "";
        Name = metadata.Text("name") ?? "";
        Uid = metadata.Text("uid") ?? "";
        Generation = metadata.Number("generation") ?? 0;
        Labels = metadata.Map("labels");
        Annotations = metadata["annotations"] is null ? Nothing : metadata.Map("annotations");
        Created = metadata.Time("creationTimestamp") ?? default;
        DeletionTimestamp = metadata.Time("deletionTimestamp");
        DeletionGrace = metadata.Number("deletionGracePeriodSeconds");
        HasFinalizers = metadata["finalizers"] is JsonArray { Count: > 0 };
        foreach (var owner in metadata.Items("ownerReferences"))
        {
            Owners = [.. Owners, owner.Text("uid") ?? ""];
            if (owner.Flag("controller")) ControllerUid = owner.Text("uid") ?? "";
        }
    }

    /// <summary>The metadata of an object that has nothing but a name.</summary>
    public ObjectMetadata(ApiResource resource, string @namespace, string name, string uid, DateTimeOffset created)
    {
        (_resource, Namespace, Name, Uid, Created, Labels, Annotations) = (resource, @namespace, name, uid, created, Nothing, Nothing);
    }

    private ObjectMetadata(ObjectMetadata model, string name, string uid)
    {
        (_model, Namespace, Name, Uid, Generation, Labels) = (model, model.Namespace, name, uid, model.Generation, model.Labels);
        (Annotations, Owners, ControllerUid, Created, HasFinalizers) = (model.Annotations, model.Owners, model.ControllerUid, model.Created, model.HasFinalizers);
    }

    /// <summary>The beginning of the object's JSON, up to where the resourceVersion follows as the last of the metadata; where it is not known, it is written for the first who asks.</summary>
    public byte[] Json => _json ??= _model is null ? Write(_resource!) : Renamed(Renamed(_model.Json, _model.Name, Name), _model.Uid, Uid);

    /// <summary>The namespace; empty for cluster-wide objects.</summary>
    public string Namespace { get; }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Unique over time.</summary>
    public string Uid { get; }

    /// <summary>metadata.generation, or 0.</summary>
    public long Generation { get; }

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; }

    /// <summary>Uids of all owners.</summary>
    public IReadOnlyList<string> Owners { get; } = [];

    /// <summary>The uid of the owner that manages it; empty when nobody does.</summary>
    public string ControllerUid { get; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>When it is to be gone, once its deletion was asked for.</summary>
    public DateTimeOffset? DeletionTimestamp { get; }

    /// <summary>Seconds it has to end, once its deletion was asked for.</summary>
    public long? DeletionGrace { get; }

    /// <summary>Whether somebody holds its deletion up.</summary>
    public bool HasFinalizers { get; }

    /// <summary>
    /// The metadata of another new object of the same making; null where more than name and uid may differ, because the name is spoken of elsewhere.
    /// </summary>
    public ObjectMetadata? For(string name, string uid)
    {
        if (_model is not null) return _model.For(name, uid);
        _canBeCopied ??= IsThereOnce(Name) && IsThereOnce(Uid);
        return _canBeCopied.Value ? new(this, name, uid) : null;
    }

    /// <summary>Whether it is a copy of other metadata but for name and uid.</summary>
    public bool IsCopy => _model is not null;

    /// <summary>The metadata alone as JSON, without the resourceVersion.</summary>
    public ReadOnlySpan<byte> Content => (byte[])[.. Json.AsSpan(Json.AsSpan().IndexOf("\"metadata\":"u8) + "\"metadata\":"u8.Length), (byte)'}'];

    /// <summary>The metadata in protobuf without the resourceVersion, encoded once and kept with them; always by the same schema.</summary>
    public byte[] InProtobuf(Func<ObjectMetadata, byte[]> encode) => _protobuf ??= encode(this);

    /// <summary>A fresh copy to be changed at will.</summary>
    public JsonObject ToJson()
    {
        var json = JsonNode.Parse((byte[])[.. Json, (byte)'}', (byte)'}'])!.AsObject();
        var metadata = json.Object("metadata");
        json.Remove("metadata");
        return metadata;
    }

    private byte[] Write(ApiResource resource)
    {
        var buffer = new ArrayBufferWriter<byte>(400);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, resource.ApiVersion);
        writer.WriteString("kind"u8, resource.Kind);
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("name"u8, Name);
        if (Namespace.Length > 0) writer.WriteString("namespace"u8, Namespace);
        writer.WriteString("uid"u8, Uid);
        writer.WriteString("creationTimestamp"u8, JsonAccess.Timestamp(Created));
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private bool IsThereOnce(string word)
    {
        var (json, bytes) = (Json, Encoding.UTF8.GetBytes(word));
        var place = json.AsSpan().IndexOf(bytes);
        return place > 0 && json[place - 1] == '"' && json[place + bytes.Length] == '"' && json.AsSpan(place + bytes.Length).IndexOf(bytes) < 0;
    }

    private static byte[] Renamed(byte[] json, string from, string to)
    {
        var word = Encoding.UTF8.GetBytes(from);
        var place = json.AsSpan().IndexOf(word);
        return [.. json.AsSpan(0, place), .. Encoding.UTF8.GetBytes(to), .. json.AsSpan(place + word.Length)];
    }
}
