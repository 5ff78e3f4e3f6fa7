using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Wire;

/// <summary>The Status object of the API (meta/v1) as the body of a refusal.</summary>
internal static class StatusBody
{
    /// <summary>A Failure.</summary>
    /// <param name="code">The HTTP status.</param>
    /// <param name="reason">One word of the API, such as Unauthorized or Expired; empty for none.</param>
    /// <param name="message">The sentence.</param>
    /// <param name="retryAfterSeconds">When to ask again, where the server says so.</param>
    public static byte[] Write(int code, string reason, string message, int? retryAfterSeconds = null)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, PlainJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("kind", "Status");
            json.WriteString("apiVersion", "v1");
            json.WriteStartObject("metadata");
            json.WriteEndObject();
            json.WriteString("status", "Failure");
            json.WriteString("message", message);
            if (reason.Length > 0) json.WriteString("reason", reason);
            if (retryAfterSeconds is { } seconds)
            {
                json.WriteStartObject("details");
                json.WriteNumber("retryAfterSeconds", seconds);
                json.WriteEndObject();
            }
            json.WriteNumber("code", code);
            json.WriteEndObject();
        }
        return text.ToArray();
    }
}
