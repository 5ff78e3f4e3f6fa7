using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Yaml;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>Patches for people: as YAML, and as a command.</summary>
internal static class PatchText
{
    /// <summary>The patch in YAML.</summary>
    public static string Yaml(JsonObject patch) => YamlWriter.Write(JsonSerializer.SerializeToElement(patch));

    /// <summary>The command that applies it, or has the server try it; JSON is written without single quotes, so that they hold it in every shell.</summary>
    public static string Command(string kind, string name, string @namespace, JsonObject patch, bool isTrial) =>
        $"kubectl patch {kind.ToLowerInvariant()} {name} -n {@namespace} --type {(IsStrategic(kind) ? "strategic" : "merge")} -p '{patch.ToJsonString()}'{(isTrial ? " --dry-run=server -o yaml" : "")}";

    /// <summary>Whether the server knows how lists of this kind are merged: of Kubernetes' own.</summary>
    public static bool IsStrategic(string kind) => kind != WorkloadKinds.Rollout;
}
