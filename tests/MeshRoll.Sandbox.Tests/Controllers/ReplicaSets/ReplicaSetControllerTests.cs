using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.ReplicaSets;

public sealed class ReplicaSetControllerTests
{
    private static readonly string[] Counts = ["observedGeneration", "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas"];

    private readonly ControllerWorld _world = new();

    [Fact]
    public void A_lost_pod_is_replaced_at_once()
    {
        Bring();
        var lost = _world.ActivePods[0];
        _world.Cluster.Delete(lost);
        _world.Settle(TimeSpan.Zero);
        Assert.Equal(3, _world.ActivePods.Count);
        Assert.Equal(4, _world.List(ApiResources.Pods).Count);
        _world.Settle();
        Assert.Equal("observedGeneration=1 replicas=3 fullyLabeledReplicas=3 readyReplicas=3 availableReplicas=3", Status());
    }

    [Fact]
    public void Pods_that_ended_are_replaced_too()
    {
        Bring();
        _world.Kubelet.End(_world.ActivePods[0], "Failed");
        _world.Settle();
        Assert.Equal(3, _world.ActivePods.Count);
        Assert.Equal(4, _world.List(ApiResources.Pods).Count);
    }

    [Fact]
    public void Scaling_down_takes_the_pods_that_are_not_ready()
    {
        Bring();
        var sick = _world.ActivePods[1];
        _world.Kubelet.SetReady(sick, ready: false);
        _world.Settle();
        _world.Change(ApiResources.ReplicaSets, "web", json => json.Scale(2));
        _world.Settle();
        Assert.Null(_world.Find(ApiResources.Pods, sick.Name));
        Assert.Equal([$"Deleted pod: {sick.Name}"], _world.Messages("SuccessfulDelete"));
        Assert.Equal("observedGeneration=2 replicas=2 fullyLabeledReplicas=2 readyReplicas=2 availableReplicas=2", Status());
    }

    [Fact]
    public void A_matching_pod_without_an_owner_is_taken_in()
    {
        _world.Create(ApiResources.Pods, Specs.Pod("stray", ("app", "web")));
        Bring();
        Assert.Equal(3, _world.ActivePods.Count);
        Assert.Equal(_world.Get(ApiResources.ReplicaSets, "web").Uid, _world.Get(ApiResources.Pods, "stray").ControllerUid);
    }

    [Fact]
    public void A_pod_that_comes_later_is_taken_in_and_one_too_many_goes()
    {
        Bring();
        _world.Create(ApiResources.Pods, Specs.Pod("stray", ("app", "web")));
        _world.Settle();
        Assert.Equal(3, _world.ActivePods.Count);
        Assert.Null(_world.Find(ApiResources.Pods, "stray"));
    }

    [Fact]
    public void A_pod_whose_label_is_changed_is_let_go_and_replaced()
    {
        Bring();
        var pod = _world.ActivePods[0];
        _world.Cluster.Change(pod, json => json.Object("metadata", "labels")["app"] = "debugging");
        _world.Settle();
        Assert.Equal("", _world.Get(ApiResources.Pods, pod.Name).ControllerUid);
        Assert.Equal(4, _world.ActivePods.Count);
        Assert.Equal("observedGeneration=1 replicas=3 fullyLabeledReplicas=3 readyReplicas=3 availableReplicas=3", Status());
    }

    [Fact]
    public void A_pod_has_what_its_template_says_and_its_owner()
    {
        Bring();
        var pod = _world.ActivePods[0].ToJson();
        Assert.Equal("web-", pod.Text("metadata", "generateName"));
        Assert.Equal("web", pod.Text("metadata", "labels", "app"));
        Assert.Equal("app:1", pod.Items("spec", "containers").Single().Text("image"));
        var owner = pod.Items("metadata", "ownerReferences").Single();
        Assert.Equal(("apps/v1", "ReplicaSet", "web"), (owner.Text("apiVersion"), owner.Text("kind"), owner.Text("name")));
        Assert.True(owner.Flag("controller") && owner.Flag("blockOwnerDeletion"));
    }

    [Fact]
    public void Failing_creation_is_tried_again_ever_more_slowly_but_does_not_keep_the_world_going()
    {
        _world.Cluster.Add(new Never());
        _world.Create(ApiResources.ReplicaSets, Specs.ReplicaSet("web"));
        var begun = _world.Now;
        _world.Settle(TimeSpan.FromDays(1));
        Assert.InRange(_world.Now - begun, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(15));
        Assert.Single(_world.Messages("FailedCreate"));
        var count = _world.Cluster.Store.List(ApiResources.Events, ControllerWorld.Home).Single().ToJson().Number("count");
        Assert.InRange(count!.Value, 10, 25);
    }

    private void Bring()
    {
        _world.Create(ApiResources.ReplicaSets, Specs.ReplicaSet("web"));
        _world.Settle();
        Assert.Equal(3, _world.ActivePods.Count(pod => pod.As<PodView>().IsReady));
    }

    private string Status() => _world.Status(ApiResources.ReplicaSets, "web", Counts);

    private sealed class Never : Sandbox.Admission.IAdmission
    {
        public void Admit(Sandbox.Admission.AdmissionRequest request)
        {
            if (request.Resource == ApiResources.Pods) throw Sandbox.Writing.ApiStatusException.Internal("no");
        }
    }
}
