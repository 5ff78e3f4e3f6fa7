using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>PodDisruptionBudgets (policy/v1).</summary>
internal static class DisruptionBudgetKind
{
    /// <summary>What is wrong with a budget.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject budget, JsonObject? before)
    {
        var spec = budget["spec"];
        if (spec.At("minAvailable") is not null && spec.At("maxUnavailable") is not null)
            yield return Invalid("spec", spec!.ToJsonString(), "minAvailable and maxUnavailable cannot be both set");
        foreach (var error in Amounts.Check(spec, "spec", "minAvailable", atMostAll: true)) yield return error;
        foreach (var error in Amounts.Check(spec, "spec", "maxUnavailable", atMostAll: true)) yield return error;
        foreach (var error in OneOf(spec, "spec", "unhealthyPodEvictionPolicy", "AlwaysAllow", "IfHealthyBudget")) yield return error;
        foreach (var error in SelectorRules.CheckSyntax(spec.At("selector"), "spec.selector")) yield return error;
    }
}
