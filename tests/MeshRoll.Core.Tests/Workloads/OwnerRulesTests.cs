using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Workloads;

public sealed class OwnerRulesTests
{
    [Theory]
    [InlineData("apps/v1", "StatefulSet", "db", "StatefulSet", true, "")]
    [InlineData("apps/v1", "DaemonSet", "log", "DaemonSet", true, "")]
    [InlineData("apps/v1", "Deployment", "web", "Deployment", true, "")]
    [InlineData("argoproj.io/v1alpha1", "Rollout", "web", "Rollout", true, "")]
    [InlineData("batch/v1", "Job", "import", "Job", false, "a Job runs once and cannot be restarted")]
    [InlineData("batch/v1", "Job", "import-2840", "Job", false, "a Job runs once and cannot be restarted")]
    [InlineData("batch/v1", "Job", "backup-29384756", "Job", false, "a Job runs once; the next one of CronJob backup gets the new sidecar by itself")]
    [InlineData("batch/v1", "Job", "backup-2938475x", "Job", false, "a Job runs once and cannot be restarted")]
    [InlineData("v1", "ReplicationController", "old", "ReplicationController", false, "a ReplicationController does not replace its pods when its template changes")]
    [InlineData("kafka.example.com/v1", "Broker", "b", "Broker", false, "Broker of kafka.example.com is no kind that MeshRoll can restart: its own controller must")]
    [InlineData("apps.kruise.io/v1beta1", "StatefulSet", "db", "StatefulSet.apps.kruise.io", false, "StatefulSet of apps.kruise.io is no kind that MeshRoll can restart: its own controller must")]
    [InlineData("v1", "Thing", "t", "Thing", false, "Thing is no kind that MeshRoll can restart: its own controller must")]
    public void The_controller_is_the_workload(string apiVersion, string kind, string name, string expected, bool restartable, string reason) => Assert.Equal(
        new WorkloadOwner(new("shop", expected, name), restartable, reason),
        OwnerRules.Resolve(Mesh.Pod("shop", "p").OwnedBy(Mesh.Owner(apiVersion, kind, name))));

    [Theory]
    [InlineData("pod-template-hash=5d4f", "web-5d4f", "Deployment", "web")]
    [InlineData("pod-template-hash=5d4f", "web-api-5d4f", "Deployment", "web-api")]
    [InlineData("rollouts-pod-template-hash=5d4f", "web-5d4f", "Rollout", "web")]
    public void A_ReplicaSets_name_tells_its_owner_by_the_hash(string label, string replicaSet, string kind, string name) => Assert.Equal(
        new WorkloadOwner(new("shop", kind, name), true, ""),
        OwnerRules.Resolve(Pod(label, replicaSet)));

    [Theory]
    [InlineData("pod-template-hash=5d4f", "web-other")]
    [InlineData("pod-template-hash=5d4f", "5d4f")]
    [InlineData("pod-template-hash=5d4f", "web5d4f")]
    [InlineData("pod-template-hash=", "web-")]
    [InlineData("app=web", "web-5d4f")]
    public void Where_the_name_does_not_tell_the_ReplicaSet_has_to_be_asked(string label, string replicaSet) => Assert.Null(OwnerRules.Resolve(Pod(label, replicaSet)));

    [Fact]
    public void A_bare_pod_is_its_own_workload() => Assert.Equal(
        new WorkloadOwner(new("shop", "Pod", "p"), false, "nothing would make the pod anew"), OwnerRules.Resolve(Mesh.Pod("shop", "p").OwnedBy()));

    [Fact]
    public void An_owner_that_does_not_control_does_not_count() =>
        Assert.Equal("Pod", OwnerRules.Resolve(Mesh.Pod("shop", "p").OwnedBy(Mesh.Owner("v1", "ConfigMap", "c") with { Controller = false }))!.Workload.Kind);

    [Fact]
    public void A_static_pod_belongs_to_its_node() =>
        Assert.Equal("a static pod of node n1", OwnerRules.Resolve(Mesh.Pod("kube-system", "etcd-n1").OwnedBy(Mesh.Owner("v1", "Node", "n1")))!.Reason);

    [Fact]
    public void A_ReplicaSet_leads_to_its_own_owner_or_stands_for_itself()
    {
        var owned = new ObjectMeta { OwnerReferences = [Mesh.Owner("apps/v1", "Deployment", "web")] };

        Assert.Equal(new(new("shop", "Deployment", "web"), true, ""), OwnerRules.OfReplicaSet("shop", "rs", owned));
        Assert.Equal(new(new("shop", "ReplicaSet", "rs"), false, "a ReplicaSet that no Deployment manages does not replace its pods"), OwnerRules.OfReplicaSet("shop", "rs", new()));
        Assert.Contains("cannot be read", OwnerRules.OfReplicaSet("shop", "rs", null).Reason, StringComparison.Ordinal);
        Assert.False(OwnerRules.Of("shop", Mesh.Owner("apps/v1", "ReplicaSet", "rs")).Restartable);
    }

    private static Pod Pod(string label, string replicaSet)
    {
        var pod = Mesh.Pod("shop", "p").OwnedBy(Mesh.Owner("apps/v1", "ReplicaSet", replicaSet));
        return pod with { Metadata = pod.Metadata with { Labels = Mesh.Map(label) } };
    }
}
