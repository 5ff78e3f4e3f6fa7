using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Store;

/// <summary>Makes stored objects out of JSON that was written, part by part; parts that say what those of a relative say are taken from there.</summary>
internal sealed class ObjectWriter
{
    // Taken while something is being written: what is written meanwhile, such as an event, gets another one.
    private ArrayBufferWriter<byte>? _buffer = new(4096);

    /// <summary>The stored form of an object; takes resourceVersion, and a pod's nodeName and hostname, out of the content, for they are kept apart.</summary>
    /// <param name="resource">What kind of object it is.</param>
    /// <param name="content">The object.</param>
    /// <param name="version">Its version.</param>
    /// <param name="relative">The object before, or one that has much in common with it; null where there is none.</param>
    public StoredObject Write(ApiResource resource, JsonObject content, long version, StoredObject? relative)
    {
        var metadata = content.Object("metadata");
        metadata.Remove("resourceVersion");
        var spec = resource == ApiResources.Pods ? content["spec"] as JsonObject : null;
        var (nodeName, hostname) = (Take(spec, "nodeName"), Take(spec, "hostname"));
        return new(resource, Metadata(resource, metadata, relative), Wish(content, relative), nodeName, Status(content["status"], relative), version) { Hostname = hostname };
    }

    /// <summary>The object with other metadata and, for a pod, another hostname.</summary>
    public StoredObject WithMetadata(StoredObject before, JsonObject metadata, string hostname) =>
        new(before.Resource, Metadata(before.Resource, metadata, before), before.Wish, before.NodeName, before.Status, before.Version) { Hostname = hostname };

    /// <summary>The object with another status.</summary>
    public StoredObject WithStatus(StoredObject before, JsonObject status) =>
        new(before.Resource, before.Metadata, before.Wish, before.NodeName, Status(status, before), before.Version) { Hostname = before.Hostname };

    /// <summary>The object with another status and on another node.</summary>
    /// <param name="before">The object.</param>
    /// <param name="write">Writes the status; gets a copy of what it was.</param>
    /// <param name="nodeName">The node of a pod; empty for everything else.</param>
    public StoredObject WithStatus(StoredObject before, Action<JsonObject, Utf8JsonWriter> write, string nodeName)
    {
        var known = before.StatusToJson();
        var buffer = Take();
        using var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions);
        write(known, writer);
        writer.Flush();
        return new(before.Resource, before.Metadata, before.Wish, nodeName, Finish(buffer, before.Status), before.Version) { Hostname = before.Hostname };
    }

    private static string Take(JsonObject? spec, string field)
    {
        if (spec.Text(field) is not { } text) return "";
        spec!.Remove(field);
        return text;
    }

    private ObjectMetadata Metadata(ApiResource resource, JsonObject metadata, StoredObject? relative)
    {
        var buffer = Take();
        using var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, resource.ApiVersion);
        writer.WriteString("kind"u8, resource.Kind);
        writer.WritePropertyName("metadata"u8);
        metadata.WriteTo(writer);
        writer.Flush();
        var json = buffer.WrittenSpan[..^1];
        var read = relative is not null && json.SequenceEqual(relative.Metadata.Json) ? relative.Metadata : new(metadata, json.ToArray());
        GiveBack(buffer);
        return read;
    }

    private JsonPart Wish(JsonObject content, StoredObject? relative)
    {
        var buffer = Take();
        using var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions);
        writer.WriteStartObject();
        foreach (var (name, value) in content)
        {
            if (name is "apiVersion" or "kind" or "metadata" or "status" or "spec") continue;
            Write(writer, name, value);
        }
        // Last, for a pod's nodeName is put in at its end.
        if (content.TryGetPropertyValue("spec", out var spec)) Write(writer, "spec", spec);
        writer.WriteEndObject();
        writer.Flush();
        return Finish(buffer, relative?.Wish);
    }

    private JsonPart? Status(JsonNode? status, StoredObject? relative)
    {
        if (status is null) return null;
        var buffer = Take();
        using var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions);
        status.WriteTo(writer);
        writer.Flush();
        return Finish(buffer, relative?.Status);
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        if (value is null) writer.WriteNullValue();
        else value.WriteTo(writer);
    }

    private ArrayBufferWriter<byte> Take()
    {
        var buffer = _buffer ?? new(4096);
        _buffer = null;
        return buffer;
    }

    private JsonPart Finish(ArrayBufferWriter<byte> buffer, JsonPart? known)
    {
        var json = buffer.WrittenSpan;
        var part = known is not null && known.Says(json) ? known : new(json.ToArray());
        GiveBack(buffer);
        return part;
    }

    private void GiveBack(ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        _buffer = buffer;
    }
}
