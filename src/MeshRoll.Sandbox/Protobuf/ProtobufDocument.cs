using System.Buffers;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>
/// Whole answers in protobuf: four bytes <c>k8s\0</c>, then runtime.Unknown with the kind (typeMeta = 1) and the message (raw = 2).
/// A list's message has metadata = 1 and items = 2.
/// </summary>
internal static class ProtobufDocument
{
    private const string MetadataKind = "PartialObjectMetadata";

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>One object.</summary>
    /// <exception cref="ArgumentException">The kind has no schema.</exception>
    public static ReadOnlyMemory<byte> Object(string apiVersion, string kind, ReadOnlySpan<byte> json)
    {
        var schema = ProtobufEncoder.SchemaOf(kind);
        var buffer = new ProtobufBuffer(json.Length + 256);
        var raw = Begin(buffer, apiVersion, kind);
        ProtobufEncoder.Encode(schema, json, buffer);
        buffer.Close(raw);
        return buffer.Written;
    }

    /// <summary>Writes one object, envelope and all, into what is being written.</summary>
    /// <exception cref="ArgumentException">The kind has no schema.</exception>
    public static void WriteObject(ProtobufBuffer buffer, StoredObject stored)
    {
        var raw = Begin(buffer, stored.Resource.ApiVersion, stored.Resource.Kind);
        StoredProtobuf.Write(buffer, ProtobufEncoder.SchemaOf(stored.Resource.Kind), stored);
        buffer.Close(raw);
    }

    /// <summary>A Status (meta/v1), such as a watch ends with.</summary>
    public static ReadOnlyMemory<byte> Status(ReadOnlySpan<byte> json)
    {
        var buffer = new ProtobufBuffer(512);
        var raw = Begin(buffer, "v1", "Status");
        ProtobufEncoder.Encode(MetadataSchema.Status, json, buffer);
        buffer.Close(raw);
        return buffer.Written;
    }

    /// <summary>A list of objects that are still JSON.</summary>
    /// <param name="apiVersion">The group and version of the objects.</param>
    /// <param name="kind">Their kind, without List.</param>
    /// <param name="metadata">What the list says of itself.</param>
    /// <param name="items">The objects as UTF-8 JSON.</param>
    /// <exception cref="ArgumentException">The kind has no schema.</exception>
    public static ReadOnlyMemory<byte> List(string apiVersion, string kind, ListMetadata metadata, IEnumerable<ReadOnlyMemory<byte>> items) =>
        List(apiVersion, kind, ProtobufEncoder.SchemaOf(kind), metadata, items);

    /// <summary>A list of nothing but the objects' metadata (meta.k8s.io PartialObjectMetadataList); any kind can be written so.</summary>
    /// <param name="version">v1 or v1beta1, as was asked for.</param>
    /// <param name="metadata">What the list says of itself.</param>
    /// <param name="items">The objects as UTF-8 JSON, whole.</param>
    public static ReadOnlyMemory<byte> MetadataList(string version, ListMetadata metadata, IEnumerable<ReadOnlyMemory<byte>> items) =>
        List($"meta.k8s.io/{version}", MetadataKind, ProtobufSchema.PartialObjectMetadata, metadata, items);

    /// <summary>Nothing but one object's metadata (meta.k8s.io PartialObjectMetadata).</summary>
    public static ReadOnlyMemory<byte> Metadata(string version, ReadOnlySpan<byte> json)
    {
        var buffer = new ProtobufBuffer(1024);
        var raw = Begin(buffer, $"meta.k8s.io/{version}", MetadataKind);
        ProtobufEncoder.Encode(ProtobufSchema.PartialObjectMetadata, json, buffer);
        buffer.Close(raw);
        return buffer.Written;
    }

    /// <summary>Writes a list of objects that were encoded before, without copying them together first.</summary>
    /// <param name="output">Takes the answer.</param>
    /// <param name="apiVersion">The group and version of the objects.</param>
    /// <param name="kind">Their kind, without List.</param>
    /// <param name="metadata">What the list says of itself.</param>
    /// <param name="items">What <see cref="ProtobufEncoder.EncodeItem"/> made of them.</param>
    public static void WriteList(IBufferWriter<byte> output, string apiVersion, string kind, ListMetadata metadata, IReadOnlyCollection<ReadOnlyMemory<byte>> items)
    {
        var head = new ProtobufBuffer(128);
        WriteListMetadata(head, metadata);
        var length = (long)head.Written.Length;
        foreach (var item in items) length += 1 + ProtobufBuffer.VarintLength((ulong)item.Length) + item.Length;

        var front = new ProtobufBuffer(128);
        WriteKind(front, apiVersion, kind + "List");
        output.Write(front.Written.Span);
        WriteHeader(output, length);
        output.Write(head.Written.Span);
        foreach (var item in items)
        {
            WriteHeader(output, item.Length);
            output.Write(item.Span);
        }
    }

    private static ReadOnlyMemory<byte> List(string apiVersion, string kind, ProtobufMessage schema, ListMetadata metadata, IEnumerable<ReadOnlyMemory<byte>> items)
    {
        var buffer = new ProtobufBuffer(64 * 1024);
        var raw = Begin(buffer, apiVersion, kind + "List");
        WriteListMetadata(buffer, metadata);
        foreach (var json in items)
        {
            var item = buffer.Open(2);
            ProtobufEncoder.Encode(schema, json.Span, buffer);
            buffer.Close(item);
        }
        buffer.Close(raw);
        return buffer.Written;
    }

    private static int Begin(ProtobufBuffer buffer, string apiVersion, string kind)
    {
        WriteKind(buffer, apiVersion, kind);
        return buffer.Open(2);
    }

    private static void WriteKind(ProtobufBuffer buffer, string apiVersion, string kind)
    {
        buffer.Raw(Magic);
        var typeMeta = buffer.Open(1);
        buffer.Text(1, apiVersion);
        buffer.Text(2, kind);
        buffer.Close(typeMeta);
    }

    private static void WriteListMetadata(ProtobufBuffer buffer, ListMetadata metadata)
    {
        var message = buffer.Open(1);
        buffer.Text(2, metadata.ResourceVersion);
        buffer.Text(3, metadata.Continue);
        if (metadata.Remaining is { } remaining) buffer.Number(4, remaining);
        buffer.Close(message);
    }

    // Field 2 with a length: the raw message in its envelope and every item in its list are that.
    private static void WriteHeader(IBufferWriter<byte> output, long length)
    {
        var span = output.GetSpan(11);
        span[0] = (2 << 3) | 2;
        var at = 1;
        for (var rest = (ulong)length; ; rest >>= 7)
        {
            span[at++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80) break;
        }
        output.Advance(at);
    }
}
