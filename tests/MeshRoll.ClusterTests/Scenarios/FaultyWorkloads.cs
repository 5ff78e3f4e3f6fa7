using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;

namespace MeshRoll.ClusterTests.Scenarios;

/// <summary>Deployments with nothing wrong, each behind a Service of its own, and each spoilt in one way.</summary>
internal static class FaultyWorkloads
{
    private const string Sleep10 = """{"preStop":{"exec":{"command":["sleep","10"]}}}""";

    /// <summary>The rule, and how a healthy Deployment is spoilt so that it has the fault.</summary>
    public static IReadOnlyList<(string Rule, Action<JsonObject> Spoil)> All { get; } =
    [
        ("NoReadinessProbe", spec => Container(spec).Remove("readinessProbe")),
        ("ReadinessTooEarly", spec => Container(spec)["readinessProbe"] = JsonNode.Parse("""{"exec":{"command":["true"]}}""")),
        ("LivenessKillsStart", spec => Container(spec)["livenessProbe"] = JsonNode.Parse("""{"httpGet":{"path":"/live","port":8080},"periodSeconds":1,"failureThreshold":1}""")),
        ("DeadlineTooShort", spec =>
        {
            spec["progressDeadlineSeconds"] = 60;
            Container(spec)["startupProbe"] = JsonNode.Parse("""{"httpGet":{"path":"/live","port":8080},"periodSeconds":10,"failureThreshold":30}""");
        }),
        ("NoDrain", spec => Container(spec).Remove("lifecycle")),
        ("PreStopTooLong", spec => Container(spec)["lifecycle"] = JsonNode.Parse(Sleep10.Replace("10", "45", StringComparison.Ordinal))),
        ("GracePeriodShort", spec => spec["template"]!["spec"]!["terminationGracePeriodSeconds"] = 5),
        ("LongConnections", spec => Container(spec)["ports"]![0]!["name"] = "grpc"),
        ("OneReplica", spec => spec["replicas"] = 1),
        ("Recreate", spec => spec["strategy"] = JsonNode.Parse("""{"type":"Recreate"}""")),
        ("TakesAllAtOnce", spec => spec["strategy"] = JsonNode.Parse("""{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":"100%"}}""")),
        ("NoRoomToMove", spec => spec["strategy"] = JsonNode.Parse("""{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"0%","maxUnavailable":"10%"}}""")),
        ("ProxyNotAwaited", spec => spec["template"]!["metadata"]!.AsObject().Remove("annotations")),
        ("MovingTag", spec => Container(spec)["image"] = "hub.example/app:latest"),
        ("PullSecretMissing", spec => spec["template"]!["spec"]!["imagePullSecrets"] = JsonNode.Parse("""[{"name":"no-such-secret"}]""")),
    ];

    /// <summary>What the workload with a rule's fault is called.</summary>
    public static string Name(string rule) => rule.ToLowerInvariant();

    /// <summary>The application's container of a Deployment's spec.</summary>
    public static JsonObject Container(JsonObject spec) => spec["template"]!["spec"]!["containers"]![0]!.AsObject();

    /// <summary>Makes one, and its Service.</summary>
    public static async Task CreateAsync(ScenarioNamespace shop, string name, Action<JsonObject> spoil)
    {
        var deployment = (shop.Workload(name) with { Replicas = 2 }).AsDeployment();
        var spec = deployment["spec"]!.AsObject();
        spec["strategy"] = JsonNode.Parse("""{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":0}}""");
        spec["template"]!["spec"]!["terminationGracePeriodSeconds"] = 30;
        spec["template"]!["metadata"]!["annotations"] = new JsonObject { ["proxy.istio.io/config"] = "holdApplicationUntilProxyStarts: true" };
        var container = Container(spec);
        container["ports"] = JsonNode.Parse("""[{"name":"http","containerPort":8080}]""");
        container["readinessProbe"] = JsonNode.Parse("""{"httpGet":{"path":"/ready","port":8080},"periodSeconds":1}""");
        container["lifecycle"] = JsonNode.Parse(Sleep10);
        spoil(spec);
        var service = JsonNode.Parse($$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name}}}","namespace":"{{{shop.Name}}}"},"spec":{"selector":{"app":"{{{name}}}"},"ports":[{"name":"http","port":80,"targetPort":8080}]} }""")!;
        await shop.Api.CreateAsync(service.AsObject(), TestContext.Current.CancellationToken);
        await shop.Api.CreateAsync(deployment, TestContext.Current.CancellationToken);
    }
}
