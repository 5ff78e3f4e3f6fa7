using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>HorizontalPodAutoscalers (autoscaling/v2).</summary>
internal static class AutoscalerKind
{
    private const int UsualPercent = 80;

    /// <summary>Fills an autoscaler in: at least one replica, and the CPU as what counts.</summary>
    public static void Default(JsonObject scaler)
    {
        var spec = scaler.Object("spec");
        spec.Fill("minReplicas", 1);
        if (spec["metrics"] is JsonArray { Count: > 0 }) return;
        spec["metrics"] = new JsonArray(new JsonObject
        {
            ["type"] = "Resource",
            ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = UsualPercent } },
        });
    }

    /// <summary>What is wrong with an autoscaler.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject scaler, JsonObject? before)
    {
        var spec = scaler["spec"];
        var (least, most) = (spec.Number("minReplicas"), spec.Number("maxReplicas") ?? 0);
        if (least is < 1 and var low) yield return Invalid("spec.minReplicas", low, "must be greater than or equal to 1");
        if (most < 1) yield return Invalid("spec.maxReplicas", most, "must be greater than 0");
        if (least is { } minimum && most < minimum) yield return Invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
        if (string.IsNullOrEmpty(spec.Text("scaleTargetRef", "kind"))) yield return Required("spec.scaleTargetRef.kind");
        if (string.IsNullOrEmpty(spec.Text("scaleTargetRef", "name"))) yield return Required("spec.scaleTargetRef.name");
    }
}
