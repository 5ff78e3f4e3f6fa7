using System.Buffers.Text;
using System.Text.Json;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>
/// Writes objects that are kept as JSON in Kubernetes' protobuf, in one pass and without a model between them.
/// Fields that the schema leaves out, and values of another type than it says, are left out.
/// </summary>
internal static class ProtobufEncoder
{
    /// <summary>Whether objects of a kind can be written.</summary>
    public static bool CanEncode(string kind) => ProtobufSchema.Find(kind) is not null;

    /// <summary>Writes one object as its message, without the envelope.</summary>
    /// <exception cref="ArgumentException">The kind has no schema.</exception>
    public static byte[] EncodeItem(string kind, ReadOnlySpan<byte> json)
    {
        var buffer = new ProtobufBuffer(json.Length);
        Encode(SchemaOf(kind), json, buffer);
        return buffer.Written.ToArray();
    }

    /// <summary>Writes one object's message into a buffer.</summary>
    internal static void Encode(ProtobufMessage schema, ReadOnlySpan<byte> json, ProtobufBuffer buffer)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        WriteMessage(schema, ref reader, json, buffer);
    }

    internal static ProtobufMessage SchemaOf(string kind) =>
        ProtobufSchema.Find(kind) ?? throw new ArgumentException($"Objects of kind {kind} have no protobuf schema.", nameof(kind));

    private static void WriteMessage(ProtobufMessage schema, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ProtobufBuffer buffer)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = schema.Find(reader.ValueSpan);
            reader.Read();
            if (field is null) reader.Skip();
            else if (reader.TokenType != JsonTokenType.StartArray) WriteValue(field, ref reader, json, buffer);
            else
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) WriteValue(field, ref reader, json, buffer);
            }
        }
    }

    private static void WriteValue(ProtobufField field, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ProtobufBuffer buffer)
    {
        if (reader.TokenType == JsonTokenType.Null) return;

        var outer = field.Outer > 0 ? buffer.Open(field.Outer) : 0;
        switch (field.Kind)
        {
            case ProtobufKind.Text when reader.TokenType == JsonTokenType.String: WriteText(field.Number, ref reader, buffer); break;
            case ProtobufKind.Number when reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number): buffer.Number(field.Number, number); break;
            case ProtobufKind.Flag when reader.TokenType is JsonTokenType.True: buffer.Number(field.Number, 1); break;
            case ProtobufKind.Flag when reader.TokenType is JsonTokenType.False: buffer.Number(field.Number, 0); break;
            case ProtobufKind.Bytes when reader.TokenType == JsonTokenType.String: WriteBytes(field.Number, ref reader, buffer); break;
            case ProtobufKind.Moment when reader.TokenType == JsonTokenType.String: WriteTime(field.Number, ref reader, buffer); break;
            case ProtobufKind.IntOrString: WriteIntOrString(field.Number, ref reader, buffer); break;
            case ProtobufKind.Quantity: WriteQuantity(field.Number, ref reader, buffer); break;
            case ProtobufKind.Message when reader.TokenType == JsonTokenType.StartObject:
                var message = buffer.Open(field.Number);
                WriteMessage(field.Message!, ref reader, json, buffer);
                buffer.Close(message);
                break;
            case ProtobufKind.TextMap or ProtobufKind.BytesMap or ProtobufKind.QuantityMap when reader.TokenType == JsonTokenType.StartObject:
                WriteMap(field, ref reader, buffer);
                break;
            case ProtobufKind.RawJson: WriteRawJson(field.Number, ref reader, json, buffer); break;
            default: reader.Skip(); break;
        }
        if (outer > 0) buffer.Close(outer);
    }

    private static void WriteText(int field, ref Utf8JsonReader reader, ProtobufBuffer buffer)
    {
        if (reader.ValueIsEscaped) buffer.Text(field, reader.GetString()!);
        else buffer.Bytes(field, reader.ValueSpan);
    }

    private static void WriteBytes(int field, ref Utf8JsonReader reader, ProtobufBuffer buffer)
    {
        if (!reader.ValueIsEscaped && Base64.IsValid(reader.ValueSpan, out var length)) Base64.DecodeFromUtf8(reader.ValueSpan, buffer.Reserve(field, length), out _, out _);
        else if (reader.TryGetBytesFromBase64(out var bytes)) buffer.Bytes(field, bytes);
    }

    private static void WriteTime(int field, ref Utf8JsonReader reader, ProtobufBuffer buffer)
    {
        if (!reader.TryGetDateTimeOffset(out var time)) return;
        var message = buffer.Open(field);
        buffer.Number(1, time.ToUnixTimeSeconds());
        var nanos = time.Ticks % TimeSpan.TicksPerSecond * 100;
        if (nanos > 0) buffer.Number(2, nanos);
        buffer.Close(message);
    }

    private static void WriteIntOrString(int field, ref Utf8JsonReader reader, ProtobufBuffer buffer)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            reader.Skip();
            return;
        }
        var message = buffer.Open(field);
        var isText = reader.TokenType == JsonTokenType.String;
        buffer.Number(1, isText ? 1 : 0);
        buffer.Number(2, !isText && reader.TryGetInt64(out var number) ? number : 0);
        if (isText) WriteText(3, ref reader, buffer);
        buffer.Close(message);
    }

    // As text "500m", but hand-written JSON may have a bare number.
    private static void WriteQuantity(int field, ref Utf8JsonReader reader, ProtobufBuffer buffer)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            reader.Skip();
            return;
        }
        var message = buffer.Open(field);
        buffer.Bytes(1, reader.ValueSpan);
        buffer.Close(message);
    }

    private static void WriteMap(ProtobufField field, ref Utf8JsonReader reader, ProtobufBuffer buffer)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var entry = buffer.Open(field.Number);
            WriteText(1, ref reader, buffer);
            reader.Read();
            if (field.Kind == ProtobufKind.QuantityMap) WriteQuantity(2, ref reader, buffer);
            else if (reader.TokenType != JsonTokenType.String) reader.Skip();
            else if (field.Kind == ProtobufKind.BytesMap) WriteBytes(2, ref reader, buffer);
            else WriteText(2, ref reader, buffer);
            buffer.Close(entry);
        }
    }

    private static void WriteRawJson(int field, ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ProtobufBuffer buffer)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var message = buffer.Open(field);
        buffer.Bytes(1, json[start..(int)reader.BytesConsumed]);
        buffer.Close(message);
    }
}
