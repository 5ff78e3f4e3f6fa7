using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Controllers.World;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Controllers.Deployments;

public sealed class DeploymentControllerTests
{
    private static readonly string[] Counts = ["observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas"];

    private readonly ControllerWorld _world = new();

    [Fact]
    public void A_new_deployment_gets_its_pods_and_says_so()
    {
        _world.Create(ApiResources.Deployments, Specs.Deployment("web"));
        _world.Settle();

        var set = Assert.Single(Sets());
        Assert.Matches("^web-[bcdfghjklmnpqrstvwxz2456789]+$", set.Name);
        Assert.Equal(set.Name["web-".Length..], set.Labels["pod-template-hash"]);
        Assert.Equal(3, _world.ActivePods.Count);
        Assert.All(_world.ActivePods, pod => Assert.StartsWith(set.Name + "-", pod.Name, StringComparison.Ordinal));
        Assert.Equal("observedGeneration=1 replicas=3 updatedReplicas=3 readyReplicas=3 availableReplicas=3 unavailableReplicas=-", Status());
        Assert.Equal("True/MinimumReplicasAvailable/Deployment has minimum availability.", Condition("Available"));
        Assert.Equal($"True/NewReplicaSetAvailable/ReplicaSet \"{set.Name}\" has successfully progressed.", Condition("Progressing"));
        Assert.Equal("1", Annotation(_world.Get(ApiResources.Deployments, "web"), "deployment.kubernetes.io/revision"));
        Assert.Equal(["1", "3", "4"], ((string[])["revision", "desired-replicas", "max-replicas"]).Select(name => Annotation(set, "deployment.kubernetes.io/" + name)));
        Assert.Equal([$"Scaled up replica set {set.Name} to 3"], _world.Messages("ScalingReplicaSet"));
        Assert.Equal(3, _world.Messages("SuccessfulCreate").Count);
    }

    [Fact]
    public void A_new_template_is_rolled_out_step_by_step()
    {
        Bring("web", 4, spec => spec.Rolling(1, 0));
        var old = Assert.Single(Sets()).Name;
        SetImage("app:2");
        _world.Settle();

        var @new = Assert.Single(Sets(), set => set.Name != old).Name;
        Assert.Equal(
            [
                $"Scaled up replica set {old} to 4",
                $"Scaled up replica set {@new} to 1", $"Scaled down replica set {old} to 3 from 4",
                $"Scaled up replica set {@new} to 2 from 1", $"Scaled down replica set {old} to 2 from 3",
                $"Scaled up replica set {@new} to 3 from 2", $"Scaled down replica set {old} to 1 from 2",
                $"Scaled up replica set {@new} to 4 from 3", $"Scaled down replica set {old} to 0 from 1",
            ],
            _world.Messages("ScalingReplicaSet"));
        Assert.Equal("observedGeneration=2 replicas=4 updatedReplicas=4 readyReplicas=4 availableReplicas=4 unavailableReplicas=-", Status());
        Assert.Equal("2", Annotation(_world.Get(ApiResources.Deployments, "web"), "deployment.kubernetes.io/revision"));
    }

    [Fact]
    public void Going_back_to_an_old_template_takes_its_replica_set_again()
    {
        Bring("web", 2);
        var first = Assert.Single(Sets()).Name;
        SetImage("app:2");
        _world.Settle();
        SetImage("app:1");
        _world.Settle();

        Assert.Equal(2, Sets().Count);
        var set = _world.Get(ApiResources.ReplicaSets, first);
        Assert.Equal(2, set.As<ReplicaSetView>().Replicas);
        Assert.Equal("3", Annotation(set, "deployment.kubernetes.io/revision"));
        Assert.Equal("1", Annotation(set, "deployment.kubernetes.io/revision-history"));
        Assert.Equal("3", Annotation(_world.Get(ApiResources.Deployments, "web"), "deployment.kubernetes.io/revision"));
    }

    [Fact]
    public void Annotations_go_to_the_replica_set_but_for_the_books()
    {
        var body = Specs.Deployment("web");
        body.Object("metadata", "annotations")["kubernetes.io/change-cause"] = "first";
        body.Object("metadata", "annotations")["kubectl.kubernetes.io/last-applied-configuration"] = "{}";
        _world.Create(ApiResources.Deployments, body);
        _world.Settle();

        var set = Assert.Single(Sets());
        Assert.Equal("first", Annotation(set, "kubernetes.io/change-cause"));
        Assert.Null(Annotation(set, "kubectl.kubernetes.io/last-applied-configuration"));
    }

    [Fact]
    public void A_rollout_that_gets_nowhere_fails_at_its_deadline()
    {
        Bring("web", 3, spec => spec["progressDeadlineSeconds"] = 60);
        var old = Assert.Single(Sets()).Name;
        var begun = _world.Now;
        _world.Kubelet.IsBroken = pod => !pod.Name.StartsWith(old, StringComparison.Ordinal);
        SetImage("app:2");
        _world.Settle();

        var @new = Assert.Single(Sets(), set => set.Name != old).Name;
        Assert.Equal($"False/ProgressDeadlineExceeded/ReplicaSet \"{@new}\" has timed out progressing.", Condition("Progressing"));
        Assert.Equal("True/MinimumReplicasAvailable/Deployment has minimum availability.", Condition("Available"));
        Assert.InRange(_world.Now - begun, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(65));
        Assert.Equal("observedGeneration=2 replicas=4 updatedReplicas=1 readyReplicas=3 availableReplicas=3 unavailableReplicas=1", Status());
    }

