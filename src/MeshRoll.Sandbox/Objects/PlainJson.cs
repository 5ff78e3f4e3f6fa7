using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Objects;

/// <summary>JSON as the API writes it: compact, and text as it is.</summary>
internal static class PlainJson
{
    /// <summary>For the writer.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A document's bytes.</summary>
    public static byte[] Bytes(JsonNode document)
    {
        // The serializer would have to be set up first, which takes longer than the first answers.
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        document.WriteTo(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
