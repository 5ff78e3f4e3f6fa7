using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Tests.Controllers.World;

/// <summary>Objects as users write them, with everything filled in that the server would.</summary>
internal static class Specs
{
    public static JsonObject Deployment(string name, int replicas = 3, Action<JsonObject>? spec = null)
    {
        var body = Workload(name, replicas);
        body.Object("spec")["strategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxSurge"] = "25%", ["maxUnavailable"] = "25%" } };
        body.Object("spec")["progressDeadlineSeconds"] = 600;
        body.Object("spec")["revisionHistoryLimit"] = 10;
        spec?.Invoke(body.Object("spec"));
        return body;
    }

    public static JsonObject ReplicaSet(string name, int replicas = 3, Action<JsonObject>? spec = null)
    {
        var body = Workload(name, replicas);
        spec?.Invoke(body.Object("spec"));
        return body;
    }

    public static JsonObject StatefulSet(string name, int replicas = 3, Action<JsonObject>? spec = null)
    {
        var body = Workload(name, replicas);
        body.Object("spec")["serviceName"] = name;
        body.Object("spec")["podManagementPolicy"] = "OrderedReady";
        body.Object("spec")["updateStrategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["partition"] = 0 } };
        spec?.Invoke(body.Object("spec"));
        return body;
    }

    public static JsonObject DaemonSet(string name, Action<JsonObject>? spec = null)
    {
        var body = Workload(name, null);
        body.Object("spec")["updateStrategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 1, ["maxSurge"] = 0 } };
        spec?.Invoke(body.Object("spec"));
        return body;
    }

    public static JsonObject Node(string name, params (string Key, string Value)[] labels)
    {
        var node = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["kubernetes.io/hostname"] = name } }, ["spec"] = new JsonObject() };
        foreach (var (key, value) in labels) node.Object("metadata", "labels")[key] = value;
        return node;
    }

    public static JsonObject Pod(string name, params (string Key, string Value)[] labels)
    {
        var pod = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = PodSpec("app:1") };
        foreach (var (key, value) in labels) pod.Object("metadata", "labels")[key] = value;
        return pod;
    }

    public static void Rolling(this JsonObject spec, JsonNode maxSurge, JsonNode maxUnavailable) =>
        spec["strategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxSurge"] = maxSurge, ["maxUnavailable"] = maxUnavailable } };

    public static void Image(this JsonObject workload, string image) => workload.Object("spec", "template", "spec").List("containers")[0]!["image"] = image;

    public static void Scale(this JsonObject workload, int replicas) => workload.Object("spec")["replicas"] = replicas;

    public static JsonObject Workload(string name, int? replicas)
    {
        var spec = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } }, ["spec"] = PodSpec("app:1") },
        };
        if (replicas is { } count) spec["replicas"] = count;
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
    }

    private static JsonObject PodSpec(string image) => new()
    {
        ["containers"] = new JsonArray { new JsonObject { ["name"] = "app", ["image"] = image, ["ports"] = new JsonArray { new JsonObject { ["name"] = "http", ["containerPort"] = 8080 } } } },
        ["terminationGracePeriodSeconds"] = 30,
        ["restartPolicy"] = "Always",
    };
}
