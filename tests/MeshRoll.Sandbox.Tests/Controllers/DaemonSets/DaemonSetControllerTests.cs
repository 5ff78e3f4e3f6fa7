using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.Revisions;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.DaemonSets;

public sealed class DaemonSetControllerTests
{
    private static readonly string[] Counts =
    [
        "observedGeneration", "desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled", "numberAvailable", "numberUnavailable", "numberMisscheduled",
    ];

    private readonly ControllerWorld _world = new();

    public DaemonSetControllerTests()
    {
        for (var i = 1; i <= 3; i++) _world.Create(ApiResources.Nodes, Specs.Node($"node-{i}", ("disk", i == 3 ? "slow" : "fast")));
    }

    [Fact]
    public void Every_node_gets_a_pod_that_is_meant_for_it()
    {
        Bring();
        Assert.Equal(["node-1", "node-2", "node-3"], Nodes());
        Assert.Equal(
            "observedGeneration=1 desiredNumberScheduled=3 currentNumberScheduled=3 numberReady=3 updatedNumberScheduled=3 numberAvailable=3 numberUnavailable=- numberMisscheduled=0",
            Status());
        var pod = _world.ActivePods[0].ToJson();
        Assert.Contains(pod.Items("spec", "tolerations"), toleration => toleration.Text("key") == "node.kubernetes.io/unschedulable");
        Assert.Equal(pod.Text("metadata", "labels", "controller-revision-hash"), Assert.Single(_world.List(ApiResources.ControllerRevisions)).Labels["controller-revision-hash"]);
        Assert.StartsWith("Created pod: agent-", _world.Messages("SuccessfulCreate")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_that_come_and_change_get_and_lose_theirs()
    {
        Bring(spec => spec.Object("template", "spec")["nodeSelector"] = new JsonObject { ["disk"] = "fast" });
        Assert.Equal(["node-1", "node-2"], Nodes());
        _world.Create(ApiResources.Nodes, Specs.Node("node-4", ("disk", "fast")));
        _world.Change(ApiResources.Nodes, "node-1", json => json.Object("metadata", "labels")["disk"] = "slow");
        _world.Settle();
        Assert.Equal(["node-2", "node-4"], Nodes());
    }

    [Fact]
    public void A_tainted_node_is_avoided_and_a_cordoned_one_is_not()
    {
        Taint("node-1", "NoSchedule");
        _world.Change(ApiResources.Nodes, "node-2", json => json.Object("spec")["unschedulable"] = true);
        Bring();
        Assert.Equal(["node-2", "node-3"], Nodes());
    }

    [Theory]
    [InlineData("NoSchedule", 1)]
    [InlineData("NoExecute", 0)]
    public void A_taint_that_comes_later_drives_pods_away_only_when_it_says_so(string effect, int misscheduled)
    {
        Bring();
        Taint("node-1", effect);
        _world.Settle();
        Assert.Equal(2 + misscheduled, _world.ActivePods.Count);
        Assert.EndsWith($"numberMisscheduled={misscheduled}", Status(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_template_goes_node_by_node()
    {
        Bring();
        _world.Cluster.Store.Changed += _ => Assert.True(_world.ActivePods.Count(pod => pod.As<PodView>().IsReady) >= 2);
        SetImage("app:2");
        _world.Settle();
        Assert.Equal(["app:2", "app:2", "app:2"], Images());
        Assert.StartsWith("observedGeneration=2 desiredNumberScheduled=3 currentNumberScheduled=3 numberReady=3 updatedNumberScheduled=3", Status(), StringComparison.Ordinal);
        Assert.Equal([1, 2], Revisions());
        SetImage("app:1");
        _world.Settle();
        Assert.Equal([2, 3], Revisions());
    }

    [Fact]
    public void With_a_surge_no_node_is_ever_without()
    {
        Bring(spec => spec["updateStrategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 0, ["maxSurge"] = "34%" } });
        _world.Cluster.Store.Changed += _ =>
        {
            Assert.Equal(3, _world.ActivePods.Where(pod => pod.As<PodView>().IsReady).Select(pod => pod.As<PodView>().NodeName).Distinct().Count());
            Assert.True(_world.ActivePods.Count <= 5);
        };
        SetImage("app:2");
        _world.Settle();
        Assert.Equal(["app:2", "app:2", "app:2"], Images());
    }

    [Fact]
    public void A_bad_template_stops_at_the_first_node()
    {
        Bring();
        _world.Kubelet.IsBroken = pod => pod.ToJson().Items("spec", "containers").First().Text("image") == "app:bad";
        SetImage("app:bad");
        _world.Settle();
        Assert.Equal(2, Images().Count(image => image == "app:1"));
        SetImage("app:1");
        _world.Settle();
        Assert.Equal(["app:1", "app:1", "app:1"], Images());
    }

    [Fact]
    public void With_OnDelete_a_pod_is_new_only_after_somebody_deleted_it()
    {
        Bring(spec => spec["updateStrategy"] = new JsonObject { ["type"] = "OnDelete" });
        SetImage("app:2");
        _world.Settle();
        Assert.Equal(["app:1", "app:1", "app:1"], Images());
        Assert.Contains(" updatedNumberScheduled=- ", Status(), StringComparison.Ordinal);
        _world.Cluster.Delete(_world.ActivePods[0]);
        _world.Settle();
        Assert.Equal(["app:1", "app:1", "app:2"], Images().Order(StringComparer.Ordinal));
        Assert.Contains(" updatedNumberScheduled=1 ", Status(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_that_failed_makes_room_for_another()
    {
        Bring();
        var failed = _world.ActivePods[0];
        _world.Kubelet.End(failed, "Failed");
        _world.Settle();
        Assert.Null(_world.Find(ApiResources.Pods, failed.Name));
        Assert.Equal(3, _world.ActivePods.Count);
        Assert.Single(_world.Messages("FailedDaemonPod"));
    }

    private void Bring(Action<JsonObject>? spec = null)
    {
        _world.Create(ApiResources.DaemonSets, Specs.DaemonSet("agent", spec));
        _world.Settle();
    }

    private void Taint(string node, string effect) => _world.Change(ApiResources.Nodes, node, json =>
        json.Object("spec")["taints"] = new JsonArray { new JsonObject { ["key"] = "special", ["value"] = "yes", ["effect"] = effect } });

    private void SetImage(string image) => _world.Change(ApiResources.DaemonSets, "agent", json => json.Image(image));

    private IEnumerable<string> Nodes() => _world.ActivePods.Select(pod => pod.As<PodView>().NodeName).Order(StringComparer.Ordinal);

    private IEnumerable<string> Images() => _world.ActivePods.Select(pod => pod.ToJson().Items("spec", "containers").First().Text("image")!);

    private IEnumerable<long> Revisions() => _world.List(ApiResources.ControllerRevisions).Select(revision => revision.As<ControllerRevisionView>().Number).Order();

    private string Status() => _world.Status(ApiResources.DaemonSets, "agent", Counts);
}
