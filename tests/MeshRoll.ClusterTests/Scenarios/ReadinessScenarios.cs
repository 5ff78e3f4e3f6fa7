using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Preflight;
using static MeshRoll.ClusterTests.Scenarios.FaultyWorkloads;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class ReadinessOnARealControlPlane(RealWorld world) : ReadinessScenarios(world);

public sealed class ReadinessInTheSandbox(EmbeddedWorld world) : ReadinessScenarios(world);

/// <summary>Every preflight rule that the world can express: a workload that has the fault, beside one that has not.</summary>
public abstract class ReadinessScenarios(ClusterWorld world) : Scenario(world)
{
    [Fact]
    public async Task Each_rule_sees_the_workload_that_has_the_fault_and_not_the_one_that_has_not()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "ready");
        await CreateAsync(shop, "fine", _ => { });
        foreach (var (rule, spoil) in All) await CreateAsync(shop, Name(rule), spoil);
        await shop.ReadyAsync();
        await using var session = Open();

        var found = await FindingsAsync(session, shop.Name);
        var byName = found.Where(finding => finding.Checked).ToLookup(finding => finding.Name, finding => finding.Id);
        Assert.Empty(byName["fine"]);
        Assert.All(All, fault => Assert.Contains(fault.Rule, byName[Name(fault.Rule)]));
        // Nothing is seen where it is not: each workload has its own fault, and few imply another.
        Assert.All(All, fault => Assert.True(byName[Name(fault.Rule)].Distinct().Count() <= 2, $"{fault.Rule}: {string.Join(", ", byName[Name(fault.Rule)])}"));
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
    public async Task Other_meshes_jobs_old_images_and_full_nodes_are_seen_and_their_healthy_counterparts_are_not()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "rare");
        await CreateAsync(shop, "fine", _ => { });
        await CreateAsync(shop, "linkerd", spec => Beside(spec, "linkerd-proxy"));
        await CreateAsync(shop, "linkerd-fine", spec => Beside(spec, "linkerd-proxy", "config.alpha.linkerd.io/proxy-wait-before-exit-seconds"));
        await CreateAsync(shop, "consul", spec => Beside(spec, "consul-dataplane"));
        await CreateAsync(shop, "consul-fine", spec => Beside(spec, "consul-dataplane", "consul.hashicorp.com/sidecar-proxy-lifecycle-shutdown-grace-period-seconds"));
        await CreateAsync(shop, "image", spec => Container(spec)["image"] = "hub.example/app:forgotten");
        await CreateAsync(shop, "init", spec => spec["template"]!["spec"]!["initContainers"] = JsonNode.Parse("""[{"name":"setup","image":"hub.example/setup:1"}]"""));
        await shop.ReadyAsync();
        await World.Api.CreateAsync((shop.Workload("job") with { PodAnnotations = new Dictionary<string, string> { ["note"] = "injected as all" } }).AsJob(), Cancelled);
        await World.Api.CreateAsync((shop.Workload("job-fine") with { PodLabels = new Dictionary<string, string> { ["sidecar.istio.io/inject"] = "false" } }).AsJob(), Cancelled);
        await CreateAsync(shop, "large", spec => Container(spec)["resources"] = JsonNode.Parse("""{"requests":{"cpu":"1000000"}}"""));
        await ReportImagesAsync("hub.example/app:1", "hub.example/setup:1", "hub.example/linkerd-proxy:1", "hub.example/consul-dataplane:1");
        await using var session = Open();

        (string Rule, string Faulty, string Healthy)[] cases =
        [
            ("LinkerdEndsEarly", "linkerd", "linkerd-fine"), ("ConsulEndsEarly", "consul", "consul-fine"), ("ImageOnNoNode", "image", "fine"), ("InitNotTriedForLong", "init", "fine"),
            ("JobKeepsProxy", "job", "job-fine"), ("NoNodeRoom", "large", "fine"), ("PodsNotReady", "large", "fine"),
        ];
        // From no age on: the pods of a test are young.
        var query = new ReadinessQuery { Selection = new() { Namespaces = [shop.Name] }, OldImages = TimeSpan.Zero, IncludeNodeRoom = true };
        List<MeshReadinessFinding> found = [];
        for (var attempt = 0; attempt < 100; attempt++)
        {
            found = await FindingsAsync(session, query);
            if (cases.All(item => Sees(item.Rule, item.Faulty))) break;
            await Task.Delay(100, Cancelled);
        }
        Assert.All(cases, item => Assert.True(Sees(item.Rule, item.Faulty), $"{item.Rule} of {item.Faulty}: {string.Join("; ", found.Where(finding => finding.Name == item.Faulty))}"));
        Assert.All(cases, item => Assert.False(Sees(item.Rule, item.Healthy), $"{item.Rule} of {item.Healthy}"));
        // Seven days, as nobody says otherwise: nothing here is that old.
        Assert.DoesNotContain(await FindingsAsync(session, shop.Name), finding => finding.Id is "ImageOnNoNode" or "InitNotTriedForLong" or "NoNodeRoom");

        bool Sees(string rule, string name) => found.Exists(finding => finding.Checked && finding.Id == rule && finding.Name == name);
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

    // A proxy of another mesh that nobody injected, and what its pod asks of it.
    private static void Beside(JsonObject spec, string proxy, string? annotation = null)
    {
        var template = spec["template"]!;
        template["metadata"]!["labels"]!["sidecar.istio.io/inject"] = "false";
        if (annotation is not null) template["metadata"]!["annotations"]![annotation] = "20";
        template["spec"]!["containers"]!.AsArray().Add(new JsonObject { ["name"] = proxy, ["image"] = $"hub.example/{proxy}:1" });
    }

    // As a kubelet does for what it has pulled; of other namespaces nothing is judged here.
    private Task ReportImagesAsync(params string[] images) => World.Api.PatchAsync(
        "/api/v1/nodes/node-1/status", new JsonObject { ["status"] = new JsonObject { ["images"] = new JsonArray([.. images.Select(image => new JsonObject { ["names"] = new JsonArray(image), ["sizeBytes"] = 1 })]) } }, cancellation: Cancelled);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static Task<List<MeshReadinessFinding>> FindingsAsync(ClusterSession session, string place) => FindingsAsync(session, new ReadinessQuery { Selection = new() { Namespaces = [place] } });

    private static async Task<List<MeshReadinessFinding>> FindingsAsync(ClusterSession session, ReadinessQuery query)
    {
        var found = new List<MeshReadinessFinding>();
        await foreach (var item in new ReadinessReader(session).ReadAsync(query, Cancelled))
        {
            Assert.False(item is ReadEvent<MeshReadinessFinding>.Failed, item.ToString());
            if (item is ReadEvent<MeshReadinessFinding>.Found(var finding)) found.Add(finding);
        }
        return found;
    }
}
