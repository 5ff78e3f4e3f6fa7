using System.Globalization;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>
/// Writes objects part by part, as they are kept: metadata and wish are encoded once for all versions of an object that share them, and the wish, by far
/// the longest part, for all pods of a template. The message is that of the whole JSON, byte for byte.
/// </summary>
internal static class StoredProtobuf
{
    // Fields of meta/v1 ObjectMeta and core/v1 PodSpec that are kept apart from the rest.
    private const int ResourceVersion = 6, NodeName = 10, Hostname = 16;

    private static ReadOnlySpan<byte> OnlySpec => "{\"spec\":"u8;

    /// <summary>Writes an object's message, without the envelope.</summary>
    /// <param name="buffer">Takes it.</param>
    /// <param name="schema">That of its kind.</param>
    /// <param name="stored">The object.</param>
    public static void Write(ProtobufBuffer buffer, ProtobufMessage schema, StoredObject stored)
    {
        var isPod = stored.Resource == ApiResources.Pods;
        if (isPod && !stored.Wish.Json.AsSpan().StartsWith(OnlySpec))
        {
            ProtobufEncoder.Encode(schema, stored.Json.Span, buffer);
            return;
        }
        WriteMetadata(buffer, stored);
        if (isPod) WritePodSpec(buffer, schema, stored);
        else buffer.Raw(stored.Wish.InProtobuf(wish => Encoded(schema, wish.Json)));
        if (stored.Status is not { } status || schema.Find("status"u8) is not { Message: { } message } field) return;

        var at = buffer.Open(field.Number);
        ProtobufEncoder.Encode(message, status.Json, buffer);
        buffer.Close(at);
    }

    private static void WriteMetadata(ProtobufBuffer buffer, StoredObject stored)
    {
        var at = buffer.Open(1);
        buffer.Raw(stored.Metadata.InProtobuf(static metadata => Encoded(MetadataSchema.ObjectMeta, metadata.Content)));
        buffer.Text(ResourceVersion, stored.Version.ToString(CultureInfo.InvariantCulture));
        buffer.Close(at);
    }

    private static void WritePodSpec(ProtobufBuffer buffer, ProtobufMessage schema, StoredObject pod)
    {
        var field = schema.Find("spec"u8)!;
        var at = buffer.Open(field.Number);
        buffer.Raw(pod.Wish.InProtobuf(wish => Encoded(field.Message!, wish.Json.AsSpan()[OnlySpec.Length..^1])));
        if (pod.Hostname.Length > 0) buffer.Text(Hostname, pod.Hostname);
        if (pod.NodeName.Length > 0) buffer.Text(NodeName, pod.NodeName);
        buffer.Close(at);
    }

    private static byte[] Encoded(ProtobufMessage schema, ReadOnlySpan<byte> json)
    {
        var buffer = new ProtobufBuffer(json.Length);
        ProtobufEncoder.Encode(schema, json, buffer);
        return buffer.Written.ToArray();
    }
}
