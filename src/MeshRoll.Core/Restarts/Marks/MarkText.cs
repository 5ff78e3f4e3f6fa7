using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MeshRoll.Core.Restarts.Marks;

/// <summary>A mark as it stands in the annotation: JSON, so that people can read it and later versions can add to it.</summary>
internal static class MarkText
{
    private const int LongestText = 4096;

    /// <summary>The annotation's value.</summary>
    public static string Write(RestartMark mark)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("run", mark.Run);
            json.WriteString("strategy", mark.Strategy);
            json.WriteString("by", mark.By);
            json.WriteNumber("process", mark.Process);
            json.WriteString("since", Time(mark.Since));
            json.WriteString("beat", Time(mark.Beat));
            if (mark.Replicas is { } replicas)
            {
                json.WriteNumber("replicas", replicas);
                json.WriteNumber("surge", mark.Surge);
            }
            if (mark.AllPods) json.WriteBoolean("allPods", true);
            if (mark.Before is { } before) json.WriteString("before", Time(before));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>Reads a value; null when it is not a mark. Counts that no workload can have are no mark either: they would be restored.</summary>
    public static RestartMark? Read(string value)
    {
        if (value.Length > LongestText) return null;
        try
        {
            using var document = JsonDocument.Parse(value, new() { MaxDepth = 4 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RestartMark? Read(JsonElement json)
    {
        if (Text(json, "run") is not { Length: > 0 and <= 63 } run || Text(json, "strategy") is not ("Surge" or "Evict") || Text(json, "by") is not { Length: > 0 and <= 200 } by) return null;
        if (Moment(json, "since") is not { } since || Moment(json, "beat") is not { } beat || Number(json, "process") is not { } process) return null;
        var (replicas, surge) = (Number(json, "replicas"), Number(json, "surge"));
        if (replicas is < 0 || (replicas is null) != (surge is null) || surge is < 0 or > 10_000) return null;
        if (json.TryGetProperty("before", out _) && Moment(json, "before") is null) return null;
        return new()
        {
            Run = run,
            Strategy = Text(json, "strategy")!,
            By = by,
            Process = process,
            Since = since,
            Beat = beat,
            Replicas = replicas,
            Surge = surge ?? 0,
            AllPods = json.TryGetProperty("allPods", out var all) && all.ValueKind == JsonValueKind.True,
            Before = Moment(json, "before"),
        };
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static DateTimeOffset? Moment(JsonElement json, string name) =>
        DateTimeOffset.TryParse(Text(json, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
