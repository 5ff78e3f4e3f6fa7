using System.Text.Encodings.Web;
using System.Text.Json;

namespace MeshRoll.Sandbox.Objects;

/// <summary>The same JSON from the serializer. Apart from <see cref="PlainJson"/>, so that a start does not pay for what it does not use.</summary>
internal static class PlainText
{
    /// <summary>Compact.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For people.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };
}
