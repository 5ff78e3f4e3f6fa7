using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Preflight.Mending;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Preflight;

/// <summary>A patch of one object.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Patch">The patch: strategic for Kubernetes' own kinds, merge for others.</param>
internal sealed record ReadinessFix(string Kind, string Name, JsonObject Patch)
{
    /// <summary>Which object of that name was looked at; empty where that is unknown.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The patch that would bring back what was seen: when what is there now gives another one, somebody has changed it since.</summary>
    public JsonObject Undo { get; init; } = [];

    /// <summary>What to be sure of before it is applied; empty for nothing.</summary>
    public string Caution { get; init; } = "";

    /// <summary>Whether it rests on what only the owner knows, so that applying it unread may do harm.</summary>
    public bool IsGuess { get; init; }

    /// <summary>A patch of an object as it was seen.</summary>
    public static ReadinessFix Of(string kind, JsonElement seen, JsonObject patch) =>
        new(kind, seen.Text("metadata", "name") ?? "", patch) { Uid = seen.Text("metadata", "uid") ?? "", Undo = PatchInverse.Of(patch, seen) };

    /// <summary>A patch of the pods' spec in the template; null for an Argo Rollout, whose lists a merge patch would replace whole.</summary>
    public static ReadinessFix? OfPods(ReadinessSubject subject, JsonObject spec) =>
        subject.Workload.Kind == WorkloadKinds.Rollout ? null : OfSpec(subject, new() { ["template"] = new JsonObject { ["spec"] = spec } });

    /// <summary>A patch of one container of the template.</summary>
    /// <param name="subject">The workload.</param>
    /// <param name="container">The container.</param>
    /// <param name="fields">What of it.</param>
    /// <param name="beside">Fields of the pods' spec that belong to it.</param>
    public static ReadinessFix? OfContainer(ReadinessSubject subject, JsonElement container, JsonObject fields, JsonObject? beside = null)
    {
        // The name comes first: strategic patches find the container by it.
        JsonObject named = new() { ["name"] = container.Text("name") };
        foreach (var (field, value) in fields) named[field] = value?.DeepClone();
        var spec = beside ?? [];
        spec["containers"] = new JsonArray(named);
        return OfPods(subject, spec);
    }

    /// <summary>A patch of an annotation of the pods.</summary>
    public static ReadinessFix OfPodAnnotation(ReadinessSubject subject, string annotation, string value) =>
        OfSpec(subject, new() { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } } });

    /// <summary>A patch of the workload's spec.</summary>
    public static ReadinessFix OfSpec(ReadinessSubject subject, JsonObject spec) => Of(subject.Workload.Kind, subject.Json, new() { ["spec"] = spec });

    /// <summary>The patch in YAML.</summary>
    public string Yaml => PatchText.Yaml(Patch);

    /// <summary>The command that tries it on the server.</summary>
    public string Command(string @namespace) => PatchText.Command(Kind, Name, @namespace, Patch, isTrial: true);
}
