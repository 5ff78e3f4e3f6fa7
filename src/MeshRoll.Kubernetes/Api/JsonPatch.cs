using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Kubernetes.Api;

/// <summary>Puts a JSON patch (RFC 6902) together. The server carries out all of its operations or none; a test that fails is a 422.</summary>
public sealed class JsonPatch
{
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
        using (var writer = new Utf8JsonWriter(buffer))
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
                    value.WriteTo(writer);
                }
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return new(PatchKind.Json, buffer.ToArray());
    }

    private JsonPatch With(string operation, string path, JsonNode? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _operations.Add((operation, path, value));
        return this;
    }
}
