using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts.Verbs;

/// <summary>Workloads and their revisions as the server writes them, whole.</summary>
internal static class Whole
{
    public static readonly WorkloadReference Web = new("shop", "Deployment", "web");
    public static readonly WorkloadReference Db = new("shop", "StatefulSet", "db");
    public static readonly WorkloadReference Canary = new("shop", "Rollout", "canary");

    /// <summary>A template with a container app and an init container setup, and a volume that no model knows.</summary>
    public static JsonObject Template(string image = "app:1", string? restartedAt = null, string? hash = null)
    {
        var labels = new JsonObject { ["app"] = "web" };
        if (hash is not null) labels["pod-template-hash"] = hash;
        var metadata = new JsonObject { ["labels"] = labels, ["creationTimestamp"] = null };
        if (restartedAt is not null) metadata["annotations"] = new JsonObject { ["kubectl.kubernetes.io/restartedAt"] = restartedAt };
        return new()
        {
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = image, ["resources"] = new JsonObject() }),
                ["initContainers"] = new JsonArray(new JsonObject { ["name"] = "setup", ["image"] = "init:1" }),
                ["volumes"] = new JsonArray(new JsonObject { ["name"] = "scratch", ["emptyDir"] = new JsonObject() }),
            },
        };
    }

    public static JsonObject Workload(WorkloadReference workload, JsonObject template, bool paused = false, JsonObject? annotations = null)
    {
        var spec = new JsonObject { ["replicas"] = 2, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "web" } }, ["template"] = template };
        if (paused) spec["paused"] = true;
        return new()
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = workload.Kind,
            ["metadata"] = new JsonObject { ["name"] = workload.Name, ["namespace"] = workload.Namespace, ["uid"] = $"uid-{workload.Name}", ["generation"] = 4, ["annotations"] = annotations ?? [] },
            ["spec"] = spec,
            ["status"] = new JsonObject { ["observedGeneration"] = workload.Kind == "Rollout" ? "4" : 4, ["replicas"] = 2 },
        };
    }

    /// <summary>A ReplicaSet that keeps a revision.</summary>
    public static JsonObject ReplicaSet(string revision, JsonObject template, string owner = "web", JsonObject? annotations = null, string annotation = "deployment.kubernetes.io/revision")
    {
        var noted = annotations ?? [];
        noted[annotation] = revision;
        return new()
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{owner}-h{revision}",
                ["namespace"] = "shop",
                ["uid"] = $"uid-{owner}-h{revision}",
                ["annotations"] = noted,
                ["ownerReferences"] = Owners($"uid-{owner}"),
            },
            ["spec"] = new JsonObject { ["template"] = template },
        };
    }

    /// <summary>A ControllerRevision that keeps one.</summary>
    public static JsonObject ControllerRevision(long revision, JsonObject template, string owner = "db")
    {
        template["$patch"] = "replace";
        return new()
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ControllerRevision",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{owner}-h{revision}",
                ["namespace"] = "shop",
                ["uid"] = $"uid-{owner}-h{revision}",
                ["labels"] = new JsonObject { ["controller-revision-hash"] = $"h{revision}" },
                ["ownerReferences"] = Owners($"uid-{owner}"),
            },
            ["revision"] = revision,
            ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } },
        };
    }

    public static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node);

    public static RawObject Raw(JsonObject json) => JsonSerializer.Deserialize<RawObject>(json)!;

    /// <summary>A Deployment, with the ReplicaSets that keep its revisions, when its turn comes.</summary>
    public static VerbFacts Facts(JsonObject deployment, params JsonObject[] replicaSets)
    {
        var whole = Raw(deployment);
        return new(new(Web, whole, RevisionRules.OfReplicaSets(whole, replicaSets.Select(Raw), RevisionRules.DeploymentRevision)), whole.As(Resources.Deployments));
    }

    private static JsonArray Owners(string uid) => new(new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "X", ["name"] = "x", ["uid"] = uid, ["controller"] = true });
}
