using System.Text.Json;
using System.Text.Json.Serialization;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Models.Json;

/// <summary>Reads labels, annotations and the data of ConfigMaps.</summary>
internal sealed class StringMapConverter(StringPool? pool) : JsonConverter<IReadOnlyDictionary<string, string>>
{
    /// <summary>One that makes every text anew.</summary>
    public StringMapConverter()
        : this(null)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("A map is expected.");

        RepeatedField<KeyValuePair<string, string>> entries = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = PooledTextConverter.Text(ref reader, pool)!;
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null)) throw new JsonException("A text is expected.");
            if (StringMap.IsKept(key)) entries.Add(new(key, PooledTextConverter.Text(ref reader, pool) ?? ""));
        }
        return StringMap.Of(entries.AsSpan());
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value) writer.WriteString(key, text);
        writer.WriteEndObject();
    }
}
