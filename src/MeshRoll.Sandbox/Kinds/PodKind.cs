using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>What a pod leaves out, what its admission adds on every cluster, and what of a pod may change.</summary>
internal static class PodKind
{
    private const string OnlyThese =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
        "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private static readonly string[] Unhealthy = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    /// <summary>Fills a pod in.</summary>
    public static void Default(JsonObject pod)
    {
        var spec = pod.Object("spec");
        PodSpecDefaults.Fill(spec);
        spec.Fill("enableServiceLinks", true);
        foreach (var container in spec.Items("initContainers")) RequestWhatIsLimited(container);
        foreach (var container in spec.Items("containers")) RequestWhatIsLimited(container);

        // The plugins ServiceAccount, Priority and DefaultTolerationSeconds.
        if (string.IsNullOrEmpty(spec.Text("serviceAccountName")))
        {
            spec["serviceAccountName"] = "default";
            spec["serviceAccount"] = "default";
        }
        spec.Fill("priority", 0);
        spec.Fill("preemptionPolicy", "PreemptLowerPriority");
        Tolerate(spec);

        var status = pod.Object("status");
        status.Fill("phase", "Pending");
        // Known for good once a node has it; until then a sidecar may still come in.
        if (string.IsNullOrEmpty(spec.Text("nodeName")) && Quality.Of(spec) is var quality && status.Text("qosClass") != quality) status["qosClass"] = quality;
    }

    /// <summary>What is wrong with a pod, or with a change of it.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject pod, JsonObject? before)
    {
        // What is unchanged was right when it came.
        if (before is not null && JsonNode.DeepEquals(before["spec"], pod["spec"])) return [];
        var errors = PodSpecRules.Check(pod["spec"], "spec", "Always", "OnFailure", "Never");
        return before is null ? errors : errors.Concat(CheckChange(pod, before));
    }

    private static IEnumerable<FieldError> CheckChange(JsonObject pod, JsonObject before)
    {
        if (pod.Number("spec", "activeDeadlineSeconds") is var deadline && before.Number("spec", "activeDeadlineSeconds") is { } old)
        {
            if (deadline is null) yield return FieldErrors.Invalid("spec.activeDeadlineSeconds", "null", "must not update from a positive integer to nil value");
            else if (deadline > old) yield return FieldErrors.Invalid("spec.activeDeadlineSeconds", deadline.Value, "must be less than or equal to previous value");
        }
        if (!JsonNode.DeepEquals(Fixed(before), Fixed(pod))) yield return FieldErrors.Forbidden("spec", OnlyThese);
    }

    /// <summary>The spec without what may change.</summary>
    private static JsonObject Fixed(JsonObject pod)
    {
        var spec = pod.Object("spec").DeepClone().AsObject();
        foreach (var list in (string[])["containers", "initContainers"])
        {
            foreach (var container in spec.Items(list)) container.Remove("image");
        }
        spec.Remove("activeDeadlineSeconds");
        spec.Remove("tolerations");
        spec.Remove("schedulingGates");
        return spec;
    }

    private static void RequestWhatIsLimited(JsonObject container)
    {
        if (container.At("resources", "limits") is not JsonObject limits) return;
        foreach (var (name, limit) in limits)
        {
            if (container.At("resources", "requests", name) is null && limit is not null) container.Object("resources", "requests")[name] = limit.DeepClone();
        }
    }

    private static void Tolerate(JsonObject spec)
    {
        var held = spec.Items("tolerations").ToList();
        foreach (var key in Unhealthy)
        {
            if (held.Any(toleration => Tolerates(toleration, key))) continue;
            spec.List("tolerations").Add(new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300 });
        }
    }

    private static bool Tolerates(JsonObject toleration, string key) =>
        (toleration.Text("key") ?? "") is var tolerated && (tolerated == key || tolerated.Length == 0) && toleration.Text("effect") is null or "" or "NoExecute";
}
