using System.Text.Json;

namespace MeshRoll.Sandbox.Objects;

/// <summary>What a list says of itself (meta/v1 ListMeta).</summary>
/// <param name="ResourceVersion">The moment the list shows; a watch goes on from there.</param>
/// <param name="Continue">Where the next page begins; empty on the last one.</param>
/// <param name="Remaining">How many objects follow; null when that is not known or none do.</param>
internal sealed record ListMetadata(string ResourceVersion, string Continue = "", long? Remaining = null)
{
    /// <summary>Writes it as JSON.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (ResourceVersion.Length > 0) writer.WriteString("resourceVersion", ResourceVersion);
        if (Continue.Length > 0) writer.WriteString("continue", Continue);
        if (Remaining is { } remaining) writer.WriteNumber("remainingItemCount", remaining);
        writer.WriteEndObject();
    }
}
