using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>DaemonSets (apps/v1).</summary>
internal static class DaemonSetKind
{
    private const string Path = "spec.updateStrategy.rollingUpdate";

    /// <summary>Fills a DaemonSet in.</summary>
    public static void Default(JsonObject set)
    {
        var spec = set.Object("spec");
        PodSpecDefaults.FillTemplate(set);
        var strategy = spec.Object("updateStrategy");
        if (string.IsNullOrEmpty(strategy.Text("type"))) strategy["type"] = "RollingUpdate";
        if (strategy.Text("type") == "RollingUpdate")
        {
            var limits = strategy.Object("rollingUpdate");
            limits.Fill("maxUnavailable", 1);
            limits.Fill("maxSurge", 0);
        }
        spec.Fill("revisionHistoryLimit", 10);
    }

    /// <summary>What is wrong with a DaemonSet.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject set, JsonObject? before)
    {
        var spec = set["spec"];
        foreach (var error in Negative(spec, "spec", "minReadySeconds", "revisionHistoryLimit")) yield return error;
        foreach (var error in SelectorRules.Check(set, before, "daemonset")) yield return error;
        foreach (var error in PodSpecRules.CheckTemplate(set, "Always")) yield return error;
        foreach (var error in OneOf(spec.At("updateStrategy"), "spec.updateStrategy", "type", "RollingUpdate", "OnDelete")) yield return error;
        if (spec.Text("updateStrategy", "type") != "RollingUpdate") yield break;

        var limits = spec.At("updateStrategy", "rollingUpdate");
        foreach (var error in Amounts.Check(limits, Path, "maxUnavailable", atMostAll: true)) yield return error;
        foreach (var error in Amounts.Check(limits, Path, "maxSurge", atMostAll: true)) yield return error;
        var (fewer, more) = (!Amounts.IsNothing(limits, "maxUnavailable"), !Amounts.IsNothing(limits, "maxSurge"));
        if (fewer && more) yield return Invalid($"{Path}.maxSurge", GoText.IntOrString(limits.At("maxSurge")), "may not be set when maxUnavailable is non-zero");
        if (!fewer && !more) yield return Required($"{Path}.maxUnavailable", "cannot be 0 when maxSurge is 0");
    }
}