    [Fact]
    public void After_a_failed_rollout_going_back_removes_the_unhealthy_pods_first()
    {
        Bring("web", 3);
        var old = Assert.Single(Sets()).Name;
        _world.Kubelet.IsBroken = pod => !pod.Name.StartsWith(old, StringComparison.Ordinal);
        SetImage("app:2");
        _world.Settle();
        var kept = _world.ActivePods.Where(pod => pod.Name.StartsWith(old, StringComparison.Ordinal)).Select(pod => pod.Uid).ToHashSet();
        SetImage("app:1");
        _world.Settle();

        Assert.Equal(kept, _world.ActivePods.Select(pod => pod.Uid).ToHashSet());
        Assert.StartsWith("True/NewReplicaSetAvailable", Condition("Progressing"), StringComparison.Ordinal);
    }

    [Fact]
    public void While_paused_a_new_template_waits_but_scaling_does_not()
    {
        Bring("web", 2);
        _world.Change(ApiResources.Deployments, "web", json => json.Object("spec")["paused"] = true);
        _world.Settle();
        Assert.Equal("Unknown/DeploymentPaused/Deployment is paused", Condition("Progressing"));

        SetImage("app:2");
        _world.Change(ApiResources.Deployments, "web", json => json.Scale(5));
        _world.Settle();
        var old = Assert.Single(Sets());
        Assert.Equal(5, old.As<ReplicaSetView>().Replicas);
        Assert.Equal("observedGeneration=4 replicas=5 updatedReplicas=- readyReplicas=5 availableReplicas=5 unavailableReplicas=-", Status());

        _world.Change(ApiResources.Deployments, "web", json => json.Object("spec").Remove("paused"));
        _world.Settle();
        Assert.Equal("observedGeneration=5 replicas=5 updatedReplicas=5 readyReplicas=5 availableReplicas=5 unavailableReplicas=-", Status());
    }

    [Fact]
    public void The_time_of_a_pause_does_not_count_against_the_deadline()
    {
        _world.Kubelet.ReadyAfter = null;
        _world.Create(ApiResources.Deployments, Specs.Deployment("web", 1, spec => spec["progressDeadlineSeconds"] = 60));
        _world.Pass(30);
        _world.Change(ApiResources.Deployments, "web", json => json.Object("spec")["paused"] = true);
        _world.Pass(300);
        Assert.Equal("Unknown/DeploymentPaused/Deployment is paused", Condition("Progressing"));
        _world.Change(ApiResources.Deployments, "web", json => json.Object("spec")["paused"] = false);
        _world.Pass(50);
        Assert.Equal("Unknown/DeploymentResumed/Deployment is resumed", Condition("Progressing"));
        _world.Pass(20);
        Assert.StartsWith("False/ProgressDeadlineExceeded", Condition("Progressing"), StringComparison.Ordinal);
    }

    [Fact]
    public void Recreate_waits_until_the_last_old_pod_is_gone()
    {
        Bring("web", 2, spec => spec["strategy"] = new JsonObject { ["type"] = "Recreate" });
        _world.Kubelet.GoneAfter = TimeSpan.FromSeconds(20);
        SetImage("app:2");
        _world.Pass(19);
        Assert.Empty(_world.ActivePods);
        Assert.Equal("False/MinimumReplicasUnavailable/Deployment does not have minimum availability.", Condition("Available"));
        Assert.Single(Sets());

        _world.Pass(4);
        Assert.Equal(2, _world.ActivePods.Count(pod => pod.As<PodView>().IsReady));
        Assert.Equal(2, Sets().Count);
    }

    [Fact]
    public void Pods_count_as_available_only_after_they_were_ready_for_long_enough()
    {
        Bring("web", 2, spec =>
        {
            spec.Rolling(1, 0);
            spec["minReadySeconds"] = 30;
        });
        var begun = _world.Now;
        SetImage("app:2");
        _world.Pass(31);
        Assert.Equal("observedGeneration=2 replicas=3 updatedReplicas=1 readyReplicas=3 availableReplicas=2 unavailableReplicas=1", Status());
        _world.Settle();
        Assert.InRange(_world.Now - begun, TimeSpan.FromSeconds(64), TimeSpan.FromSeconds(70));
        Assert.Equal("observedGeneration=2 replicas=2 updatedReplicas=2 readyReplicas=2 availableReplicas=2 unavailableReplicas=-", Status());
    }

