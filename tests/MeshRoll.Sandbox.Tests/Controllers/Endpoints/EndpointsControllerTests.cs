using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Controllers.World;

namespace MeshRoll.Sandbox.Tests.Controllers.Endpoints;

public sealed class EndpointsControllerTests
{
    private readonly ControllerWorld _world = new();

    [Fact]
    public void A_service_lists_its_ready_pods()
    {
        Bring(Service());
        var endpoints = _world.Read(ApiResources.Endpoints, "web");
        var subset = endpoints.Items("subsets").Single();
        Assert.Equal(2, subset.Items("addresses").Count());
        var pod = _world.ActivePods.Single(pod => pod.ToJson().Text("status", "podIP") == subset.Items("addresses").First().Text("ip"));
        var target = subset.Items("addresses").First();
        Assert.Equal(("Pod", pod.Name, pod.Uid, "node-1"), (target.Text("targetRef", "kind"), target.Text("targetRef", "name"), target.Text("targetRef", "uid"), target.Text("nodeName")));
        Assert.Equal("""[{"name":"http","port":8080,"protocol":"TCP"}]""", subset["ports"]!.ToJsonString());
        Assert.Equal("front", endpoints.Text("metadata", "labels", "tier"));
    }

    [Fact]
    public void A_pod_that_is_not_ready_is_listed_apart_and_one_that_ends_not_at_all()
    {
        Bring(Service());
        var pods = _world.ActivePods;
        _world.Kubelet.SetReady(pods[0], ready: false);
        _world.Settle();
        Assert.Equal((1, 1), Counts());
        _world.Kubelet.GoneAfter = TimeSpan.FromSeconds(30);
        _world.Kubelet.ReadyAfter = TimeSpan.FromSeconds(60);
        _world.Cluster.Delete(pods[1]);
        _world.Pass(1);
        Assert.Equal((0, 1), Counts());
        _world.Settle();
        Assert.Equal((1, 1), Counts());
    }

    [Fact]
    public void A_service_that_publishes_unready_pods_calls_them_ready()
    {
        _world.Kubelet.ReadyAfter = null;
        var service = Service();
        service.Object("spec")["publishNotReadyAddresses"] = true;
        Bring(service);
        foreach (var pod in _world.ActivePods) _world.Kubelet.SetReady(pod, ready: false);
        _world.Settle();
        Assert.Equal((2, 0), Counts());
    }

    [Fact]
    public void A_headless_service_of_a_stateful_set_knows_its_host_names()
    {
        var service = Service();
        service.Object("spec")["clusterIP"] = "None";
        service.Object("spec").Remove("ports");
        _world.Create(ApiResources.Services, service);
        _world.Create(ApiResources.StatefulSets, Specs.StatefulSet("web", 2));
        _world.Settle();
        var subset = _world.Read(ApiResources.Endpoints, "web").Items("subsets").Single();
        Assert.Equal(["web-0", "web-1"], subset.Items("addresses").Select(address => address.Text("hostname")));
        Assert.Equal("", _world.Read(ApiResources.Endpoints, "web").Text("metadata", "labels", "service.kubernetes.io/headless"));
    }

    [Fact]
    public void Endpoints_go_with_their_service_and_come_back_when_only_they_are_deleted()
    {
        Bring(Service());
        _world.Delete(ApiResources.Endpoints, "web");
        _world.Settle();
        Assert.Equal((2, 0), Counts());
        _world.Delete(ApiResources.Services, "web");
        _world.Settle();
        Assert.Null(_world.Find(ApiResources.Endpoints, "web"));
    }

    [Fact]
    public void A_changed_selector_or_label_changes_who_is_listed()
    {
        Bring(Service());
        _world.Change(ApiResources.Services, "web", json => json.Object("spec", "selector")["app"] = "other");
        _world.Settle();
        Assert.Equal((0, 0), Counts());
        _world.Create(ApiResources.Pods, Specs.Pod("one", ("app", "other")));
        _world.Settle();
        Assert.Equal((1, 0), Counts());
        _world.Change(ApiResources.Pods, "one", json => json.Object("metadata", "labels")["app"] = "none");
        _world.Settle();
        Assert.Equal((0, 0), Counts());
    }

    [Fact]
    public void Without_a_selector_the_endpoints_are_somebody_elses()
    {
        var service = Service();
        service.Object("spec").Remove("selector");
        Bring(service);
        Assert.Null(_world.Find(ApiResources.Endpoints, "web"));
    }

    private void Bring(JsonObject service)
    {
        _world.Create(ApiResources.Services, service);
        _world.Create(ApiResources.Deployments, Specs.Deployment("web", 2));
        _world.Pass(5);
    }

    private (int Ready, int Unready) Counts()
    {
        var subsets = _world.Read(ApiResources.Endpoints, "web").Items("subsets").ToList();
        return (subsets.Sum(subset => subset.Items("addresses").Count()), subsets.Sum(subset => subset.Items("notReadyAddresses").Count()));
    }

    private static JsonObject Service() => new()
    {
        ["metadata"] = new JsonObject { ["name"] = "web", ["labels"] = new JsonObject { ["tier"] = "front" } },
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["app"] = "web" },
            ["ports"] = new JsonArray { new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = "http", ["protocol"] = "TCP" } },
        },
    };
}
