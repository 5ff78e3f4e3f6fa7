using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Journal;

/// <summary>An entry as a line of JSON, which other programs can read too. What a later version adds is passed over.</summary>
internal static class EntryText
{
    private const int Form = 1;

    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>The line, with its end.</summary>
    public static ReadOnlyMemory<byte> Write(RunEntry entry)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Form);
            json.WriteNumber("n", entry.Number);
            json.WriteString("time", Time(entry.Time));
            json.WriteString("plan", entry.Plan);
            json.WriteString("event", Name(entry.Event));
            Text(json, "by", entry.By);
            Text(json, "wave", entry.Wave);
            if (entry.Workload is { } workload) json.WriteString("workload", PlanNames.Write(workload));
            if (entry.State is { } state) json.WriteString("state", state.ToString());
            Text(json, "strategy", entry.Strategy);
            Number(json, "desired", entry.Desired);
            Number(json, "updated", entry.Updated);
            Number(json, "ready", entry.Ready);
            Number(json, "old", entry.Old);
            Text(json, "uid", entry.Uid);
            Text(json, "template", entry.Template);
            Number(json, "generation", entry.Generation);
            if (entry.RestartedAt is { } restarted) json.WriteString("restartedAt", Time(restarted));
            if (entry.Until is { } until) json.WriteString("until", Time(until));
            Texts(json, "sidecars", entry.Sidecars);
            Text(json, "message", entry.Message);
            Texts(json, "diagnosis", entry.Diagnosis);
            json.WriteEndObject();
        }
        text.Write("\n"u8);
        return text.WrittenMemory;
    }

    /// <summary>Reads a line without its end; null when it is no entry, or one of a newer form.</summary>
    public static RunEntry? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new() { MaxDepth = 4 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A text that is no valid UTF-16, or a value of another kind.
            return null;
        }
    }

    private static RunEntry? Read(JsonElement json)
    {
        if (Long(json, "v") is not Form || Long(json, "n") is not { } number || number < 1) return null;
        if (Moment(json, "time") is not { } time || Text(json, "plan") is not { Length: > 0 } plan) return null;
        if (EventOf(Text(json, "event")) is not { } happened) return null;
        WorkloadReference? workload = null;
        if (Text(json, "workload") is { } name && (workload = PlanNames.Read(name)) is null) return null;
        return new()
        {
            Number = number,
            Time = time,
            Plan = plan,
            Event = happened,
            By = Text(json, "by") ?? "",
            Wave = Text(json, "wave") ?? "",
            Workload = workload,
            State = Enum.TryParse<RolloutState>(Text(json, "state"), out var state) ? state : null,
            Strategy = Text(json, "strategy") ?? "",
            Desired = Int(json, "desired"),
            Updated = Int(json, "updated"),
            Ready = Int(json, "ready"),
            Old = Int(json, "old"),
            Uid = Text(json, "uid") ?? "",
            Template = Text(json, "template") ?? "",
            Generation = Long(json, "generation"),
            RestartedAt = Moment(json, "restartedAt"),
            Until = Moment(json, "until"),
            Sidecars = Texts(json, "sidecars"),
            Message = Text(json, "message") ?? "",
            Diagnosis = Texts(json, "diagnosis"),
        };
    }

    private static string Name(RunEvent happened)
    {
        var name = happened.ToString();
        return $"{char.ToLowerInvariant(name[0])}{name[1..]}";
    }

    private static RunEvent? EventOf(string? name)
    {
        foreach (var happened in Enum.GetValues<RunEvent>())
        {
            if (Name(happened) == name) return happened;
        }
        return null;
    }

    private static void Text(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0) json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IReadOnlyList<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    private static long? Long(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static int? Int(JsonElement json, string name) => Long(json, name) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    private static DateTimeOffset? Moment(JsonElement json, string name) =>
        DateTimeOffset.TryParse(Text(json, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture);
}
