using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Yaml;

namespace MeshRoll.Core.Preflight;

/// <summary>A patch of one object.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Patch">The patch: strategic for Kubernetes' own kinds, merge for others.</param>
internal sealed record ReadinessFix(string Kind, string Name, JsonObject Patch)
{
    /// <summary>A patch of the pods' spec in the template; null for an Argo Rollout, whose lists a merge patch would replace whole.</summary>
    public static ReadinessFix? OfPods(ReadinessSubject subject, JsonObject spec) =>
        subject.Workload.Kind == WorkloadKinds.Rollout ? null : OfSpec(subject, new() { ["template"] = new JsonObject { ["spec"] = spec } });

    /// <summary>A patch of one container of the template.</summary>
    public static ReadinessFix? OfContainer(ReadinessSubject subject, JsonElement container, JsonObject fields)
    {
        // The name comes first: strategic patches find the container by it.
        JsonObject named = new() { ["name"] = container.Text("name") };
        foreach (var (field, value) in fields) named[field] = value?.DeepClone();
        return OfPods(subject, new() { ["containers"] = new JsonArray(named) });
    }

    /// <summary>A patch of an annotation of the pods.</summary>
    public static ReadinessFix OfPodAnnotation(ReadinessSubject subject, string annotation, string value) =>
        OfSpec(subject, new() { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } } });

    /// <summary>A patch of the workload's spec.</summary>
    public static ReadinessFix OfSpec(ReadinessSubject subject, JsonObject spec) => new(subject.Workload.Kind, subject.Workload.Name, new() { ["spec"] = spec });

    /// <summary>The patch in YAML.</summary>
    public string Yaml => YamlWriter.Write(JsonSerializer.SerializeToElement(Patch));

    /// <summary>The command that tries it on the server; JSON is written without single quotes, so that they hold it in every shell.</summary>
    public string Command(string @namespace) =>
        $"kubectl patch {Kind.ToLowerInvariant()} {Name} -n {@namespace} --type {(Kind == WorkloadKinds.Rollout ? "merge" : "strategic")} -p '{Patch.ToJsonString()}' --dry-run=server -o yaml";
}
