using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Controllers.Disruption;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.Disruption;

public sealed class DisruptionControllerTests
{
    private static readonly string[] Counts = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods", "observedGeneration"];

    private readonly ControllerWorld _world = new();

    [Theory]
    [InlineData("2", null, 3, 5, 3, 2)]
    [InlineData("\"50%\"", null, 3, 5, 5, 3)]
    [InlineData(null, "1", 3, 5, 5, 4)]
    [InlineData(null, "\"30%\"", 3, 5, 5, 3)]
    [InlineData(null, "9", 3, 5, 5, 0)]
    [InlineData(null, null, 3, 5, 0, 0)]
    public void Goals_follow_from_counts_and_percents(string? least, string? missing, int pods, int scale, int expected, int desired) =>
        Assert.Equal(new DisruptionGoal(expected, desired), DisruptionRules.Goal(Read(least), Read(missing), pods, scale));

    [Theory]
    [InlineData(3, 2, 3, 1)]
    [InlineData(3, 2, 2, 0)]
    [InlineData(3, 2, 0, 0)]
    [InlineData(0, 0, 5, 0)]
    public void What_is_healthy_beyond_the_goal_may_go(int expected, int desired, int healthy, int allowed) =>
        Assert.Equal(allowed, DisruptionRules.Allowed(new(expected, desired), healthy));

    [Fact]
    public void A_budget_says_how_many_may_go()
    {
        Bring("minAvailable", 2);
        Assert.Equal("disruptionsAllowed=1 currentHealthy=3 desiredHealthy=2 expectedPods=3 observedGeneration=1", Status());
        Assert.Equal("True/SufficientPods/", _world.Condition(ApiResources.PodDisruptionBudgets, "web", "DisruptionAllowed"));

        _world.Kubelet.SetReady(_world.ActivePods[0], ready: false);
        _world.Settle();
        Assert.Equal("disruptionsAllowed=0 currentHealthy=2 desiredHealthy=2 expectedPods=3 observedGeneration=1", Status());
        Assert.Equal("False/InsufficientPods/", _world.Condition(ApiResources.PodDisruptionBudgets, "web", "DisruptionAllowed"));
    }

    [Fact]
    public void A_percentage_is_one_of_what_the_deployment_wishes()
    {
        _world.Kubelet.IsBroken = _ => _world.Now > _world.Get(ApiResources.Deployments, "web").ToJson().Time("metadata", "creationTimestamp") + TimeSpan.FromMinutes(1);
        Bring("maxUnavailable", "34%");
        Assert.Equal("disruptionsAllowed=2 currentHealthy=3 desiredHealthy=1 expectedPods=3 observedGeneration=1", Status());
        _world.Pass(120);
        _world.Change(ApiResources.Deployments, "web", json => json.Scale(10));
        _world.Settle();
        Assert.Equal("disruptionsAllowed=0 currentHealthy=3 desiredHealthy=6 expectedPods=10 observedGeneration=1", Status());
    }

    [Fact]
    public void A_pod_whose_eviction_was_allowed_counts_as_gone_for_two_minutes()
    {
        Bring("minAvailable", 2);
        var budget = _world.Get(ApiResources.PodDisruptionBudgets, "web");
        _world.Cluster.Write(budget, json => json.Object("status", "disruptedPods")[_world.ActivePods[0].Name] = JsonAccess.Timestamp(_world.Now));
        _world.Settle(TimeSpan.Zero);
        Assert.Equal("disruptionsAllowed=0 currentHealthy=2 desiredHealthy=2 expectedPods=3 observedGeneration=1", Status());
        _world.Settle();
        Assert.Equal("disruptionsAllowed=1 currentHealthy=3 desiredHealthy=2 expectedPods=3 observedGeneration=1", Status());
    }

    [Fact]
    public void A_percentage_of_pods_whose_owner_has_no_scale_cannot_be_known()
    {
        var body = Budget("maxUnavailable", "50%");
        var job = Specs.Workload("web", null);
        job.Object("spec").Remove("selector");
        job.Object("spec", "template", "spec")["restartPolicy"] = "Never";
        _world.Create(ApiResources.Jobs, job);
        _world.Create(ApiResources.PodDisruptionBudgets, body);
        _world.Settle();
        var pod = Assert.Single(_world.ActivePods).Name;
        Assert.Equal($"False/SyncFailed/found no controllers for pod \"{pod}\"", _world.Condition(ApiResources.PodDisruptionBudgets, "web", "DisruptionAllowed"));
        Assert.Equal("disruptionsAllowed=0 currentHealthy=0 desiredHealthy=0 expectedPods=0 observedGeneration=1", Status());
    }

    [Fact]
    public void A_budget_without_pods_says_so()
    {
        _world.Create(ApiResources.PodDisruptionBudgets, Budget("minAvailable", 1));
        _world.Settle();
        Assert.Equal(["No matching pods found"], _world.Messages("NoPods"));
        Assert.Equal("disruptionsAllowed=0 currentHealthy=0 desiredHealthy=1 expectedPods=0 observedGeneration=1", Status());
    }

    private void Bring(string field, JsonNode value)
    {
        _world.Create(ApiResources.Deployments, Specs.Deployment("web"));
        _world.Create(ApiResources.PodDisruptionBudgets, Budget(field, value));
        _world.Settle();
    }

    private string Status() => _world.Status(ApiResources.PodDisruptionBudgets, "web", Counts);

    private static JsonObject Budget(string field, JsonNode value) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = "web" },
        ["spec"] = new JsonObject { ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "web" } }, [field] = value },
    };

    private static IntOrPercent? Read(string? json)
    {
        if (json is null) return null;
        using var document = JsonDocument.Parse(json);
        return IntOrPercent.Read(document.RootElement);
    }
}
