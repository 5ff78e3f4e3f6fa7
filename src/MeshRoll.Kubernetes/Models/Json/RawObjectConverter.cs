using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshRoll.Kubernetes.Models.Json;

/// <summary>Keeps an object's JSON, and reads its metadata as for any other.</summary>
internal sealed class RawObjectConverter : JsonConverter<RawObject>
{
    /// <inheritdoc/>
    public override RawObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("An object is expected.");

        var json = JsonElement.ParseValue(ref reader);
        var metadata = json.TryGetProperty("metadata", out var found) ? found.Deserialize(ModelJson.Default.ObjectMeta) : null;
        return new() { Metadata = metadata ?? new(), Json = json };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RawObject value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
}
