using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Store;

/// <summary>
/// One version of one object; never changed. Its JSON is kept as bytes, so that reading it costs nothing and ten thousand of them little, and in
/// parts: a new version shares those in which it does not differ. A write of a status, the most frequent by far, so touches nothing else.
/// </summary>
/// <param name="resource">What kind of object it is.</param>
/// <param name="metadata">Its metadata.</param>
/// <param name="wish">All but metadata and status; the spec is the last, and of a pod without nodeName and hostname.</param>
/// <param name="nodeName">The node of a pod.</param>
/// <param name="status">Its status, if it has one.</param>
/// <param name="version">Its version.</param>
internal sealed class StoredObject(ApiResource resource, ObjectMetadata metadata, JsonPart wish, string nodeName, JsonPart? status, long version)
{
    private Seen? _seen;

    /// <summary>What kind of object it is.</summary>
    public ApiResource Resource { get; } = resource;

    /// <summary>The namespace; empty for cluster-wide objects.</summary>
    public string Namespace => Metadata.Namespace;

    /// <summary>The name.</summary>
    public string Name => Metadata.Name;

    /// <summary>Unique over time.</summary>
    public string Uid => Metadata.Uid;

    /// <summary>The resource version; grows with every write to the sandbox.</summary>
    public long Version { get; } = version;

    /// <summary>metadata.generation, or 0.</summary>
    public long Generation => Metadata.Generation;

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Metadata.Labels;

    /// <summary>Uids of all owners.</summary>
    public IReadOnlyList<string> Owners => Metadata.Owners;

    /// <summary>The uid of the owner that manages it; empty when nobody does.</summary>
    public string ControllerUid => Metadata.ControllerUid;

    /// <summary>When it is to be gone, once its deletion was asked for.</summary>
    public DateTimeOffset? DeletionTimestamp => Metadata.DeletionTimestamp;

    /// <summary>Whether its deletion was asked for.</summary>
    public bool IsDeleting => DeletionTimestamp is not null;

    /// <summary>Whether somebody holds its deletion up.</summary>
    public bool HasFinalizers => Metadata.HasFinalizers;

    /// <summary>Its metadata.</summary>
    public ObjectMetadata Metadata { get; } = metadata;

    /// <summary>All but metadata, status, nodeName and hostname: <c>{"spec":{…}}</c>.</summary>
    public JsonPart Wish { get; } = wish;

    /// <summary>The node of a pod; empty while it has none, and for everything else.</summary>
    public string NodeName { get; } = nodeName;

    /// <summary>The hostname in a pod's spec, which is all in which the numbered pods of a template differ; empty where there is none, and for everything else.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>The status, if it has one.</summary>
    public JsonPart? Status { get; } = status;

    /// <summary>The whole object as compact UTF-8 JSON, apiVersion and kind first; put together anew with each call.</summary>
    public ReadOnlyMemory<byte> Json
    {
        get
        {
            var buffer = new ArrayBufferWriter<byte>(Length);
            WriteTo(buffer);
            return buffer.WrittenMemory;
        }
    }

    private int Length => Metadata.Json.Length + Wish.Json.Length + NodeName.Length + Hostname.Length + (Status?.Json.Length ?? 0) + 96;

