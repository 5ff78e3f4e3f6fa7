using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Preflight;

/// <summary>A workload with nothing wrong, to be spoilt in one way.</summary>
internal static class Subjects
{
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public const string Healthy = """
        {
          "metadata": { "name": "web", "namespace": "shop" },
          "spec": {
            "replicas": 3,
            "progressDeadlineSeconds": 600,
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 0 } },
            "template": {
              "metadata": { "labels": { "app": "web" }, "annotations": { "proxy.istio.io/config": "holdApplicationUntilProxyStarts: true" } },
              "spec": {
                "terminationGracePeriodSeconds": 45,
                "containers": [ {
                  "name": "app", "image": "hub.example/web:1.4.2",
                  "ports": [ { "name": "http", "containerPort": 8080 } ],
                  "readinessProbe": { "httpGet": { "path": "/ready", "port": 8080 }, "periodSeconds": 5 },
                  "livenessProbe": { "httpGet": { "path": "/live", "port": 8080 }, "periodSeconds": 10, "failureThreshold": 3 },
                  "startupProbe": { "httpGet": { "path": "/live", "port": 8080 }, "periodSeconds": 5, "failureThreshold": 60 },
                  "lifecycle": { "preStop": { "exec": { "command": [ "sleep", "10" ] } } },
                  "resources": { "requests": { "cpu": "500m", "memory": "256Mi" } }
                } ]
              }
            }
          }
        }
        """;

    public static ReadinessSubject Of(Action<JsonObject>? change = null, string kind = "Deployment", int? replicas = null)
    {
        var json = JsonNode.Parse(Healthy)!.AsObject();
        change?.Invoke(json["spec"]!.AsObject());
        var count = replicas ?? (int)json["spec"]!["replicas"]!;
        return new()
        {
            Workload = new("shop", kind, "web"),
            Json = JsonSerializer.SerializeToElement(json),
            Replicas = count,
            Pods = new([.. Enumerable.Range(1, count).Select(number => ReadyPod($"web-{number}"))]),
            Mesh = SidecarContainers.Istio,
            Proxy = new(new(false, null)),
            Budgets = Items(),
            Autoscalers = Items(),
            Quotas = Items(),
            Services = new([new(Item("""{"metadata":{"name":"web"},"spec":{"ports":[{"name":"http"}]}}"""), count)]),
            Images = Images("""{"metadata":{"name":"node-1"},"status":{"images":[{"names":["hub.example/web:1.4.2"]}]}}"""),
            Secrets = new(new HashSet<string>()),
            Now = Now,
        };
    }

    public static JsonObject Container(JsonObject spec) => spec["template"]!["spec"]!["containers"]![0]!.AsObject();

    public static Pod ReadyPod(string name, int startSeconds = 5, int ageDays = 1, bool ready = true) => new()
    {
        Metadata = new() { Name = name, Namespace = "shop", CreationTimestamp = Now.AddDays(-ageDays) },
        Status = new()
        {
            Phase = "Running",
            Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = Now.AddDays(-ageDays).AddSeconds(2 + startSeconds) }],
            ContainerStatuses = [new() { Name = "app", Ready = ready, State = new() { Running = new() { StartedAt = Now.AddDays(-ageDays).AddSeconds(2) } } }],
        },
    };

    public static Known<IReadOnlyList<JsonElement>> Items(params string[] texts) => new([.. texts.Select(Item)]);

    public static Known<NodeImages> Images(params string[] nodes) => new(NodeImages.Of([.. nodes.Select(Item)]));

    public static JsonElement Item(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    public static IReadOnlyList<MeshReadinessFinding> Findings(ReadinessSubject subject) => [.. ReadinessRules.Of(subject, "prod")];
}