    [Fact]
    public void Old_replica_sets_beyond_the_limit_are_deleted()
    {
        Bring("web", 1, spec => spec["revisionHistoryLimit"] = 2);
        for (var i = 2; i <= 6; i++)
        {
            SetImage($"app:{i}");
            _world.Settle();
        }
        Assert.Equal(["4", "5", "6"], Sets().Select(set => Annotation(set, "deployment.kubernetes.io/revision")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Scaling_amid_a_rollout_keeps_the_shares()
    {
        Bring("web", 10, spec => spec.Rolling(3, 2));
        var old = Assert.Single(Sets()).Name;
        _world.Kubelet.IsBroken = pod => !pod.Name.StartsWith(old, StringComparison.Ordinal);
        SetImage("app:2");
        _world.Pass(10);
        var @new = Assert.Single(Sets(), set => set.Name != old).Name;
        Assert.Equal((8, 5), (Replicas(old), Replicas(@new)));

        _world.Change(ApiResources.Deployments, "web", json => json.Scale(15));
        _world.Pass(10);
        // As the documentation of Deployments tells it: 3 of the 5 more go to the larger old one, 2 to the new one.
        Assert.Equal((11, 7), (Replicas(old), Replicas(@new)));
    }

    [Fact]
    public void A_replica_set_that_may_not_create_pods_shows_in_the_deployment()
    {
        var quota = new Quota();
        _world.Cluster.Add(quota);
        _world.Create(ApiResources.Deployments, Specs.Deployment("web", 2));
        _world.Pass(1);
        Assert.Equal("True/FailedCreate/pods \"\" is forbidden: exceeded quota: small", Condition("ReplicaFailure"));
        Assert.Contains("Error creating: pods \"\" is forbidden: exceeded quota: small", _world.Messages("FailedCreate"));

        quota.IsOver = true;
        _world.Settle();
        Assert.Null(Condition("ReplicaFailure"));
        Assert.Equal(2, _world.ActivePods.Count);
    }

    [Fact]
    public void A_replica_set_that_is_refused_is_tried_again()
    {
        var webhook = new Refusal(ApiResources.ReplicaSets);
        _world.Cluster.Add(webhook);
        _world.Create(ApiResources.Deployments, Specs.Deployment("web", 1));
        _world.Pass(1);
        Assert.StartsWith("False/ReplicaSetCreateError/", Condition("Progressing"), StringComparison.Ordinal);
        webhook.IsOver = true;
        _world.Settle();
        Assert.Single(_world.ActivePods);
    }

    [Fact]
    public void Replica_sets_left_behind_are_taken_in_by_a_deployment_of_the_same_template()
    {
        Bring("web", 2);
        var pods = _world.ActivePods.Select(pod => pod.Name).ToHashSet();
        var set = Assert.Single(Sets());
        _world.Cluster.Write(set, json => json.Object("metadata").Remove("ownerReferences"));
        _world.Cluster.Delete(_world.Get(ApiResources.Deployments, "web"));
        _world.Settle();

        Bring("web", 2);
        Assert.Equal(set.Uid, Assert.Single(Sets()).Uid);
        Assert.Equal(pods, _world.ActivePods.Select(pod => pod.Name).ToHashSet());
        Assert.Equal("True/NewReplicaSetAvailable", Condition("Progressing")![.."True/NewReplicaSetAvailable".Length]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));

        static string Run(int seed)
        {
            var world = new ControllerWorld(seed);
            var story = new List<string>();
            world.Cluster.Store.Changed += change => story.Add($"{change.Version} {change.Type} {change.Object} {change.Object.Uid}");
            world.Create(ApiResources.Deployments, Specs.Deployment("web", 5));
            world.Settle();
            world.Change(ApiResources.Deployments, "web", json => json.Image("app:2"));
            world.Settle();
            return string.Join('\n', story);
        }
    }

    private void Bring(string name, int replicas, Action<JsonObject>? spec = null)
    {
        _world.Create(ApiResources.Deployments, Specs.Deployment(name, replicas, spec));
        _world.Settle();
    }

    private void SetImage(string image) => _world.Change(ApiResources.Deployments, "web", json => json.Image(image));

    private List<StoredObject> Sets() => _world.List(ApiResources.ReplicaSets);

    private int Replicas(string set) => _world.Get(ApiResources.ReplicaSets, set).As<ReplicaSetView>().Replicas;

    private string Status() => _world.Status(ApiResources.Deployments, "web", Counts);

    private string? Condition(string type) => _world.Condition(ApiResources.Deployments, "web", type);

    private static string? Annotation(StoredObject stored, string name) => stored.ToJson().Text("metadata", "annotations", name);

    private sealed class Quota : IAdmission
    {
        public bool IsOver { get; set; }

        public void Admit(AdmissionRequest request)
        {
            if (!IsOver && request.Resource == ApiResources.Pods && request.Operation == "CREATE")
                throw ApiStatusException.Forbidden(ApiResources.Pods, "", "exceeded quota: small");
        }
    }

    private sealed class Refusal(ApiResource resource) : IAdmission
    {
        public bool IsOver { get; set; }

        public void Admit(AdmissionRequest request)
        {
            if (!IsOver && request.Resource == resource && request.Operation == "CREATE") throw ApiStatusException.Internal("failed calling webhook");
        }
    }
}
