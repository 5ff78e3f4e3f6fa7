using System.Text.Json;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>
/// Whether two pod templates mean the same, whatever their JSON looks like: the order of fields, nulls, and the empty lists and maps that one server
/// writes and another leaves out do not count, nor does what a controller adds when it keeps one (its hash label, the <c>$patch</c> of a
/// ControllerRevision). Bytes would differ after an upgrade of the server.
/// </summary>
internal static class TemplateComparison
{
    private static readonly string[] KeepersLabels = ["pod-template-hash", "rollouts-pod-template-hash"];

    // Go writes a nil map and an empty one alike; an empty emptyDir or securityContext is something else than none.
    private static readonly string[] Maps = ["labels", "annotations", "nodeSelector", "matchLabels", "limits", "requests"];

    /// <summary>Whether they mean the same.</summary>
    public static bool AreSame(JsonElement one, JsonElement other) => AreSame(one, other, "", restartsCount: true);

    /// <summary>Whether they mean the same but for the time of a restart.</summary>
    public static bool AreSameButForRestart(JsonElement one, JsonElement other) => AreSame(one, other, "", restartsCount: false);

    private static bool AreSame(JsonElement one, JsonElement other, string field, bool restartsCount)
    {
        if (one.ValueKind != other.ValueKind) return false;
        return one.ValueKind switch
        {
            JsonValueKind.Object => AreSameObjects(one, other, field, restartsCount),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength()
                && one.EnumerateArray().Zip(other.EnumerateArray()).All(pair => AreSame(pair.First, pair.Second, $"{field}[]", restartsCount)),
            JsonValueKind.String => one.ValueEquals(other.GetString()),
            JsonValueKind.Number => one.GetRawText() == other.GetRawText() || (one.TryGetDecimal(out var first) && other.TryGetDecimal(out var second) && first == second),
            _ => true,
        };
    }

    private static bool AreSameObjects(JsonElement one, JsonElement other, string field, bool restartsCount)
    {
        var (wanted, found) = (Telling(one, field, restartsCount), Telling(other, field, restartsCount));
        return wanted.Count == found.Count
            && wanted.All(entry => found.TryGetValue(entry.Key, out var value) && AreSame(entry.Value, value, entry.Key, restartsCount));
    }

    /// <summary>The fields that say something, of the object in <paramref name="field"/> (empty for the template itself).</summary>
    private static Dictionary<string, JsonElement> Telling(JsonElement json, string field, bool restartsCount)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var entry in json.EnumerateObject())
        {
            var isKeepers = field switch
            {
                "" => entry.Name == "$patch",
                "labels" => KeepersLabels.Contains(entry.Name),
                "annotations" => !restartsCount && entry.Name == Restarts.RestartPatch.Annotation,
                _ => false,
            };
            if (!isKeepers && !IsNothing(entry, restartsCount)) fields[entry.Name] = entry.Value;
        }
        return fields;
    }

    private static bool IsNothing(JsonProperty entry, bool restartsCount) => entry.Value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => entry.Value.GetArrayLength() == 0,
        JsonValueKind.Object => Maps.Contains(entry.Name) && Telling(entry.Value, entry.Name, restartsCount).Count == 0,
        _ => false,
    };
}
