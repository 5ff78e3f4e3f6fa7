using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>ReplicaSets (apps/v1).</summary>
internal static class ReplicaSetKind
{
    /// <summary>Fills a ReplicaSet in.</summary>
    public static void Default(JsonObject set)
    {
        PodSpecDefaults.FillTemplate(set);
        set.Object("spec").Fill("replicas", 1);
    }

    /// <summary>What is wrong with a ReplicaSet.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject set, JsonObject? before) =>
        FieldErrors.Negative(set["spec"], "spec", "replicas", "minReadySeconds")
            .Concat(SelectorRules.Check(set, before, "replicaset"))
            .Concat(PodSpecRules.CheckTemplate(set, "Always"));
}
