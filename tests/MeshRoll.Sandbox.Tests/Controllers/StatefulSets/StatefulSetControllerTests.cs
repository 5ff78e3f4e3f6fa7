using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.Revisions;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.StatefulSets;

public sealed class StatefulSetControllerTests
{
    private static readonly string[] Counts = ["observedGeneration", "replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"];

    private readonly ControllerWorld _world = new();

    [Fact]
    public void Pods_come_one_after_the_other()
    {
        var begun = _world.Now;
        Bring();
        Assert.Equal(["db-0", "db-1", "db-2"], _world.ActivePods.Select(pod => pod.Name));
        Assert.Equal([0, 2, 4], _world.ActivePods.Select(pod => (int)(pod.As<PodView>().Created - begun).TotalSeconds));
        Assert.Equal("observedGeneration=1 replicas=3 readyReplicas=3 currentReplicas=3 updatedReplicas=3 availableReplicas=3", Status());
        Assert.Equal("create Pod db-0 in StatefulSet db successful", _world.Messages("SuccessfulCreate")[0]);
    }

    [Fact]
    public void A_pod_carries_its_name_its_number_and_its_revision()
    {
        Bring(spec => spec["volumeClaimTemplates"] = new JsonArray { new JsonObject { ["metadata"] = new JsonObject { ["name"] = "data" } } });
        var pod = _world.Read(ApiResources.Pods, "db-1");
        var revision = Assert.Single(_world.List(ApiResources.ControllerRevisions));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["app"] = "db",
                ["apps.kubernetes.io/pod-index"] = "1",
                ["statefulset.kubernetes.io/pod-name"] = "db-1",
                ["controller-revision-hash"] = revision.Name,
            },
            pod.Map("metadata", "labels"));
        Assert.Equal(("db-1", "db"), (pod.Text("spec", "hostname"), pod.Text("spec", "subdomain")));
        Assert.Equal("data-db-1", pod.Items("spec", "volumes").Single().Text("persistentVolumeClaim", "claimName"));
    }

    [Fact]
    public void In_parallel_they_come_at_once()
    {
        _world.Create(ApiResources.StatefulSets, Specs.StatefulSet("db", 3, spec => spec["podManagementPolicy"] = "Parallel"));
        _world.Settle(TimeSpan.Zero);
        Assert.Equal(3, _world.ActivePods.Count);
    }

    [Fact]
    public void A_new_template_goes_from_the_highest_number_down_waiting_for_each()
    {
        Bring();
        var order = new List<string>();
        _world.Cluster.Store.Changed += change =>
        {
            if (change.Object.Resource == ApiResources.Pods && change.Type == ChangeType.Added) order.Add(change.Object.Name);
            Assert.True(change.Object.Resource != ApiResources.Pods || _world.List(ApiResources.Pods).Count(pod => !pod.As<PodView>().IsReady || pod.IsDeleting) <= 1);
        };
        SetImage("app:2");
        _world.Settle();
        Assert.Equal(["db-2", "db-1", "db-0"], order);
        Assert.Equal("observedGeneration=2 replicas=3 readyReplicas=3 currentReplicas=3 updatedReplicas=3 availableReplicas=3", Status());
        var status = _world.Read(ApiResources.StatefulSets, "db")["status"];
        Assert.Equal(status.Text("updateRevision"), status.Text("currentRevision"));
        Assert.Equal([1, 2], Revisions());
    }

    [Fact]
    public void A_partition_keeps_the_lower_ones_as_they_are()
    {
        Bring(spec => spec.Object("updateStrategy", "rollingUpdate")["partition"] = 2);
        SetImage("app:2");
        _world.Settle();
        Assert.Equal(["app:1", "app:1", "app:2"], Images());
        Assert.Equal("observedGeneration=2 replicas=3 readyReplicas=3 currentReplicas=2 updatedReplicas=1 availableReplicas=3", Status());

        _world.Cluster.Delete(_world.Get(ApiResources.Pods, "db-0"));
        _world.Settle();
        Assert.Equal(["app:1", "app:1", "app:2"], Images());

        _world.Change(ApiResources.StatefulSets, "db", json => json.Object("spec", "updateStrategy", "rollingUpdate")["partition"] = 0);
        _world.Settle();
        Assert.Equal(["app:2", "app:2", "app:2"], Images());
    }

    [Fact]
    public void With_OnDelete_a_pod_is_new_only_after_somebody_deleted_it()
    {
        Bring(spec => spec["updateStrategy"] = new JsonObject { ["type"] = "OnDelete" });
        SetImage("app:2");
        _world.Settle();
        Assert.Equal(["app:1", "app:1", "app:1"], Images());
        _world.Cluster.Delete(_world.Get(ApiResources.Pods, "db-1"));
        _world.Settle();
        Assert.Equal(["app:1", "app:2", "app:1"], Images());
        Assert.Equal("observedGeneration=2 replicas=3 readyReplicas=3 currentReplicas=2 updatedReplicas=1 availableReplicas=3", Status());
    }

    [Fact]
    public void A_pod_that_never_gets_ready_holds_everything_up_even_going_back()
    {
        Bring();
        _world.Kubelet.IsBroken = pod => pod.ToJson().Items("spec", "containers").First().Text("image") == "app:bad";
        SetImage("app:bad");
        _world.Settle();
        Assert.Equal(["app:1", "app:1", "app:bad"], Images());
        SetImage("app:1");
        _world.Settle();
        // As the documentation says ("forced rollback"): somebody has to delete the broken pod.
        Assert.Equal(["app:1", "app:1", "app:bad"], Images());
        _world.Cluster.Delete(_world.Get(ApiResources.Pods, "db-2"));
        _world.Settle();
        Assert.Equal(["app:1", "app:1", "app:1"], Images());
        Assert.Equal([2, 3], Revisions());
    }

    [Fact]
    public void Fewer_replicas_go_from_the_top_one_by_one()
    {
        Bring();
        _world.Change(ApiResources.StatefulSets, "db", json => json.Scale(1));
        _world.Settle(TimeSpan.Zero);
        Assert.Equal(["db-0", "db-1"], _world.ActivePods.Select(pod => pod.Name));
        _world.Settle();
        Assert.Equal(["db-0"], _world.ActivePods.Select(pod => pod.Name));
        Assert.Equal(["delete Pod db-2 in StatefulSet db successful", "delete Pod db-1 in StatefulSet db successful"], _world.Messages("SuccessfulDelete"));
    }

    [Fact]
    public void The_next_pod_waits_until_the_last_was_ready_for_long_enough()
    {
        _world.Create(ApiResources.StatefulSets, Specs.StatefulSet("db", 2, spec => spec["minReadySeconds"] = 20));
        _world.Pass(21);
        Assert.Equal(["db-0"], _world.ActivePods.Select(pod => pod.Name));
        Assert.Equal("observedGeneration=1 replicas=1 readyReplicas=1 currentReplicas=1 updatedReplicas=1 availableReplicas=0", Status());
        _world.Settle();
        Assert.Equal("observedGeneration=1 replicas=2 readyReplicas=2 currentReplicas=2 updatedReplicas=2 availableReplicas=2", Status());
    }

    [Fact]
    public void Old_revisions_are_forgotten_beyond_the_limit()
    {
        Bring(spec => spec["revisionHistoryLimit"] = 2);
        for (var i = 2; i <= 6; i++)
        {
            SetImage($"app:{i}");
            _world.Settle();
        }
        Assert.Equal([4, 5, 6], Revisions());
    }

    [Fact]
    public void A_revision_holds_the_template_as_a_patch_that_replaces_it()
    {
        Bring();
        var revision = Assert.Single(_world.List(ApiResources.ControllerRevisions)).ToJson();
        Assert.Equal("replace", revision.Text("data", "spec", "template", "$patch"));
        Assert.Equal("app:1", revision.At("data", "spec", "template").Items("spec", "containers").Single().Text("image"));
        Assert.Equal(revision.Text("metadata", "name"), "db-" + revision.Text("metadata", "labels", "controller.kubernetes.io/hash"));
    }

    [Fact]
    public void A_pod_that_failed_is_made_again_under_its_name()
    {
        Bring();
        var uid = _world.Get(ApiResources.Pods, "db-1").Uid;
        _world.Kubelet.End(_world.Get(ApiResources.Pods, "db-1"), "Failed");
        _world.Settle();
        Assert.NotEqual(uid, _world.Get(ApiResources.Pods, "db-1").Uid);
        Assert.Equal(["StatefulSet shop/db is recreating failed Pod db-1"], _world.Messages("RecreatingFailedPod"));
        Assert.Equal("observedGeneration=1 replicas=3 readyReplicas=3 currentReplicas=3 updatedReplicas=3 availableReplicas=3", Status());
    }

    private void Bring(Action<JsonObject>? spec = null)
    {
        _world.Create(ApiResources.StatefulSets, Specs.StatefulSet("db", 3, spec));
        _world.Settle();
        Assert.Equal(3, _world.ActivePods.Count);
    }

    private void SetImage(string image) => _world.Change(ApiResources.StatefulSets, "db", json => json.Image(image));

    private IEnumerable<string> Images() => _world.ActivePods.Select(pod => pod.ToJson().Items("spec", "containers").First().Text("image")!);

    private IEnumerable<long> Revisions() => _world.List(ApiResources.ControllerRevisions).Select(revision => revision.As<ControllerRevisionView>().Number).Order();

    private string Status() => _world.Status(ApiResources.StatefulSets, "db", Counts);
}
