using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>One entry of <c>status.conditions</c>.</summary>
internal sealed record Condition(string Type, string Status, string Reason, string Message)
{
    /// <summary>When the status changed last.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>When the condition was written last; Deployments have that.</summary>
    public DateTimeOffset? LastUpdateTime { get; init; }

    /// <summary>When it was looked at last; Jobs have that.</summary>
    public DateTimeOffset? LastProbeTime { get; init; }

    /// <summary>The generation that was looked at; PodDisruptionBudgets have that.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Whether its status is True.</summary>
    public bool IsTrue => Status == "True";

    /// <summary>The conditions in a status.</summary>
    public static IReadOnlyList<Condition> ReadAll(JsonElement status)
    {
        List<Condition>? conditions = null;
        foreach (var entry in status.Items("conditions"))
        {
            (conditions ??= []).Add(new(entry.Text("type"), entry.Text("status"), entry.Text("reason"), entry.Text("message"))
            {
                LastTransitionTime = entry.Time("lastTransitionTime"),
                LastUpdateTime = entry.Time("lastUpdateTime"),
                LastProbeTime = entry.Time("lastProbeTime"),
                ObservedGeneration = entry.Number("observedGeneration"),
            });
        }
        return conditions ?? (IReadOnlyList<Condition>)[];
    }

    /// <summary>Writes conditions into a status; none leave no trace.</summary>
    public static void WriteAll(JsonObject status, IReadOnlyList<Condition> conditions)
    {
        if (conditions.Count > 0) status["conditions"] = new JsonArray([.. conditions.Select(condition => condition.ToJson())]);
    }

    /// <summary>As the API has it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["type"] = Type, ["status"] = Status };
        if (ObservedGeneration is { } generation) json["observedGeneration"] = generation;
        if (LastProbeTime is { } probed) json["lastProbeTime"] = JsonAccess.Timestamp(probed);
        if (LastUpdateTime is { } updated) json["lastUpdateTime"] = JsonAccess.Timestamp(updated);
        if (LastTransitionTime is { } changed) json["lastTransitionTime"] = JsonAccess.Timestamp(changed);
        if (Reason.Length > 0) json["reason"] = Reason;
        if (Message.Length > 0 || ObservedGeneration is not null) json["message"] = Message;
        return json;
    }
}

/// <summary>Lists of conditions, as the real controllers keep them: one of each type, a changed one at the end.</summary>
internal static class ConditionLists
{
    /// <summary>The condition of a type, or null.</summary>
    public static Condition? Of(this IReadOnlyList<Condition> conditions, string type) => conditions.FirstOrDefault(condition => condition.Type == type);

    /// <summary>The list without one type.</summary>
    public static IReadOnlyList<Condition> Without(this IReadOnlyList<Condition> conditions, string type) =>
        conditions.Of(type) is null ? conditions : [.. conditions.Where(condition => condition.Type != type)];

    /// <summary>The list with a condition. One of the same status and reason stays as it was; one of the same status keeps the time of its transition.</summary>
    public static IReadOnlyList<Condition> With(this IReadOnlyList<Condition> conditions, Condition condition)
    {
        var present = conditions.Of(condition.Type);
        if (present is not null && present.Status == condition.Status && present.Reason == condition.Reason) return conditions;
        if (present is not null && present.Status == condition.Status) condition = condition with { LastTransitionTime = present.LastTransitionTime };
        return [.. conditions.Where(other => other.Type != condition.Type), condition];
    }
}
