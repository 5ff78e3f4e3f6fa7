using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshRoll.Kubernetes.Models.Json;

/// <summary>Reads <c>2</c> and <c>"25%"</c>.</summary>
internal sealed class IntOrPercentConverter : JsonConverter<IntOrPercent>
{
    /// <inheritdoc/>
    public override IntOrPercent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt32(out var count) => new(count, IsPercent: false),
        JsonTokenType.String => IntOrPercent.Parse(reader.GetString()!) ?? throw new JsonException("Neither a count nor a share."),
        _ => throw new JsonException("Neither a count nor a share."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IntOrPercent value, JsonSerializerOptions options)
    {
        if (value.IsPercent) writer.WriteStringValue(value.ToString());
        else writer.WriteNumberValue(value.Value);
    }
}
