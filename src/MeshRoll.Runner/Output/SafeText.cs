using System.Text;

namespace MeshRoll.Runner.Output;

/// <summary>Text that comes from a cluster is foreign: names and messages must not steer a terminal.</summary>
internal static class SafeText
{
    /// <summary>The text with control characters, line breaks among them, shown as spaces.</summary>
    internal static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (!text.AsSpan().ContainsAnyInRange('\u0000', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f')) return text;

        var safe = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            safe.Append(char.IsControl(character) ? ' ' : character);
        }
        return safe.ToString();
    }
}
