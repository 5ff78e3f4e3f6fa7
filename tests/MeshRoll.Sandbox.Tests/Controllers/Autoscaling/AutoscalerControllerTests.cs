using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.Autoscaling;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.Autoscaling;

public sealed class AutoscalerControllerTests
{
    private readonly ControllerWorld _world = new();

    [Theory]
    [InlineData(3, 0, 3, "", "DesiredWithinRange")]
    [InlineData(1, 0, 2, "Current number of replicas below Spec.MinReplicas", "TooFewReplicas")]
    [InlineData(9, 0, 5, "Current number of replicas above Spec.MaxReplicas", "TooManyReplicas")]
    [InlineData(4, 3, 3, "All metrics below target", "DesiredWithinRange")]
    [InlineData(2, 3, 3, "cpu resource utilization (percentage of request) above target", "DesiredWithinRange")]
    [InlineData(5, 8, 5, "", "TooManyReplicas")]
    [InlineData(2, 1, 2, "", "TooFewReplicas")]
    public void What_was_decided_is_held_within_the_limits(int present, int held, int desired, string reason, string limit)
    {
        var decision = AutoscalerRules.Decide(present, held, least: 2, most: 5);
        Assert.Equal((desired, reason, limit), (decision.Desired, decision.Reason, decision.Limit.Reason));
        Assert.Equal(limit != "DesiredWithinRange", decision.IsLimited);
    }

    [Fact]
    public void A_surge_is_taken_back_after_the_sync_period()
    {
        Bring(3);
        _world.Change(ApiResources.Deployments, "web", json => json.Scale(4));
        _world.Settle();
        Assert.Equal(4, Replicas());
        _world.Pass(16);
        Assert.Equal(3, Replicas());
        Assert.Equal(["New size: 3; reason: All metrics below target"], _world.Messages("SuccessfulRescale"));
    }

    [Fact]
    public void Virtual_time_does_not_run_for_an_autoscaler()
    {
        Bring(3);
        var before = _world.Now;
        _world.Settle();
        Assert.Equal(before, _world.Now);
    }

    [Fact]
    public void Too_few_become_the_minimum()
    {
        Bring(1);
        _world.Pass(20);
        Assert.Equal(2, Replicas());
        Assert.Equal("True/ReadyForNewScale/recommended size matches current size", Condition("AbleToScale"));
        Assert.Equal("True/ValidMetricFound/the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)", Condition("ScalingActive"));
        Assert.Equal("False/DesiredWithinRange/the desired count is within the acceptable range", Condition("ScalingLimited"));
    }

    [Fact]
    public void The_load_is_always_what_it_should_be()
    {
        Bring(3);
        var status = _world.Read(ApiResources.HorizontalPodAutoscalers, "web")["status"];
        Assert.Equal((3L, 3L), (status.Number("currentReplicas"), status.Number("desiredReplicas")));
        Assert.Equal(80, status.Items("currentMetrics").Single().Number("resource", "current", "averageUtilization"));
    }

    [Fact]
    public void Scaled_to_nothing_it_is_switched_off()
    {
        Bring(3);
        _world.Change(ApiResources.Deployments, "web", json => json.Scale(0));
        _world.Pass(40);
        Assert.Equal(0, Replicas());
        Assert.Equal("False/ScalingDisabled/scaling is disabled since the replica count of the target is zero", Condition("ScalingActive"));
    }

    [Fact]
    public void Without_its_target_it_says_so()
    {
        _world.Create(ApiResources.HorizontalPodAutoscalers, Autoscaler());
        _world.Settle();
        Assert.Equal("False/FailedGetScale/the HPA controller was unable to get the target's current scale: deployments.apps \"web\" not found", Condition("AbleToScale"));
    }

    private void Bring(int replicas)
    {
        _world.Create(ApiResources.Deployments, Specs.Deployment("web", replicas));
        _world.Settle();
        _world.Create(ApiResources.HorizontalPodAutoscalers, Autoscaler());
        _world.Settle();
    }

    private long? Replicas() => _world.Read(ApiResources.Deployments, "web").Number("spec", "replicas");

    private string? Condition(string type) => _world.Condition(ApiResources.HorizontalPodAutoscalers, "web", type);

    private static JsonObject Autoscaler() => new()
    {
        ["metadata"] = new JsonObject { ["name"] = "web" },
        ["spec"] = new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = "web" },
            ["minReplicas"] = 2,
            ["maxReplicas"] = 5,
            ["metrics"] = new JsonArray
            {
                new JsonObject { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80 } } },
            },
        },
    };
}
