using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Controllers.Autoscaling;

/// <summary>What an autoscaler measures in the sandbox: exactly its targets, always.</summary>
internal static class AutoscalerMetrics
{
    /// <summary>Writes the measurements for a spec into a status.</summary>
    public static void Write(JsonNode? spec, JsonObject status)
    {
        if (spec.Number("targetCPUUtilizationPercentage") is { } old) status["currentCPUUtilizationPercentage"] = old;
        var measured = new JsonArray();
        foreach (var metric in spec.Items("metrics"))
        {
            if (metric.Text("type") is not { Length: > 0 } type) continue;
            var field = char.ToLowerInvariant(type[0]) + type[1..];
            if (metric[field] is not JsonObject source) continue;
            var copy = source.DeepClone().AsObject();
            copy.Remove("target");
            copy["current"] = Current(source["target"]);
            measured.Add(new JsonObject { ["type"] = type, [field] = copy });
        }
        if (measured.Count > 0) status["currentMetrics"] = measured;
        else status.Remove("currentMetrics");
    }

    private static JsonObject Current(JsonNode? target)
    {
        var current = new JsonObject();
        if (target.Number("averageUtilization") is { } utilization)
        {
            current["averageUtilization"] = utilization;
            // A percentage of requests is always reported with the amount; a tenth of a processor is asked for here.
            current["averageValue"] = $"{utilization}m";
        }
        foreach (var name in (string[])["averageValue", "value"])
        {
            if (target.At(name) is { } value) current[name] = value.DeepClone();
        }
        return current;
    }
}