    /// <summary>Writes the whole object as compact UTF-8 JSON, apiVersion and kind first.</summary>
    /// <param name="output">Takes it.</param>
    /// <param name="from">Where to begin: the first bytes are the same for all objects of a kind.</param>
    public void WriteTo(IBufferWriter<byte> output, int from = 0)
    {
        output.Write(Metadata.Json.AsSpan(from));
        output.Write(Metadata.Json.AsSpan().EndsWith("{"u8) ? "\"resourceVersion\":\""u8 : ",\"resourceVersion\":\""u8);
        var number = output.GetSpan(20);
        Version.TryFormat(number, out var digits, default, CultureInfo.InvariantCulture);
        output.Advance(digits);
        var wish = Wish.Json.AsSpan()[1..^1];
        output.Write(wish.IsEmpty ? "\"}"u8 : "\"},"u8);
        if (NodeName.Length + Hostname.Length == 0)
        {
            output.Write(wish);
        }
        else
        {
            output.Write(wish[..^1]);
            var isFirst = wish.EndsWith("{}"u8);
            if (Hostname.Length > 0) WriteText(output, isFirst ? "\"hostname\":\""u8 : ",\"hostname\":\""u8, Hostname);
            if (NodeName.Length > 0) WriteText(output, isFirst && Hostname.Length == 0 ? "\"nodeName\":\""u8 : ",\"nodeName\":\""u8, NodeName);
            output.Write("}"u8);
        }
        if (Status is { } status)
        {
            output.Write(",\"status\":"u8);
            output.Write(status.Json);
        }
        output.Write("}"u8);
    }

    private static void WriteText(IBufferWriter<byte> output, ReadOnlySpan<byte> beginning, string text)
    {
        output.Write(beginning);
        output.Write(JsonEncodedText.Encode(text).EncodedUtf8Bytes);
        output.Write("\""u8);
    }

    /// <summary>A fresh copy to be changed at will.</summary>
    public JsonObject ToJson() => JsonNode.Parse(Json.Span)!.AsObject();

    /// <summary>A fresh copy of all but metadata and status to be changed at will.</summary>
    public JsonObject WishToJson() => JsonNode.Parse(Wish.Json)!.AsObject();

    /// <summary>A fresh copy of the status to be changed at will; empty where there is none.</summary>
    public JsonObject StatusToJson() => Status is { } status ? JsonNode.Parse(status.Json)!.AsObject() : [];

    /// <summary>The same under another version.</summary>
    public StoredObject At(long version) => new(Resource, Metadata, Wish, NodeName, Status, version) { Hostname = Hostname, _seen = _seen };

    /// <summary>A pod on a node and in a state.</summary>
    /// <param name="nodeName">The node.</param>
    /// <param name="status">Its state.</param>
    /// <param name="view">What its readers find, if that is known.</param>
    public StoredObject On(string nodeName, JsonPart status, object? view) =>
        new(Resource, Metadata, Wish, nodeName, status, Version) { Hostname = Hostname, _seen = view is null ? null : new(view, null) };

    /// <summary>The same with another wish.</summary>
    public StoredObject Wishing(JsonPart wish) => new(Resource, Metadata, wish, NodeName, Status, Version) { Hostname = Hostname };

    /// <summary>Another new object of the same making under another name; null where more would have to differ.</summary>
    public StoredObject? For(string name, string uid) =>
        Metadata.For(name, uid) is { } metadata && (Metadata.IsCopy || !WishSpeaksOfName())
            ? new(Resource, metadata, Wish, NodeName, Status, Version) { Hostname = Hostname }
            : null;

    /// <summary>Whether what it wishes follows from its name, so that another one's wish would differ.</summary>
    public bool WishSpeaksOfName() => Wish.Json.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Name)) >= 0;

    /// <summary>What a reader needs of the object, read once for each kind of reader and kept with it.</summary>
    public T As<T>() where T : class, IStoredView<T>
    {
        for (var seen = _seen; seen is not null; seen = seen.Next)
        {
            if (seen.View is T known) return known;
        }
        return Read<T>();
    }

    // Apart from the search, which is compiled ahead: a call of a static member of T cannot be.
    private T Read<T>() where T : class, IStoredView<T>
    {
        var view = T.Read(this);
        _seen = new(view, _seen);
        return view;
    }

    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? $"{Resource}/{Name}" : $"{Resource}/{Namespace}/{Name}";

    /// <summary>Whether nothing but the version differs, letter by letter.</summary>
    public bool SaysTheSameAs(StoredObject other) => Metadata == other.Metadata && Wish == other.Wish && NodeName == other.NodeName && Hostname == other.Hostname && Status == other.Status;

    private sealed record Seen(object View, Seen? Next);
}
