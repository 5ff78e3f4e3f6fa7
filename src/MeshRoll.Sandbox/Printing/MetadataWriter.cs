using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Printing;

/// <summary>Writes objects without anything but their metadata (meta.k8s.io PartialObjectMetadata).</summary>
internal static class MetadataWriter
{
    /// <summary>Writes one object's.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="version">v1 or v1beta1, as was asked for.</param>
    /// <param name="item">The object, whole.</param>
    public static void Write(Utf8JsonWriter writer, string version, JsonElement item)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "PartialObjectMetadata");
        writer.WriteString("apiVersion", $"meta.k8s.io/{version}");
        writer.WritePropertyName("metadata");
        if (item.At("metadata") is { ValueKind: JsonValueKind.Object } metadata) metadata.WriteTo(writer);
        else new ListMetadata("").Write(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes a list of them (PartialObjectMetadataList).</summary>
    public static void WriteList(Utf8JsonWriter writer, string version, ListMetadata metadata, IEnumerable<ReadOnlyMemory<byte>> items)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "PartialObjectMetadataList");
        writer.WriteString("apiVersion", $"meta.k8s.io/{version}");
        writer.WritePropertyName("metadata");
        metadata.Write(writer);
        writer.WriteStartArray("items");
        foreach (var item in items)
        {
            using var document = JsonDocument.Parse(item);
            Write(writer, version, document.RootElement);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
