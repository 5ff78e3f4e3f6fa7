using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// What a component has to say about an object. A rollout makes a dozen events for each pod and hardly anybody reads them, so an event becomes JSON
/// only when somebody does.
/// </summary>
/// <param name="About">The object it is about.</param>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Component">Who says it.</param>
/// <param name="Reason">In one word.</param>
/// <param name="Message">In a sentence.</param>
/// <param name="Host">The node it happened on; may be empty.</param>
/// <param name="FieldPath">The part of the object it is about; may be empty.</param>
/// <param name="Time">When it happened.</param>
internal sealed record RecordedEvent(EventSubject About, string Type, string Component, string Reason, string Message, string Host, string FieldPath, DateTimeOffset Time)
{
    /// <summary>The event without its metadata.</summary>
    public JsonPart ToPart() => new(Write);

    private byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(800);
        using var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions);
        var time = JsonAccess.Timestamp(Time);
        writer.WriteStartObject();
        writer.WriteStartObject("involvedObject"u8);
        About.Write(writer);
        if (FieldPath.Length > 0) writer.WriteString("fieldPath"u8, FieldPath);
        writer.WriteEndObject();
        writer.WriteString("reason"u8, Reason);
        writer.WriteString("message"u8, Message);
        writer.WriteStartObject("source"u8);
        writer.WriteString("component"u8, Component);
        if (Host.Length > 0) writer.WriteString("host"u8, Host);
        writer.WriteEndObject();
        writer.WriteString("firstTimestamp"u8, time);
        writer.WriteString("lastTimestamp"u8, time);
        writer.WriteNumber("count"u8, 1);
        writer.WriteString("type"u8, Type);
        writer.WriteNull("eventTime"u8);
        writer.WriteString("reportingComponent"u8, "");
        writer.WriteString("reportingInstance"u8, "");
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>The object an event is about, as it was then.</summary>
internal readonly record struct EventSubject(ApiResource Resource, string Namespace, string Name, string Uid, long Version)
{
    public static EventSubject Of(StoredObject stored) => new(stored.Resource, stored.Namespace, stored.Name, stored.Uid, stored.Version);

    /// <summary>Writes its properties (core/v1 ObjectReference).</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("kind"u8, Resource.Kind);
        if (Namespace.Length > 0) writer.WriteString("namespace"u8, Namespace);
        writer.WriteString("name"u8, Name);
        writer.WriteString("uid"u8, Uid);
        writer.WriteString("apiVersion"u8, Resource.ApiVersion);
        writer.WriteString("resourceVersion"u8, Version.ToString(CultureInfo.InvariantCulture));
    }
}
