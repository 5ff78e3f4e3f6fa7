using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>Takes the next event off the front of a watch's body.</summary>
internal abstract class WatchParser<T> where T : class, IKubernetesObject
{
    /// <summary>The next event; null when more bytes are needed.</summary>
    /// <param name="data">What is unread of the body.</param>
    /// <param name="request">What was asked, for errors.</param>
    /// <param name="consumed">How much of <paramref name="data"/> is done with.</param>
    public abstract WatchEvent<T>? Next(ReadOnlySpan<byte> data, ApiRequest request, out int consumed);

    /// <summary>The type as the server writes it.</summary>
    protected static WatchEventType TypeOf(string type) => type switch
    {
        "ADDED" => WatchEventType.Added,
        "MODIFIED" => WatchEventType.Modified,
        "DELETED" => WatchEventType.Deleted,
        "BOOKMARK" => WatchEventType.Bookmark,
        "ERROR" => WatchEventType.Error,
        _ => throw new InvalidDataException($"The watch brings an event of the unknown type \"{type}\"."),
    };

    /// <summary>An event with an object; of a bookmark only the version counts.</summary>
    protected static WatchEvent<T> Event(WatchEventType type, T item)
    {
        var version = item.Metadata.ResourceVersion;
        if (version.Length == 0) throw new InvalidDataException("The watch brings an object without a version.");
        return new(type, type == WatchEventType.Bookmark ? null : item, version, null);
    }

    /// <summary>An event that ends the watch.</summary>
    protected static WatchEvent<T> Error(ServerStatus status, ApiRequest request) =>
        new(WatchEventType.Error, null, "", ApiErrors.From(status, HttpStatusCode.InternalServerError, request));
}

/// <summary>A watch in protobuf: frames of a length (four bytes, big-endian) and a meta/v1 WatchEvent (type = 1, object = 2, whose raw = 1 is an envelope).</summary>
internal sealed class ProtobufWatchParser<T>(ProtobufRead<T> read, StringPool? pool) : WatchParser<T> where T : class, IKubernetesObject
{
    private const int HeaderLength = 4;

    /// <inheritdoc/>
    public override WatchEvent<T>? Next(ReadOnlySpan<byte> data, ApiRequest request, out int consumed)
    {
        consumed = 0;
        if (data.Length < HeaderLength) return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(data);
        if (length > BodyReader.LargestObject) throw new InvalidDataException($"The watch announces an event of {length} bytes.");
        if (data.Length - HeaderLength < length) return null;

        consumed = HeaderLength + (int)length;
        var type = "";
        ReadOnlySpan<byte> envelope = default;
        var reader = new ProtobufReader(data[HeaderLength..consumed]);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: type = reader.Text(); break;
                case 2: envelope = ReadRaw(reader.Message()); break;
            }
        }
        return Open(TypeOf(type), ProtobufEnvelope.Open(envelope), request);
    }

    private WatchEvent<T> Open(WatchEventType type, ProtobufEnvelope envelope, ApiRequest request)
    {
        var reader = new ProtobufReader(envelope.Raw, pool);
        return type == WatchEventType.Error ? Error(ServerStatus.Read(reader), request) : Event(type, read(ref reader));
    }

    private static ReadOnlySpan<byte> ReadRaw(ProtobufReader reader)
    {
        ReadOnlySpan<byte> raw = default;
        while (reader.Next())
        {
            if (reader.Field == 1) raw = reader.Bytes();
        }
        return raw;
    }
}

/// <summary>A watch in JSON: one object <c>{"type":…,"object":…}</c> after the other.</summary>
internal sealed class JsonWatchParser<T>(StringPool? pool) : WatchParser<T> where T : class, IKubernetesObject
{
    private readonly JsonTypeInfo<T> _json = Resource<T>.JsonWith(pool);
    private JsonObjectEnd _end;

    /// <inheritdoc/>
    public override WatchEvent<T>? Next(ReadOnlySpan<byte> data, ApiRequest request, out int consumed)
    {
        var blank = data.IndexOfAnyExcept(" \t\r\n"u8);
        consumed = blank < 0 ? data.Length : blank;
        var rest = data[consumed..];
        if (rest.IsEmpty) return null;
        if (rest[0] != (byte)'{') throw new InvalidDataException("The watch brings something that is no event.");

        var length = _end.Find(rest);
        if (length == 0) return null;
        consumed += length;
        return Read(rest[..length], request);
    }

    private WatchEvent<T> Read(ReadOnlySpan<byte> json, ApiRequest request)
    {
        var type = "";
        ReadOnlySpan<byte> content = default;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (isType) type = reader.GetString() ?? "";
            reader.Skip();
            if (isObject) content = json[start..(int)reader.BytesConsumed];
        }

        var eventType = TypeOf(type);
        if (content.IsEmpty) throw new InvalidDataException("The watch brings an event without an object.");
        if (eventType == WatchEventType.Error) return Error(ServerStatus.Read(content.ToArray()) ?? new(), request);
        return Event(eventType, JsonSerializer.Deserialize(content, _json) ?? throw new InvalidDataException("The watch brings an event without an object."));
    }
}
