using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.Garbage;

public sealed class GarbageCollectorTests
{
    private readonly ControllerWorld _world = new();

    public GarbageCollectorTests()
    {
        _world.Create(ApiResources.Deployments, Specs.Deployment("web"));
        _world.Settle();
    }

    [Fact]
    public void In_the_background_the_owner_goes_at_once_and_the_rest_follows()
    {
        _world.Delete(ApiResources.Deployments, "web");
        Assert.Null(_world.Find(ApiResources.Deployments, "web"));
        Assert.Single(_world.List(ApiResources.ReplicaSets));
        _world.Settle(TimeSpan.Zero);
        Assert.Empty(_world.List(ApiResources.ReplicaSets));
        Assert.All(_world.List(ApiResources.Pods), pod => Assert.True(pod.IsDeleting));
        _world.Settle();
        Assert.Empty(_world.List(ApiResources.Pods));
    }

    [Fact]
    public void In_the_foreground_the_owner_goes_last()
    {
        _world.Kubelet.GoneAfter = TimeSpan.FromSeconds(10);
        _world.Delete(ApiResources.Deployments, "web", "Foreground");
        _world.Pass(9);
        Assert.True(_world.Get(ApiResources.Deployments, "web").IsDeleting);
        Assert.True(Assert.Single(_world.List(ApiResources.ReplicaSets)).IsDeleting);
        Assert.Equal(3, _world.List(ApiResources.Pods).Count(pod => pod.IsDeleting));
        _world.Pass(2);
        Assert.Empty(_world.List(ApiResources.Pods));
        Assert.Empty(_world.List(ApiResources.ReplicaSets));
        Assert.Null(_world.Find(ApiResources.Deployments, "web"));
    }

    [Fact]
    public void Orphans_stay_without_their_owner()
    {
        _world.Delete(ApiResources.Deployments, "web", "Orphan");
        _world.Settle();
        Assert.Null(_world.Find(ApiResources.Deployments, "web"));
        Assert.Empty(Assert.Single(_world.List(ApiResources.ReplicaSets)).Owners);
        Assert.Equal(3, _world.ActivePods.Count);
    }

    [Fact]
    public void What_names_an_owner_that_is_not_there_goes()
    {
        var stray = Specs.Pod("stray");
        stray.Object("metadata")["ownerReferences"] = new JsonArray { new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["name"] = "gone", ["uid"] = "no-such-uid" } };
        _world.Create(ApiResources.Pods, stray);
        _world.Settle();
        Assert.Null(_world.Find(ApiResources.Pods, "stray"));
    }

    [Fact]
    public void What_has_another_owner_stays_and_forgets_the_one_that_is_gone()
    {
        var one = _world.Create(ApiResources.ConfigMaps, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "one" } });
        var other = _world.Create(ApiResources.ConfigMaps, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "other" } });
        var owned = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "owned", ["ownerReferences"] = new JsonArray { OwnerReference.To(one), OwnerReference.To(other) } } };
        owned.Object("metadata").List("ownerReferences")[1]!["controller"] = false;
        _world.Create(ApiResources.Secrets, owned);
        _world.Cluster.Delete(one);
        _world.Settle();
        Assert.Equal([other.Uid], _world.Get(ApiResources.Secrets, "owned").Owners);
    }

    [Fact]
    public void A_dependent_with_a_finalizer_of_its_own_holds_up_an_owner_in_the_foreground()
    {
        var set = Assert.Single(_world.List(ApiResources.ReplicaSets));
        _world.Cluster.Change(set, json => json.Object("metadata").List("finalizers").Add("example.org/wait"));
        _world.Delete(ApiResources.Deployments, "web", "Foreground");
        _world.Settle();
        Assert.NotNull(_world.Find(ApiResources.Deployments, "web"));
        _world.Cluster.Change(set, json => json.Object("metadata").Remove("finalizers"));
        _world.Settle();
        Assert.Null(_world.Find(ApiResources.Deployments, "web"));
        Assert.Empty(_world.List(ApiResources.Pods));
    }
}
