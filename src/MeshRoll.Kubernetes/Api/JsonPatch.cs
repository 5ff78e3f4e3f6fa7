using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Kubernetes.Api;

/// <summary>Puts a JSON patch (RFC 6902) together. The server carries out all of its operations or none; a test that fails is a 422.</summary>
public sealed class JsonPatch
{
    private static readonly JsonSerializerOptions s_written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Operation, string Path, JsonNode? Value)> _operations = [];

    /// <summary>Goes on only if <paramref name="path"/> has this value.</summary>
    public JsonPatch Test(string path, string value) => With("test", path, JsonValue.Create(value));

    /// <summary>Goes on only if <paramref name="path"/> has this value, whatever its form.</summary>
    public JsonPatch Test(string path, JsonNode value) => With("test", path, value);

    /// <summary>Takes away what is there.</summary>
    public JsonPatch Remove(string path) => With("remove", path, null);

    /// <summary>Sets a value that is there already.</summary>
    public JsonPatch Replace(string path, JsonNode value) => With("replace", path, value);

    /// <summary>Sets a value whether or not there is one.</summary>
    public JsonPatch Add(string path, JsonNode value) => With("add", path, value);

    /// <summary>Finished.</summary>
    public Patch Build()
    {
        using var buffer = new MemoryStream(512);
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            foreach (var (operation, path, value) in _operations)
            {
                writer.WriteStartObject();
                writer.WriteString("op", operation);
                writer.WriteString("path", path);
                if (value is not null)
                {
                    writer.WritePropertyName("value");
                    value.WriteTo(writer, s_written);
                }
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return new(PatchKind.Json, Encoding.UTF8.GetBytes(AsGoWrites(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length))));
    }

    // The server compares texts of a test as they are written, not as they read, and it writes as Go does: \" but \u003c. Outside of texts none of these stands.
    private static string AsGoWrites(string json) => json
        .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);

    private JsonPatch With(string operation, string path, JsonNode? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _operations.Add((operation, path, value));
        return this;
    }
}
