using System.Text.Encodings.Web;
using System.Text.Json;

namespace MeshRoll.Core;

/// <summary>JSON that people read, in questions, tables and annotations.</summary>
internal static class ReadableJson
{
    /// <summary>On one line, with quotation marks and letters of all scripts as they are.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
