using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>StatefulSets (apps/v1).</summary>
internal static class StatefulSetKind
{
    private const string OnlyThese =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private static readonly string[] Changeable = ["replicas", "ordinals", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    /// <summary>Fills a StatefulSet in.</summary>
    public static void Default(JsonObject set)
    {
        var spec = set.Object("spec");
        PodSpecDefaults.FillTemplate(set);
        spec.Fill("podManagementPolicy", "OrderedReady");
        var strategy = spec.Object("updateStrategy");
        if (string.IsNullOrEmpty(strategy.Text("type"))) strategy["type"] = "RollingUpdate";
        if (strategy.Text("type") == "RollingUpdate") strategy.Object("rollingUpdate").Fill("partition", 0);
        spec.Fill("replicas", 1);
        spec.Fill("revisionHistoryLimit", 10);
        foreach (var claim in spec.Items("volumeClaimTemplates"))
        {
            claim.Fill("apiVersion", "v1");
            claim.Fill("kind", "PersistentVolumeClaim");
            claim.Object("spec").Fill("volumeMode", "Filesystem");
            claim.Object("status").Fill("phase", "Pending");
        }
    }

    /// <summary>What is wrong with a StatefulSet.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject set, JsonObject? before)
    {
        var spec = set["spec"];
        foreach (var error in OneOf(spec, "spec", "podManagementPolicy", "OrderedReady", "Parallel")) yield return error;
        foreach (var error in OneOf(spec.At("updateStrategy"), "spec.updateStrategy", "type", "RollingUpdate", "OnDelete")) yield return error;
        if (spec.Text("updateStrategy", "type") == "OnDelete" && spec.At("updateStrategy", "rollingUpdate") is not null)
            yield return Invalid("spec.updateStrategy.rollingUpdate", "", "only allowed for updateStrategy 'RollingUpdate'");
        foreach (var error in Negative(spec.At("updateStrategy", "rollingUpdate"), "spec.updateStrategy.rollingUpdate", "partition")) yield return error;
        foreach (var error in Negative(spec, "spec", "replicas", "minReadySeconds", "revisionHistoryLimit")) yield return error;
        // Of what may not change nothing more is said than that.
        foreach (var error in SelectorRules.Check(set, null, "statefulset")) yield return error;
        foreach (var error in PodSpecRules.CheckTemplate(WithClaims(set), "Always")) yield return error;
        if (before is not null && IsChanged(before["spec"], spec)) yield return Forbidden("spec", OnlyThese);
    }

    /// <summary>A copy in which the volumes that come with each pod are there to be mounted.</summary>
    private static JsonObject WithClaims(JsonObject set)
    {
        var claims = set.Items("spec", "volumeClaimTemplates").ToList();
        if (claims.Count == 0) return set;
        var copy = set.DeepClone().AsObject();
        var volumes = copy.List("spec", "template", "spec", "volumes");
        foreach (var claim in claims) volumes.Add(new JsonObject { ["name"] = claim.Text("metadata", "name"), ["persistentVolumeClaim"] = new JsonObject() });
        return copy;
    }

    private static bool IsChanged(JsonNode? before, JsonNode? after) =>
        before is JsonObject old && after is JsonObject changed
        && old.Select(field => field.Key).Union(changed.Select(field => field.Key)).Any(name => !Changeable.Contains(name) && !JsonNode.DeepEquals(old[name], changed[name]));
}
