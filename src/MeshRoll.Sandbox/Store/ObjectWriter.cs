using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Store;

/// <summary>Makes stored objects out of JSON that was written, part by part; parts that say what those of a relative say are taken from there.</summary>
internal sealed class ObjectWriter
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    /// <summary>The stored form of an object; takes resourceVersion and a pod's nodeName out of the content, for they are kept apart.</summary>
    /// <param name="resource">What kind of object it is.</param>
    /// <param name="content">The object.</param>
    /// <param name="version">Its version.</param>
    /// <param name="relative">The object before, or one that has much in common with it; null where there is none.</param>
    public StoredObject Write(ApiResource resource, JsonObject content, long version, StoredObject? relative)
    {
        var metadata = content.Object("metadata");
        metadata.Remove("resourceVersion");
        var nodeName = resource == ApiResources.Pods ? TakeNodeName(content) : "";
        return new(resource, Metadata(resource, metadata, relative), Wish(content, relative), nodeName, Status(content["status"], relative), version);
    }

    /// <summary>The object with another status and on another node.</summary>
    public StoredObject WithStatus(StoredObject before, JsonObject status, string nodeName) =>
        new(before.Resource, before.Metadata, before.Wish, nodeName, Status(status, before), before.Version);

    private static string TakeNodeName(JsonObject pod)
    {
        if (pod["spec"] is not JsonObject spec || spec.Text("nodeName") is not { } name) return "";
        spec.Remove("nodeName");
        return name;
    }

    private ObjectMetadata Metadata(ApiResource resource, JsonObject metadata, StoredObject? relative)
    {
        using var writer = Begin();
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, resource.ApiVersion);
        writer.WriteString("kind"u8, resource.Kind);
        writer.WritePropertyName("metadata"u8);
        metadata.WriteTo(writer);
        writer.Flush();
        var json = _buffer.WrittenSpan[..^1];
        return relative is not null && json.SequenceEqual(relative.Metadata.Json) ? relative.Metadata : new(metadata, json.ToArray());
    }

    private JsonPart Wish(JsonObject content, StoredObject? relative)
    {
        using var writer = Begin();
        writer.WriteStartObject();
        foreach (var (name, value) in content)
        {
            if (name is "apiVersion" or "kind" or "metadata" or "status" or "spec") continue;
            Write(writer, name, value);
        }
        // Last, for a pod's nodeName is put in at its end.
        if (content.TryGetPropertyValue("spec", out var spec)) Write(writer, "spec", spec);
        writer.Flush();
        return Part(_buffer.WrittenSpan[1..], relative?.Wish);
    }

    private JsonPart? Status(JsonNode? status, StoredObject? relative)
    {
        if (status is null) return null;
        using var writer = Begin();
        status.WriteTo(writer);
        writer.Flush();
        return Part(_buffer.WrittenSpan, relative?.Status);
    }

    private static JsonPart Part(ReadOnlySpan<byte> json, JsonPart? known) => known is not null && known.Says(json) ? known : new(json.ToArray());

    private static void Write(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        if (value is null) writer.WriteNullValue();
        else value.WriteTo(writer);
    }

    private Utf8JsonWriter Begin()
    {
        _buffer.ResetWrittenCount();
        return new(_buffer, Plain);
    }
}
