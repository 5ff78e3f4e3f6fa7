using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Preflight;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class ReadinessOnARealControlPlane(RealWorld world) : ReadinessScenarios(world);

public sealed class ReadinessInTheSandbox(EmbeddedWorld world) : ReadinessScenarios(world);

/// <summary>Every preflight rule that the world can express: a workload that has the fault, beside one that has not.</summary>
public abstract class ReadinessScenarios(ClusterWorld world) : Scenario(world)
{
    private const string Sleep10 = """{"preStop":{"exec":{"command":["sleep","10"]}}}""";

    /// <summary>The rule, and how a healthy Deployment is spoilt so that it has the fault; null where something beside it is made.</summary>
    private static readonly (string Rule, Action<JsonObject> Spoil)[] s_faults =
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

    [Fact]
    public async Task Each_rule_sees_the_workload_that_has_the_fault_and_not_the_one_that_has_not()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "ready");
        await CreateAsync(shop, "fine", _ => { });
        foreach (var (rule, spoil) in s_faults) await CreateAsync(shop, Name(rule), spoil);
        await shop.ReadyAsync();
        await using var session = Open();

        var found = await FindingsAsync(session, shop.Name);
        var byName = found.Where(finding => finding.Checked).ToLookup(finding => finding.Name, finding => finding.Id);
        Assert.Empty(byName["fine"]);
        Assert.All(s_faults, fault => Assert.Contains(fault.Rule, byName[Name(fault.Rule)]));
        // Nothing is seen where it is not: each workload has its own fault, and few imply another.
        Assert.All(s_faults, fault => Assert.True(byName[Name(fault.Rule)].Distinct().Count() <= 2, $"{fault.Rule}: {string.Join(", ", byName[Name(fault.Rule)])}"));
    }

    [Fact]
    public async Task Patches_are_taken_by_the_server_and_mend_what_they_are_for()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "mend");
        foreach (var (rule, spoil) in s_faults) await CreateAsync(shop, Name(rule), spoil);
        await shop.ReadyAsync();
        await using var session = Open();
        var patched = 0;
        foreach (var finding in (await FindingsAsync(session, shop.Name)).Where(finding => finding.Kind == "Deployment" && finding.Fix.Length > 0))
        {
            var patch = finding.FixCommand.Split(" -p '")[1].Split("' --dry-run")[0];
            await shop.PatchAppAsync("deployments", finding.Name, JsonNode.Parse(patch)!);
            patched++;
        }
        Assert.True(patched >= 10, $"{patched} patches");

        await shop.ReadyAsync();
        // What cannot be mended by a patch is left, and what the patches of one workload imply.
        string[] left = ["ReadinessTooEarly", "LongConnections", "MovingTag", "PullSecretMissing"];
        Assert.DoesNotContain(await FindingsAsync(session, shop.Name), finding => finding is { Checked: true, Kind: "Deployment", Fix.Length: > 0 } && !left.Contains(finding.Id));
    }

    [Fact]
    public async Task Budgets_autoscalers_quotas_services_and_unready_pods_are_seen_as_the_controllers_left_them()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "around");
        await CreateAsync(shop, "web", _ => { });
        await CreateAsync(shop, "fine", _ => { });
        await shop.ReadyAsync();
        var policy = (await World.Api.FindAsync("/apis/policy/v1", Cancelled))?["resources"]!.AsArray().Any(item => (string?)item!["name"] == "poddisruptionbudgets") == true ? "policy/v1" : "policy/v1beta1";
        foreach (var (name, app) in new[] { ("tight", "web"), ("double", "web"), ("nobody", "gone") })
            await World.Api.CreateAsync(Parse($$$"""{"apiVersion":"{{{policy}}}","kind":"PodDisruptionBudget","metadata":{"name":"{{{name}}}","namespace":"{{{shop.Name}}}"},"spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"{{{app}}}"} } } }"""), Cancelled);
        await World.Api.CreateAsync(Parse($$$"""{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"web","namespace":"{{{shop.Name}}}"},"spec":{"minReplicas":1,"maxReplicas":2,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"} } }"""), Cancelled);
        await World.Api.CreateAsync(Parse($$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"astray","namespace":"{{{shop.Name}}}"},"spec":{"selector":{"app":"web"},"ports":[{"port":80,"targetPort":"no-such-port"}]} }"""), Cancelled);
        await World.Api.CreateAsync(Parse($$$"""{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"full","namespace":"{{{shop.Name}}}"},"spec":{"hard":{"pods":"4"} } }"""), Cancelled);
        await using var session = Open();

        var expected = new[] { "BudgetAllowsNothing", "TwoBudgets", "AutoscalerAtLimit", "ServiceWithoutEndpoints", "QuotaTooSmall" };
        List<MeshReadinessFinding> found = [];
        // Controllers fill in what they see a moment later.
        for (var attempt = 0; attempt < 100; attempt++)
        {
            found = await FindingsAsync(session, shop.Name);
            if (expected.All(rule => found.Any(finding => finding.Name == "web" && finding.Id == rule && finding.Checked))) break;
            await Task.Delay(100, Cancelled);
        }
        Assert.All(expected, rule => Assert.Contains(found, finding => finding.Name == "web" && finding.Id == rule && finding.Checked));
        Assert.Equal(["QuotaTooSmall"], found.Where(finding => finding.Name == "fine" && finding.Checked).Select(finding => finding.Id));
        Assert.Equal("nobody", Assert.Single(found, finding => finding.Id == "BudgetSelectsNothing").Name);
    }

    [Fact]
    public async Task Without_rights_rules_are_not_checked_and_that_is_told()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "blind");
        await CreateAsync(shop, "web", _ => { });
        await shop.ReadyAsync();
        var user = World.CreateUser(shop.Name);
        await World.Api.CreateAsync(Parse($$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"few","namespace":"{{{shop.Name}}}"},"rules":[{"apiGroups":["apps"],"resources":["*"],"verbs":["list"]},{"apiGroups":["argoproj.io"],"resources":["*"],"verbs":["list"]}]}"""), Cancelled);
        await World.Api.CreateAsync(Parse($$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"few","namespace":"{{{shop.Name}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"few"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"{{{user.Name}}}"}]}"""), Cancelled);
        await using var session = Open(user.KubeConfigPath);

        var blind = (await FindingsAsync(session, shop.Name)).Where(finding => !finding.Checked).ToList();
        Assert.Superset(new HashSet<string> { "PodsNotReady", "BudgetAllowsNothing", "TwoBudgets", "AutoscalerAtLimit", "QuotaTooSmall", "ServiceWithoutEndpoints" }, blind.Select(finding => finding.Id).ToHashSet());
        Assert.All(blind, finding => Assert.True(finding.Kind == "Namespace" && finding.Seen.StartsWith("not checked: no right to", StringComparison.Ordinal), finding.Seen));
    }

    private static string Name(string rule) => rule.ToLowerInvariant();

    private static JsonObject Container(JsonObject spec) => spec["template"]!["spec"]!["containers"]![0]!.AsObject();

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    // A Deployment with nothing wrong, behind a Service of its own, spoilt in one way.
    private async Task CreateAsync(ScenarioNamespace shop, string name, Action<JsonObject> spoil)
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
        await World.Api.CreateAsync(Parse($$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name}}}","namespace":"{{{shop.Name}}}"},"spec":{"selector":{"app":"{{{name}}}"},"ports":[{"name":"http","port":80,"targetPort":8080}]} }"""), Cancelled);
        await World.Api.CreateAsync(deployment, Cancelled);
    }

    private static async Task<List<MeshReadinessFinding>> FindingsAsync(ClusterSession session, string place)
    {
        var found = new List<MeshReadinessFinding>();
        await foreach (var item in new ReadinessReader(session).ReadAsync(new() { Selection = new() { Namespaces = [place] } }, Cancelled))
        {
            Assert.False(item is ReadEvent<MeshReadinessFinding>.Failed, item.ToString());
            if (item is ReadEvent<MeshReadinessFinding>.Found(var finding)) found.Add(finding);
        }
        return found;
    }
}
