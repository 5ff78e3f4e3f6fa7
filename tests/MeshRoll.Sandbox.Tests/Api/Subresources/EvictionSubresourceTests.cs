using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api.Subresources;

public sealed class EvictionSubresourceTests
{
    private readonly TestServer _server = new();

    [Theory]
    [InlineData("policy/v1")]
    [InlineData("policy/v1beta1")]
    public async Task A_pod_without_a_budget_is_evicted(string version)
    {
        Pod("a");
        var answer = await EvictAsync("a", version);

        Assert.Equal((201, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}"""), (answer.Status, answer.Text));
        Assert.True(_server.Find(ApiResources.Pods, "a")!.IsDeleting);
    }

    [Fact]
    public async Task A_budget_counts_the_evicted_pod()
    {
        Pod("a");
        Budget("web", allowed: 1);
        Assert.Equal(201, (await EvictAsync("a")).Status);

        var status = _server.Find(ApiResources.PodDisruptionBudgets, "web")!.ToJson()["status"];
        Assert.Equal((0L, "2026-03-01T12:00:00Z"), (status.Number("disruptionsAllowed"), status.Text("disruptedPods", "a")));
        var condition = status.Items("conditions").Single();
        Assert.Equal(("DisruptionAllowed", "False", "InsufficientPods"), (condition.Text("type"), condition.Text("status"), condition.Text("reason")));
    }

    [Fact]
    public async Task A_budget_that_is_used_up_keeps_the_pod()
    {
        Pod("a");
        Budget("web", allowed: 0);
        var answer = await EvictAsync("a");

        Assert.Equal((429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget."), (answer.Status, answer.Reason(), answer.Message()));
        var cause = answer.Json().Items("details", "causes").Single();
        Assert.Equal(("DisruptionBudget", "The disruption budget web needs 2 healthy pods and has 3 currently"), (cause.Text("reason"), cause.Text("message")));
        Assert.False(_server.Find(ApiResources.Pods, "a")!.IsDeleting);
    }

    [Fact]
    public async Task A_budget_that_nobody_has_looked_at_yet_is_to_be_waited_for()
    {
        Pod("a");
        Budget("web", allowed: 1, observed: 0);
        var answer = await EvictAsync("a");

        Assert.Equal((429, "10"), (answer.Status, answer.Headers["Retry-After"]));
        Assert.Equal(10L, answer.Json().Number("details", "retryAfterSeconds"));
        Assert.Equal("The disruption budget web is still being processed by the server.", answer.Json().Items("details", "causes").Single().Text("message"));
    }

    [Fact]
    public async Task Two_budgets_are_one_too_many()
    {
        Pod("a");
        Budget("one", allowed: 1);
        Budget("two", allowed: 1);
        var answer = await EvictAsync("a");

        Assert.Equal((500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."), (answer.Status, answer.Message()));
    }

    [Theory]
    [InlineData("Pending", false, 0, 3, "", true)]
    [InlineData("Succeeded", false, 0, 3, "", true)]
    [InlineData("Running", false, 0, 3, "", true)]
    [InlineData("Running", false, 0, 1, "", false)]
    [InlineData("Running", false, 0, 1, "AlwaysAllow", true)]
    [InlineData("Running", false, 0, 1, "IfHealthyBudget", false)]
    [InlineData("Running", true, 0, 3, "AlwaysAllow", false)]
    public async Task A_pod_that_does_not_count_as_healthy_may_go(string phase, bool ready, int allowed, int healthy, string policy, bool goes)
    {
        Pod("a", phase, ready);
        Budget("web", allowed, healthy: healthy, policy: policy);

        Assert.Equal(goes ? 201 : 429, (await EvictAsync("a")).Status);
    }

    [Fact]
    public async Task A_budget_of_other_pods_does_not_matter()
    {
        Pod("a");
        Budget("web", allowed: 0, app: "other");

        Assert.Equal(201, (await EvictAsync("a")).Status);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        Pod("a");
        Budget("web", allowed: 1);
        var answer = await _server.PostAsync($"{Manifests.Pods}/a/eviction?dryRun=All", Body("a", "policy/v1"));

        Assert.Equal(201, answer.Status);
        Assert.Equal(1L, _server.Find(ApiResources.PodDisruptionBudgets, "web")!.ToJson().Number("status", "disruptionsAllowed"));
        Assert.False(_server.Find(ApiResources.Pods, "a")!.IsDeleting);
    }

    [Fact]
    public async Task Names_must_fit_and_the_pod_must_be_there()
    {
        Pod("a");
        var other = await _server.PostAsync($"{Manifests.Pods}/a/eviction", Body("b", "policy/v1"));
        var missing = await EvictAsync("c");
        var version = await EvictAsync("a", "policy/v2");

        Assert.Equal((400, "name in URL does not match name in Eviction object"), (other.Status, other.Message()));
        Assert.Equal((404, "pods \"c\" not found"), (missing.Status, missing.Message()));
        Assert.Equal(400, version.Status);
    }

    private Task<MemoryResponse> EvictAsync(string pod, string version = "policy/v1") => _server.PostAsync($"{Manifests.Pods}/{pod}/eviction", Body(pod, version));

    private static string Body(string pod, string version) => $$$"""{"apiVersion":"{{{version}}}","kind":"Eviction","metadata":{"name":"{{{pod}}}","namespace":"shop"}}""";

    private StoredObject Pod(string name, string phase = "Running", bool ready = true) =>
        _server.Cluster.Write(_server.Add(ApiResources.Pods, name, Manifests.Pod(name, """{"app":"web"}""")), json =>
        {
            json.Object("spec")["nodeName"] = "node-1";
            json.Object("status")["phase"] = phase;
            json.Object("status")["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False" });
        });

    private StoredObject Budget(string name, int allowed, int healthy = 3, int observed = 1, string policy = "", string app = "web")
    {
        var spec = new JsonObject { ["minAvailable"] = 2, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = app } } };
        if (policy.Length > 0) spec["unhealthyPodEvictionPolicy"] = policy;
        var budget = _server.Add(ApiResources.PodDisruptionBudgets, name, new JsonObject { ["spec"] = spec }.ToJsonString());
        return _server.Cluster.SetStatus(budget, new JsonObject
        {
            ["observedGeneration"] = observed,
            ["disruptionsAllowed"] = allowed,
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = 2,
            ["expectedPods"] = 3,
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "DisruptionAllowed", ["status"] = "True", ["reason"] = "SufficientPods", ["lastTransitionTime"] = "2026-03-01T11:00:00Z" }),
        });
    }
}
