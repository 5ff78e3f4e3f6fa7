using System.Globalization;
using System.Text.Json;

namespace MeshRoll.Core.Preflight;

/// <summary>Reads members of JSON that may be missing.</summary>
internal static class JsonSight
{
    /// <summary>A member by its path; undefined where there is none.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return default;
        }
        return element;
    }

    /// <summary>Whether there is a value.</summary>
    public static bool Is(this JsonElement element) => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The items of an array; none where there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : Enumerable.Empty<JsonElement>();
    }

    /// <summary>The entries of a map of texts.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Entries(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind != JsonValueKind.Object ? [] : found.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.String).Select(entry => KeyValuePair.Create(entry.Name, entry.Value.GetString()!));
    }

    /// <summary>A text, or a number as one; null where there is neither.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind switch
        {
            JsonValueKind.String => found.GetString(),
            JsonValueKind.Number => found.GetRawText(),
            _ => null,
        };
    }

    /// <summary>A whole number; null where there is none.</summary>
    public static int? Number(this JsonElement element, params ReadOnlySpan<string> path) =>
        int.TryParse(element.Text(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether it is true.</summary>
    public static bool Flag(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path).ValueKind == JsonValueKind.True;
}
