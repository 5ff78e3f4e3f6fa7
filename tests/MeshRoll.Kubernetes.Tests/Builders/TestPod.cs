using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Kubernetes.Tests.Builders;

/// <summary>A pod as a server would send it, in both of its languages.</summary>
public sealed record TestPod(string Name, string Namespace = "shop", string Uid = "", string Version = "1")
{
    public string Uid { get; init; } = Uid.Length > 0 ? Uid : $"uid-{Namespace}-{Name}";

    public string Phase { get; init; } = "Running";

    public string Image { get; init; } = "docker.io/istio/proxyv2:1.7.8";

    public byte[] ToProtobuf() => ProtobufWriter.Of(pod => pod
        .Message(1, meta => meta
            .Text(1, Name).Text(3, Namespace).Text(5, Uid).Text(6, Version).Number(7, 0)
            .Time(8, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))
            .Entry(11, "app", "web").Entry(11, "version", "v1")
            .Message(13, owner => owner.Text(1, "ReplicaSet").Text(3, "web-1").Text(4, "uid-rs").Text(5, "apps/v1").Bool(6, true))
            .Message(17, managed => managed.Text(1, "kube-controller-manager")))
        .Message(2, spec => spec
            .Message(1, volume => volume.Text(1, "token"))
            .Message(2, container => container.Text(1, "app").Text(2, "web:1").Message(7, env => env.Text(1, "A").Text(2, "b")))
            .Message(2, container => container.Text(1, "istio-proxy").Text(2, Image)
                .Message(11, probe => probe.Message(1, handler => handler.Text(1, "x")).Number(2, 1).Number(4, 2).Number(5, 3).Number(6, 30)))
            .Number(4, 30).Text(10, "node-1").Bool(11, false)
            .Message(20, container => container.Text(1, "istio-init").Text(2, Image)))
        .Message(3, status => status
            .Text(1, Phase)
            .Message(2, condition => condition.Text(1, "Ready").Text(2, "True").Message(3, _ => { }).Time(4, new(2026, 1, 2, 3, 5, 0, TimeSpan.Zero)))
            .Message(8, container => container.Text(1, "istio-proxy")
                .Message(2, state => state.Message(2, running => running.Time(1, new(2026, 1, 2, 3, 4, 30, TimeSpan.Zero))))
                .Message(3, state => state.Message(3, ended => ended.Number(1, 137).Number(2, 9).Text(3, "OOMKilled").Text(4, "gone").Time(6, new(2026, 1, 2, 3, 4, 20, TimeSpan.Zero))))
                .Bool(4, true).Number(5, 2).Text(6, Image))));

    public JsonObject ToJson() => new()
    {
        ["kind"] = "Pod",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = Name,
            ["namespace"] = Namespace,
            ["uid"] = Uid,
            ["resourceVersion"] = Version,
            ["creationTimestamp"] = "2026-01-02T03:04:05Z",
            ["labels"] = new JsonObject { ["app"] = "web", ["version"] = "v1" },
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "ReplicaSet", ["name"] = "web-1", ["uid"] = "uid-rs", ["controller"] = true }),
            ["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "kube-controller-manager", ["fieldsV1"] = new JsonObject { ["f:a"] = new JsonObject() } }),
        },
        ["spec"] = new JsonObject
        {
            ["volumes"] = new JsonArray(new JsonObject { ["name"] = "to\"ken]}" }),
            ["containers"] = new JsonArray(
                new JsonObject { ["name"] = "app", ["image"] = "web:1", ["env"] = new JsonArray(new JsonObject { ["name"] = "A", ["value"] = "b" }) },
                new JsonObject
                {
                    ["name"] = "istio-proxy",
                    ["image"] = Image,
                    ["readinessProbe"] = new JsonObject { ["initialDelaySeconds"] = 1, ["periodSeconds"] = 2, ["successThreshold"] = 3, ["failureThreshold"] = 30 },
                }),
            ["initContainers"] = new JsonArray(new JsonObject { ["name"] = "istio-init", ["image"] = Image }),
            ["terminationGracePeriodSeconds"] = 30,
            ["nodeName"] = "node-1",
        },
        ["status"] = new JsonObject
        {
            ["phase"] = Phase,
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["lastProbeTime"] = null, ["lastTransitionTime"] = "2026-01-02T03:05:00Z" }),
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "istio-proxy",
                ["image"] = Image,
                ["ready"] = true,
                ["restartCount"] = 2,
                ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = "2026-01-02T03:04:30Z" } },
                ["lastState"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 137, ["signal"] = 9, ["reason"] = "OOMKilled", ["message"] = "gone", ["finishedAt"] = "2026-01-02T03:04:20Z" } },
            }),
        },
    };

    public static byte[] ProtobufList(IEnumerable<TestPod> pods, string next = "", string version = "100")
    {
        var list = new ProtobufWriter().Message(1, meta => meta.Text(1, "").Text(2, version).Text(3, next));
        foreach (var pod in pods) list.Bytes(2, pod.ToProtobuf());
        return ProtobufWriter.Envelope("v1", "PodList", list.ToArray());
    }

    public static byte[] JsonList(IEnumerable<TestPod> pods, string next = "", string version = "100", bool metadataLast = false, bool indented = false)
    {
        var metadata = new JsonObject { ["resourceVersion"] = version, ["continue"] = next };
        var items = new JsonArray([.. pods.Select(pod => pod.ToJson())]);
        var list = new JsonObject { ["kind"] = "PodList", ["apiVersion"] = "v1" };
        if (!metadataLast) list["metadata"] = metadata;
        list["items"] = items;
        if (metadataLast) list["metadata"] = metadata;
        return Utf8(list, indented);
    }

    public static byte[] Utf8(JsonNode node, bool indented = false) => Encoding.UTF8.GetBytes(node.ToJsonString(new JsonSerializerOptions { WriteIndented = indented }));
}
