using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Api.Versions;

/// <summary>
/// autoscaling/v1 knows one metric, the CPU target; everything else of autoscaling/v2 travels in annotations, so that nothing is lost on the way
/// there and back (the rules of the API server's own conversion).
/// </summary>
internal static class HorizontalPodAutoscalerV1
{
    private const string Metrics = "autoscaling.alpha.kubernetes.io/metrics";
    private const string Behavior = "autoscaling.alpha.kubernetes.io/behavior";
    private const string Conditions = "autoscaling.alpha.kubernetes.io/conditions";
    private const string CurrentMetrics = "autoscaling.alpha.kubernetes.io/current-metrics";

    public static void FromV2(JsonObject body)
    {
        var spec = body.Object("spec");
        if (TakeCpu(spec, "metrics") is { } cpu && cpu.Number("resource", "target", "averageUtilization") is { } percent) spec["targetCPUUtilizationPercentage"] = percent;
        ToAnnotation(body, spec, "metrics", Metrics);
        ToAnnotation(body, spec, "behavior", Behavior);

        if (body["status"] is not JsonObject status) return;
        if (TakeCpu(status, "currentMetrics") is { } current && current.Number("resource", "current", "averageUtilization") is { } now) status["currentCPUUtilizationPercentage"] = now;
        ToAnnotation(body, status, "currentMetrics", CurrentMetrics);
        ToAnnotation(body, status, "conditions", Conditions);
    }

    public static void ToV2(JsonObject body)
    {
        var spec = body.Object("spec");
        FromAnnotation(body, spec, "metrics", Metrics);
        FromAnnotation(body, spec, "behavior", Behavior);
        if (spec.Number("targetCPUUtilizationPercentage") is { } percent)
        {
            spec.List("metrics").Insert(0, new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = percent } },
            });
        }
        spec.Remove("targetCPUUtilizationPercentage");

        if (body["status"] is not JsonObject status) return;
        FromAnnotation(body, status, "currentMetrics", CurrentMetrics);
        FromAnnotation(body, status, "conditions", Conditions);
        if (status.Number("currentCPUUtilizationPercentage") is { } now)
        {
            status.List("currentMetrics").Insert(0, new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject { ["name"] = "cpu", ["current"] = new JsonObject { ["averageUtilization"] = now } },
            });
        }
        status.Remove("currentCPUUtilizationPercentage");
    }

    /// <summary>Takes the CPU utilisation, which v1 has a field for, out of a list of metrics.</summary>
    private static JsonObject? TakeCpu(JsonObject parent, string list)
    {
        var cpu = parent.Items(list).FirstOrDefault(metric => metric.Text("type") == "Resource" && metric.Text("resource", "name") == "cpu"
            && (metric.Number("resource", "target", "averageUtilization") ?? metric.Number("resource", "current", "averageUtilization")) is not null);
        if (cpu is not null) ((JsonArray)parent[list]!).Remove(cpu);
        return cpu;
    }

    private static void ToAnnotation(JsonObject body, JsonObject parent, string field, string annotation)
    {
        var value = parent[field];
        parent.Remove(field);
        if (value is null or JsonArray { Count: 0 }) return;
        body.Object("metadata", "annotations")[annotation] = value.ToJsonString(PlainText.Options);
    }

    private static void FromAnnotation(JsonObject body, JsonObject parent, string field, string annotation)
    {
        if (body.Text("metadata", "annotations", annotation) is not { } text) return;
        var annotations = body.Object("metadata", "annotations");
        annotations.Remove(annotation);
        if (annotations.Count == 0) body.Object("metadata").Remove("annotations");
        try
        {
            if (JsonReading.Parse(System.Text.Encoding.UTF8.GetBytes(text)) is { } value) parent[field] = value;
        }
        catch (System.Text.Json.JsonException)
        {
            // Somebody else's text under this name: the server drops what it cannot read, too.
        }
    }
}
