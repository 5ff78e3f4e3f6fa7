using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers;

/// <summary>The controllers together with the scheduler and the kubelets.</summary>
public sealed class RealNodesTests
{
    private readonly ControllerWorld _world = new(nodes: 3);

    [Fact]
    public void All_kinds_of_workload_come_up_and_roll()
    {
        Bring();
        foreach (var resource in (ApiResource[])[ApiResources.Deployments, ApiResources.StatefulSets, ApiResources.DaemonSets, ApiResources.ArgoRollouts])
            _world.Change(resource, resource.Singular, json => json.Image("app:2"));
        var least = 100;
        _world.Cluster.Store.Changed += _ => least = Math.Min(least, _world.ActivePods.Count(pod => pod.As<PodView>().IsReady));
        _world.Settle();

        Assert.All(_world.ActivePods, pod => Assert.Equal("app:2", pod.ToJson().Items("spec", "containers").First().Text("image")));
        Assert.Equal(12, _world.ActivePods.Count(pod => pod.As<PodView>().IsReady));
        Assert.Equal(12, _world.List(ApiResources.Pods).Count);
        // A Deployment of three may lose none, the other two kinds one each; the Rollout's quarter is none, too.
        Assert.InRange(least, 10, 12);
        Assert.Equal("replicas=3 updatedReplicas=3 availableReplicas=3", _world.Status(ApiResources.Deployments, "deployment", "replicas", "updatedReplicas", "availableReplicas"));
        Assert.Equal("replicas=3 updatedReplicas=3 readyReplicas=3", _world.Status(ApiResources.StatefulSets, "statefulset", "replicas", "updatedReplicas", "readyReplicas"));
        Assert.Equal("updatedNumberScheduled=3 numberAvailable=3", _world.Status(ApiResources.DaemonSets, "daemonset", "updatedNumberScheduled", "numberAvailable"));
        Assert.Equal("Healthy", _world.Read(ApiResources.ArgoRollouts, "rollout").Text("status", "phase"));
    }

    [Fact]
    public void Restarting_changes_one_annotation_and_all_pods()
    {
        Bring();
        var old = _world.ActivePods.Select(pod => pod.Uid).ToHashSet();
        _world.Pass(60);
        foreach (var resource in (ApiResource[])[ApiResources.Deployments, ApiResources.StatefulSets, ApiResources.DaemonSets])
            _world.Change(resource, resource.Singular, json => json.Object("spec", "template", "metadata", "annotations")["kubectl.kubernetes.io/restartedAt"] = JsonAccess.Timestamp(_world.Now));
        _world.Change(ApiResources.ArgoRollouts, "rollout", json => json.Object("spec")["restartAt"] = JsonAccess.Timestamp(_world.Now));
        _world.Settle();
        Assert.Equal(12, _world.ActivePods.Count(pod => pod.As<PodView>().IsReady));
        Assert.DoesNotContain(_world.ActivePods, pod => old.Contains(pod.Uid));
    }

    [Fact]
    public void A_job_runs_to_its_end()
    {
        var job = Specs.Workload("load", null);
        job.Object("spec").Remove("selector");
        job.Object("spec", "template", "spec")["restartPolicy"] = "Never";
        job.Object("spec", "template", "metadata", "annotations")[PodBehaviour.Prefix + "completes-after"] = "5s";
        job.Object("spec")["completions"] = 2;
        _world.Create(ApiResources.Jobs, job);
        _world.Settle();
        Assert.Equal("succeeded=2", _world.Status(ApiResources.Jobs, "load", "succeeded"));
        Assert.StartsWith("True/", _world.Condition(ApiResources.Jobs, "load", "Complete"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_namespace_goes_with_everything_in_it()
    {
        Bring();
        _world.Cluster.Delete(_world.Cluster.Store.Find(ApiResources.Namespaces, "", ControllerWorld.Home)!);
        _world.Settle();
        Assert.Null(_world.Cluster.Store.Find(ApiResources.Namespaces, "", ControllerWorld.Home));
        Assert.Empty(_world.List(ApiResources.Pods));
    }

    [Fact]
    public void In_the_foreground_a_workload_goes_after_its_pods()
    {
        Bring();
        _world.Delete(ApiResources.Deployments, "deployment", "Foreground");
        _world.Delete(ApiResources.StatefulSets, "statefulset", "Foreground");
        _world.Delete(ApiResources.DaemonSets, "daemonset", "Foreground");
        _world.Settle();
        Assert.Empty(_world.List(ApiResources.StatefulSets));
        Assert.Empty(_world.List(ApiResources.DaemonSets));
        Assert.Empty(_world.List(ApiResources.Deployments));
        Assert.Equal(3, _world.List(ApiResources.Pods).Count);
    }

    private void Bring()
    {
        _world.Create(ApiResources.Deployments, Specs.Deployment("deployment"));
        _world.Create(ApiResources.StatefulSets, Specs.StatefulSet("statefulset"));
        _world.Create(ApiResources.DaemonSets, Specs.DaemonSet("daemonset"));
        var rollout = Specs.Workload("rollout", 3);
        rollout.Object("spec", "strategy")["canary"] = new JsonObject();
        _world.Create(ApiResources.ArgoRollouts, rollout);
        _world.Settle();
        Assert.Equal(12, _world.ActivePods.Count(pod => pod.As<PodView>().IsReady));
    }
}
