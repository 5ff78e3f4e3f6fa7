using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Controllers.Autoscaling;

/// <summary>The conditions of an autoscaler: they keep their places, and the time of the last change of their status.</summary>
internal sealed class AutoscalerConditions
{
    private readonly JsonObject _status;
    private readonly DateTimeOffset _now;
    private readonly List<Condition> _conditions;

    public AutoscalerConditions(JsonObject status, DateTimeOffset now)
    {
        (_status, _now) = (status, now);
        using var document = JsonDocument.Parse(status.ToJsonString());
        _conditions = [.. Condition.ReadAll(document.RootElement)];
    }

    /// <summary>Sets a condition.</summary>
    public void Set(string type, string status, string reason, string message)
    {
        var at = _conditions.FindIndex(condition => condition.Type == type);
        var since = at >= 0 && _conditions[at].Status == status ? _conditions[at].LastTransitionTime : _now;
        var condition = new Condition(type, status, reason, message) { LastTransitionTime = since };
        if (at < 0) _conditions.Add(condition);
        else _conditions[at] = condition;
    }

    /// <summary>Writes them into the status.</summary>
    public void Write() => Condition.WriteAll(_status, _conditions);
}
