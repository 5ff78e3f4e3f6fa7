using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Controllers.World;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Controllers.Namespaces;

public sealed class NamespaceControllerTests
{
    private readonly ControllerWorld _world = new();

    [Fact]
    public void A_new_namespace_gets_its_account_and_its_root_certificate()
    {
        _world.Settle();
        Assert.NotNull(_world.Find(ApiResources.ServiceAccounts, "default"));
        Assert.NotNull(_world.Read(ApiResources.ConfigMaps, "kube-root-ca.crt").Text("data", "ca.crt"));
    }

    [Fact]
    public void Both_come_back_when_somebody_deletes_them()
    {
        _world.Settle();
        _world.Delete(ApiResources.ServiceAccounts, "default");
        _world.Delete(ApiResources.ConfigMaps, "kube-root-ca.crt");
        _world.Settle();
        Assert.NotNull(_world.Find(ApiResources.ServiceAccounts, "default"));
        Assert.NotNull(_world.Find(ApiResources.ConfigMaps, "kube-root-ca.crt"));
    }

    [Fact]
    public void The_default_namespace_has_the_Service_of_the_API_server_whatever_happens_to_it()
    {
        Assert.Null(ApiServer());
        _world.Create(ApiResources.Namespaces, new() { ["metadata"] = new JsonObject { ["name"] = "default" } });
        _world.Settle();
        var first = ApiServer()!;
        Assert.Equal("10.96.0.1", first.ToJson().Text("spec", "clusterIP"));
        Assert.Equal("apiserver", first.Labels["component"]);

        _world.Cluster.Delete(first);
        _world.Settle();

        Assert.NotEqual(first.Uid, ApiServer()!.Uid);
        Assert.Empty(_world.List(ApiResources.Services));

        StoredObject? ApiServer() => _world.Cluster.Store.Find(ApiResources.Services, "default", "kubernetes");
    }

    [Fact]
    public void A_deleted_namespace_goes_when_all_its_pods_are_gone()
    {
        _world.Create(ApiResources.Deployments, Specs.Deployment("web"));
        _world.Create(ApiResources.StatefulSets, Specs.StatefulSet("db"));
        _world.Settle();
        _world.Kubelet.GoneAfter = TimeSpan.FromSeconds(10);
        _world.Cluster.Delete(_world.Cluster.Store.Find(ApiResources.Namespaces, "", ControllerWorld.Home)!);
        _world.Pass(9);
        var leaving = _world.Cluster.Store.Find(ApiResources.Namespaces, "", ControllerWorld.Home)!;
        Assert.Equal("Terminating", leaving.ToJson().Text("status", "phase"));
        Assert.Equal(6, _world.List(ApiResources.Pods).Count(pod => pod.IsDeleting));
        Assert.Throws<ApiStatusException>(() => _world.Create(ApiResources.Pods, Specs.Pod("late")));
        _world.Settle();
        Assert.Null(_world.Cluster.Store.Find(ApiResources.Namespaces, "", ControllerWorld.Home));
        Assert.All(ApiResources.All.Where(resource => resource.Namespaced), resource => Assert.Empty(_world.List(resource)));
    }
}
