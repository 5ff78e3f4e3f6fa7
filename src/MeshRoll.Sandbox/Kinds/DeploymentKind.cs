using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>Deployments (apps/v1).</summary>
internal static class DeploymentKind
{
    /// <summary>Fills a Deployment in.</summary>
    public static void Default(JsonObject deployment)
    {
        var spec = deployment.Object("spec");
        PodSpecDefaults.FillTemplate(deployment);
        spec.Fill("replicas", 1);
        var strategy = spec.Object("strategy");
        if (string.IsNullOrEmpty(strategy.Text("type"))) strategy["type"] = "RollingUpdate";
        if (strategy.Text("type") == "RollingUpdate")
        {
            var limits = strategy.Object("rollingUpdate");
            limits.Fill("maxUnavailable", "25%");
            limits.Fill("maxSurge", "25%");
        }
        spec.Fill("revisionHistoryLimit", 10);
        spec.Fill("progressDeadlineSeconds", 600);
    }

    /// <summary>What is wrong with a Deployment.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject deployment, JsonObject? before)
    {
        var spec = deployment["spec"];
        foreach (var error in Negative(spec, "spec", "replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds")) yield return error;
        foreach (var error in SelectorRules.Check(deployment, before, "deployment")) yield return error;
        foreach (var error in PodSpecRules.CheckTemplate(deployment, "Always")) yield return error;
        foreach (var error in CheckStrategy(spec.At("strategy"))) yield return error;
        if (spec.Number("progressDeadlineSeconds") is >= 0 and var deadline && deadline <= (spec.Number("minReadySeconds") ?? 0))
            yield return Invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
    }

    private static IEnumerable<FieldError> CheckStrategy(JsonNode? strategy)
    {
        const string Path = "spec.strategy";
        switch (strategy.Text("type"))
        {
            case "Recreate":
                if (strategy.At("rollingUpdate") is not null) yield return Forbidden($"{Path}.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
                break;
            case "RollingUpdate":
                var limits = strategy.At("rollingUpdate");
                foreach (var error in Amounts.Check(limits, $"{Path}.rollingUpdate", "maxUnavailable", atMostAll: true)) yield return error;
                foreach (var error in Amounts.Check(limits, $"{Path}.rollingUpdate", "maxSurge", atMostAll: false)) yield return error;
                if (Amounts.IsNothing(limits, "maxUnavailable") && Amounts.IsNothing(limits, "maxSurge"))
                    yield return Invalid($"{Path}.rollingUpdate.maxUnavailable", GoText.IntOrString(limits.At("maxUnavailable")), "may not be 0 when `maxSurge` is 0");
                break;
            default:
                yield return NotSupported($"{Path}.type", strategy.Text("type") ?? "", "Recreate", "RollingUpdate");
                break;
        }
    }
}
