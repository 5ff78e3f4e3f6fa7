using System.Text.Json;
using System.Text.Json.Serialization;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Models.Json;

/// <summary>Reads texts out of a pool, so that ten thousand objects of a watch in JSON hold the same few hundred strings.</summary>
internal sealed class PooledTextConverter(StringPool pool) : JsonConverter<string>
{
    /// <summary>The text the reader is at; null for null.</summary>
    public static string? Text(ref Utf8JsonReader reader, StringPool? pool) =>
        pool is null || reader.TokenType == JsonTokenType.Null || reader.ValueIsEscaped || reader.HasValueSequence ? reader.GetString() : pool.Get(reader.ValueSpan);

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? Text(ref reader, pool) : throw new JsonException("A text is expected.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
