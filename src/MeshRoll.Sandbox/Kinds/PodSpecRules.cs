using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>What must hold of a pod's spec, in pods and in templates (pkg/apis/core/validation).</summary>
internal static class PodSpecRules
{
    /// <summary>Everything wrong with a template.</summary>
    /// <param name="workload">The object with <c>spec.template</c>.</param>
    /// <param name="restartPolicies">Those that its pods may have.</param>
    public static IEnumerable<FieldError> CheckTemplate(JsonObject workload, params string[] restartPolicies) =>
        MetadataRules.CheckLabels(workload.At("spec", "template", "metadata", "labels"), "spec.template.metadata.labels")
            .Concat(Check(workload.At("spec", "template", "spec"), "spec.template.spec", restartPolicies));

    /// <summary>Everything wrong with a spec.</summary>
    public static IEnumerable<FieldError> Check(JsonNode? spec, string path, params string[] restartPolicies)
    {
        var volumes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var error in CheckVolumes(spec, path, volumes)) yield return error;
        if (!spec.Items("containers").Any()) yield return Required($"{path}.containers");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in (string[])["containers", "initContainers"])
        {
            var index = 0;
            foreach (var container in spec.Items(list))
            {
                foreach (var error in ContainerRules.Check(container, $"{path}.{list}[{index}]", names, volumes, isInit: list == "initContainers")) yield return error;
                index++;
            }
        }
        foreach (var error in OneOf(spec, path, "restartPolicy", restartPolicies)) yield return error;
        foreach (var error in OneOf(spec, path, "dnsPolicy", "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")) yield return error;
        foreach (var error in OneOf(spec, path, "preemptionPolicy", "PreemptLowerPriority", "Never")) yield return error;
        foreach (var error in Negative(spec, path, "terminationGracePeriodSeconds")) yield return error;
        if (spec.Number("activeDeadlineSeconds") is < 1 and var deadline) yield return Invalid($"{path}.activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive");
        foreach (var error in CheckTolerations(spec, path)) yield return error;
        foreach (var error in MetadataRules.CheckLabels(spec.At("nodeSelector"), $"{path}.nodeSelector")) yield return error;
    }

    private static IEnumerable<FieldError> CheckVolumes(JsonNode? spec, string path, HashSet<string> names)
    {
        var index = 0;
        foreach (var volume in spec.Items("volumes"))
        {
            var at = $"{path}.volumes[{index++}]";
            var name = volume.Text("name") ?? "";
            if (name.Length == 0) yield return Required($"{at}.name");
            else
            {
                foreach (var error in DnsLabel(at, name)) yield return error;
                if (!names.Add(name)) yield return Duplicate($"{at}.name", name);
            }
            if (volume.Count > 2) yield return Forbidden($"{at}.{volume.Select(member => member.Key).Where(key => key != "name").Skip(1).First()}", "may not specify more than 1 volume type");
        }
    }

    private static IEnumerable<FieldError> CheckTolerations(JsonNode? spec, string path)
    {
        var index = 0;
        foreach (var toleration in spec.Items("tolerations"))
        {
            var at = $"{path}.tolerations[{index++}]";
            foreach (var error in OneOf(toleration, at, "operator", "Equal", "Exists")) yield return error;
            foreach (var error in OneOf(toleration, at, "effect", "NoSchedule", "PreferNoSchedule", "NoExecute", "")) yield return error;
            if (string.IsNullOrEmpty(toleration.Text("key")) && toleration.Text("operator") != "Exists")
                yield return InvalidText($"{at}.operator", toleration.Text("operator") ?? "", "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
    }
}
