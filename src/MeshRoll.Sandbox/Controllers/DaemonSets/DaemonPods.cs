using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Nodes.Scheduling;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.DaemonSets;

/// <summary>What is special about the pods of a DaemonSet: each is meant for one node, and stays where others would have to go (daemonset_util.go).</summary>
internal static class DaemonPods
{
    /// <summary>What every daemon tolerates.</summary>
    public static IEnumerable<Toleration> Tolerations(bool hostNetwork)
    {
        yield return new("node.kubernetes.io/not-ready", "Exists", "", "NoExecute");
        yield return new("node.kubernetes.io/unreachable", "Exists", "", "NoExecute");
        yield return new("node.kubernetes.io/disk-pressure", "Exists", "", "NoSchedule");
        yield return new("node.kubernetes.io/memory-pressure", "Exists", "", "NoSchedule");
        yield return new("node.kubernetes.io/pid-pressure", "Exists", "", "NoSchedule");
        yield return new("node.kubernetes.io/unschedulable", "Exists", "", "NoSchedule");
        if (hostNetwork) yield return new("node.kubernetes.io/network-unavailable", "Exists", "", "NoSchedule");
    }

    /// <summary>Makes a pod one for a certain node; the scheduler brings it there.</summary>
    public static void Direct(JsonObject pod, string node, string hash, string generation)
    {
        var labels = pod.Object("metadata", "labels");
        labels["controller-revision-hash"] = hash;
        if (generation.Length > 0) labels["pod-template-generation"] = generation;

        var spec = pod.Object("spec");
        spec.Object("affinity", "nodeAffinity")["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
        {
            ["nodeSelectorTerms"] = new JsonArray
            {
                new JsonObject { ["matchFields"] = new JsonArray { new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray((JsonNode)node) } } },
            },
        };
        var tolerations = spec.List("tolerations");
        foreach (var toleration in Tolerations(spec.Flag("hostNetwork")))
        {
            if (tolerations.Items().Any(own => own.Text("key") == toleration.Key && own.Text("effect") == toleration.Effect && own.Text("operator") == toleration.Operator)) continue;
            tolerations.Add(new JsonObject { ["key"] = toleration.Key, ["operator"] = toleration.Operator, ["effect"] = toleration.Effect });
        }
    }

    /// <summary>The node a pod is on or meant for; empty for none.</summary>
    public static string NodeOf(StoredObject pod)
    {
        if (pod.As<PodView>().NodeName is { Length: > 0 } node) return node;
        using var document = JsonDocument.Parse(pod.Json);
        foreach (var term in document.RootElement.Items("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"))
        {
            foreach (var field in term.Items("matchFields"))
            {
                if (field.Text("key") == "metadata.name" && field.Items("values").FirstOrDefault() is { ValueKind: JsonValueKind.String } name) return name.GetString()!;
            }
        }
        return "";
    }
}
