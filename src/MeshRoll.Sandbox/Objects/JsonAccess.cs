using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Objects;

/// <summary>Short ways through the JSON of an object. Reading never throws because something is missing or of another type.</summary>
internal static class JsonAccess
{
    /// <summary>The value at a path of property names, or null.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node is not JsonObject parent || !parent.TryGetPropertyValue(name, out node)) return null;
        }
        return node;
    }

    /// <summary>The text at a path, or null.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The whole number at a path, or null.</summary>
    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        if (node.At(path) is not JsonValue value) return null;
        if (value.TryGetValue<long>(out var number)) return number;
        return value.TryGetValue<int>(out var small) ? small : null;
    }

    /// <summary>The truth at a path; false when missing.</summary>
    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>The time at a path, or null.</summary>
    public static DateTimeOffset? Time(this JsonNode? node, params ReadOnlySpan<string> path) => ParseTime(node.Text(path));

    /// <summary>The objects in the list at a path; empty when missing.</summary>
    public static JsonObjects Items(this JsonNode? node, params ReadOnlySpan<string> path) => new(node.At(path) as JsonArray);

    /// <summary>The map of texts at a path; empty when missing.</summary>
    public static Dictionary<string, string> Map(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node.At(path) is not JsonObject entries) return map;
        foreach (var (key, value) in entries)
        {
            if (value is JsonValue single && single.TryGetValue<string>(out var text)) map[key] = text;
        }
        return map;
    }

    /// <summary>The object at a path, made where it is missing.</summary>
    public static JsonObject Object(this JsonObject node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node[name] is not JsonObject child) node[name] = child = [];
            node = child;
        }
        return node;
    }

    /// <summary>The list at a path, made where it is missing.</summary>
    public static JsonArray List(this JsonObject node, params ReadOnlySpan<string> path)
    {
        var parent = node.Object(path[..^1]);
        if (parent[path[^1]] is not JsonArray list) parent[path[^1]] = list = [];
        return list;
    }

    /// <summary>Sets a text where there is nothing or null.</summary>
    public static void Fill(this JsonObject node, string name, string value)
    {
        if (node[name] is null) node[name] = value;
    }

    /// <summary>Sets a number where there is nothing or null.</summary>
    public static void Fill(this JsonObject node, string name, int value)
    {
        if (node[name] is null) node[name] = value;
    }

    /// <summary>Sets a truth where there is nothing or null.</summary>
    public static void Fill(this JsonObject node, string name, bool value)
    {
        if (node[name] is null) node[name] = value;
    }

    /// <summary>A time as the API writes it: UTC, whole seconds.</summary>
    public static string Timestamp(DateTimeOffset time) => string.Create(20, time.UtcDateTime, static (signs, time) =>
    {
        time.TryFormat(signs, out var length, "s", CultureInfo.InvariantCulture);
        signs[length] = 'Z';
    });

    /// <summary>A time as the API writes MicroTime: UTC, microseconds.</summary>
    public static string MicroTimestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'.'ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time from the API's text, or null.</summary>
    public static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>The property of an element, or an undefined element.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return default;
        }
        return element;
    }

    /// <summary>The text at a path, or the empty string.</summary>
    public static string Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.String ? found.GetString()! : "";
    }

    /// <summary>The whole number at a path, or null.</summary>
    public static long? Number(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        return found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out var number) ? number : null;
    }

    /// <summary>The truth at a path; false when missing.</summary>
    public static bool Flag(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path).ValueKind == JsonValueKind.True;

    /// <summary>The time at a path, or null.</summary>
    public static DateTimeOffset? Time(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var found = element.At(path);
        if (found.ValueKind != JsonValueKind.String) return null;
        return found.TryGetDateTimeOffset(out var time) ? time.ToUniversalTime() : ParseTime(found.GetString());
    }

    /// <summary>The entries of the list at a path; empty when missing.</summary>
    public static JsonElements Items(this JsonElement element, params ReadOnlySpan<string> path) => new(element.At(path));

    /// <summary>The map of texts at a path; empty when missing.</summary>
    public static Dictionary<string, string> Map(this JsonElement element, params ReadOnlySpan<string> path)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        var found = element.At(path);
        if (found.ValueKind != JsonValueKind.Object) return map;
        foreach (var entry in found.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.String) map[entry.Name] = entry.Value.GetString()!;
        }
        return map;
    }
}
