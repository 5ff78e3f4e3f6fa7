using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// What a component has to say about an object: an event without its metadata. A rollout makes a dozen events for each pod and hardly anybody reads
/// them, so an event becomes JSON only when somebody does.
/// </summary>
/// <param name="about">The object it is about.</param>
/// <param name="type">Normal or Warning.</param>
/// <param name="component">Who says it.</param>
/// <param name="reason">In one word.</param>
/// <param name="message">In a sentence.</param>
/// <param name="host">The node it happened on; may be empty.</param>
/// <param name="fieldPath">The part of the object it is about; may be empty.</param>
/// <param name="time">When it happened first.</param>
internal sealed class RecordedEvent(EventSubject about, string type, string component, string reason, string message, string host, string fieldPath, DateTimeOffset time) : JsonPart
{
    /// <summary>Where it is: with the object it is about.</summary>
    public string Namespace => about.Home;

    /// <summary>The name of the object it is about.</summary>
    public string Subject => about.Name;

    /// <summary>When it happened first.</summary>
    public DateTimeOffset First { get; } = time;

    /// <summary>When it happened last.</summary>
    public DateTimeOffset Last { get; private set; } = time;

    /// <summary>Its name once it is among the cluster's objects; empty while nobody has read any.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether it was forgotten before anybody has read it.</summary>
    public bool IsForgotten { get; set; }

    private string LastMessage { get; set; } = message;

    private int Count { get; set; } = 1;

    /// <summary>It has happened once more, before anybody has read it.</summary>
    public void Repeat(string lastMessage, DateTimeOffset now) => (LastMessage, Last, Count) = (lastMessage, now, Count + 1);

    /// <summary>The same event when it has happened once more.</summary>
    public RecordedEvent Again(string lastMessage, DateTimeOffset now) => new(about, type, component, reason, lastMessage, host, fieldPath, First) { Name = Name, Last = now, Count = Count + 1 };

    /// <inheritdoc/>
    protected override byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(800);
        using var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions);
        writer.WriteStartObject();
        writer.WriteStartObject("involvedObject"u8);
        about.Write(writer);
        if (fieldPath.Length > 0) writer.WriteString("fieldPath"u8, fieldPath);
        writer.WriteEndObject();
        writer.WriteString("reason"u8, reason);
        writer.WriteString("message"u8, LastMessage);
        writer.WriteStartObject("source"u8);
        writer.WriteString("component"u8, component);
        if (host.Length > 0) writer.WriteString("host"u8, host);
        writer.WriteEndObject();
        writer.WriteString("firstTimestamp"u8, JsonAccess.Timestamp(First));
        writer.WriteString("lastTimestamp"u8, JsonAccess.Timestamp(Last));
        writer.WriteNumber("count"u8, Count);
        writer.WriteString("type"u8, type);
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

    /// <summary>The namespace of its events.</summary>
    public string Home => Namespace.Length == 0 ? "default" : Namespace;

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
