using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.ArgoRollouts;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.ArgoRollouts;

public sealed class ArgoRolloutControllerTests
{
    private static readonly string[] Counts = ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"];

    private readonly ControllerWorld _world = new();

    [Theory]
    [InlineData(4, 4, 4, 0, 1)]
    [InlineData(4, 4, 4, 2, 2)]
    [InlineData(4, 4, 3, 1, 0)]
    [InlineData(4, 4, 2, 1, -1)]
    [InlineData(4, 5, 5, 1, 1)]
    [InlineData(1, 1, 1, 0, 1)]
    public void A_restart_may_take_as_many_as_may_be_missing_but_one_at_least(int replicas, int total, int available, int maxUnavailable, int expected) =>
        Assert.Equal(expected, ArgoRolloutRules.MayRestart(replicas, total, available, maxUnavailable));

    [Theory]
    [InlineData("canary")]
    [InlineData("blueGreen")]
    public void A_rollout_gets_its_pods_and_is_healthy(string strategy)
    {
        Bring(4, strategy);
        var set = Assert.Single(_world.List(ApiResources.ReplicaSets));
        Assert.Equal("web-" + set.Labels["rollouts-pod-template-hash"], set.Name);
        Assert.Equal("replicas=4 updatedReplicas=4 readyReplicas=4 availableReplicas=4", Status());
        var status = _world.Read(ApiResources.ArgoRollouts, "web")["status"];
        Assert.Equal(("Healthy", "1", "app=web"), (status.Text("phase"), status.Text("observedGeneration"), status.Text("selector")));
        Assert.Equal("1", _world.Read(ApiResources.ArgoRollouts, "web").Text("metadata", "annotations", "rollout.argoproj.io/revision"));
        Assert.Equal([$"Scaled up ReplicaSet {set.Name} (revision 1) from 0 to 4"], _world.Messages("ScalingReplicaSet"));
    }

    [Fact]
    public void A_restart_replaces_the_pods_of_the_same_replica_set()
    {
        Bring(4, "canary");
        var set = Assert.Single(_world.List(ApiResources.ReplicaSets)).Uid;
        var old = _world.ActivePods.Select(pod => pod.Uid).ToHashSet();
        _world.Pass(60);
        var least = 4;
        _world.Cluster.Store.Changed += _ => least = Math.Min(least, _world.ActivePods.Count(pod => pod.As<PodView>().IsReady));
        RestartNow();
        Assert.Equal("Healthy", Phase());
        _world.Settle(TimeSpan.Zero);
        Assert.Equal("Progressing", Phase());
        _world.Settle();

        Assert.Equal(3, least);
        Assert.Equal(set, Assert.Single(_world.List(ApiResources.ReplicaSets)).Uid);
        Assert.DoesNotContain(_world.ActivePods, pod => old.Contains(pod.Uid));
        Assert.Equal("Healthy", Phase());
        Assert.Equal(_world.Read(ApiResources.ArgoRollouts, "web").Text("spec", "restartAt"), _world.Read(ApiResources.ArgoRollouts, "web").Text("status", "restartedAt"));
    }

    [Fact]
    public void A_restart_asks_the_budget()
    {
        Bring(2, "canary");
        _world.Create(ApiResources.PodDisruptionBudgets, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "web" },
            ["spec"] = new JsonObject { ["minAvailable"] = 2, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "web" } } },
        });
        _world.Pass(60);
        var old = _world.ActivePods.Select(pod => pod.Uid).ToHashSet();
        RestartNow();
        _world.Settle();
        Assert.Equal(old, _world.ActivePods.Select(pod => pod.Uid).ToHashSet());
        Assert.Null(_world.Read(ApiResources.ArgoRollouts, "web").Text("status", "restartedAt"));

        _world.Change(ApiResources.PodDisruptionBudgets, "web", json => json.Object("spec")["minAvailable"] = 1);
        _world.Pass(120);
        Assert.DoesNotContain(_world.ActivePods, pod => old.Contains(pod.Uid));
        Assert.NotNull(_world.Read(ApiResources.ArgoRollouts, "web").Text("status", "restartedAt"));
    }

    [Fact]
    public void A_restart_of_the_future_waits()
    {
        Bring(1, "canary");
        var pod = Assert.Single(_world.ActivePods).Uid;
        var at = _world.Now.AddMinutes(5);
        _world.Change(ApiResources.ArgoRollouts, "web", json => json.Object("spec")["restartAt"] = JsonAccess.Timestamp(at));
        _world.Pass(290);
        Assert.Equal(pod, Assert.Single(_world.ActivePods).Uid);
        _world.Settle();
        Assert.NotEqual(pod, Assert.Single(_world.ActivePods).Uid);
    }

    [Fact]
    public void A_new_template_rolls_as_a_deployments_does()
    {
        Bring(4, "canary");
        _world.Change(ApiResources.ArgoRollouts, "web", json => json.Image("app:2"));
        _world.Settle();
        Assert.All(_world.ActivePods, pod => Assert.Equal("app:2", pod.ToJson().Items("spec", "containers").First().Text("image")));
        Assert.Equal("Healthy", Phase());
        Assert.Equal("2", _world.Read(ApiResources.ArgoRollouts, "web").Text("status", "observedGeneration"));
        Assert.Equal(_world.Read(ApiResources.ArgoRollouts, "web").Text("status", "currentPodHash"), _world.Read(ApiResources.ArgoRollouts, "web").Text("status", "stableRS"));
    }

    [Fact]
    public void A_template_that_gets_nowhere_is_degraded()
    {
        _world.Kubelet.IsBroken = _ => true;
        Bring(2, "canary");
        Assert.Equal("Degraded", Phase());
        Assert.StartsWith("ProgressDeadlineExceeded: ReplicaSet \"web-", _world.Read(ApiResources.ArgoRollouts, "web").Text("status", "message"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_nobody_has_looked_at_is_refused_when_its_replica_set_is_made()
    {
        var body = Specs.Workload("web", 2);
        body.Items("spec", "template", "spec", "containers").First().Remove("image");
        _world.Create(ApiResources.ArgoRollouts, body);
        _world.Pass(1);

        Assert.Empty(_world.List(ApiResources.ReplicaSets));
        Assert.Contains("spec.template.spec.containers[0].image: Required value", _world.Read(ApiResources.ArgoRollouts, "web")["status"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_one_says_so()
    {
        Bring(2, "canary");
        _world.Change(ApiResources.ArgoRollouts, "web", json => json.Object("spec")["paused"] = true);
        _world.Settle();
        Assert.Equal("Paused", Phase());
    }

    private void Bring(int replicas, string strategy)
    {
        var body = Specs.Workload("web", replicas);
        body.Object("spec", "strategy")[strategy] = new JsonObject();
        _world.Create(ApiResources.ArgoRollouts, body);
        _world.Settle();
    }

    private void RestartNow() => _world.Change(ApiResources.ArgoRollouts, "web", json => json.Object("spec")["restartAt"] = JsonAccess.Timestamp(_world.Now));

    private string Phase() => _world.Read(ApiResources.ArgoRollouts, "web").Text("status", "phase")!;

    private string Status() => _world.Status(ApiResources.ArgoRollouts, "web", Counts);
}
