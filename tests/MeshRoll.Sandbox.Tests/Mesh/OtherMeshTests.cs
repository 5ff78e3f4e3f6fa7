using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Worlds;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Mesh;

public sealed class OtherMeshTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData("enabled", null, true)]
    [InlineData("ingress", null, true)]
    [InlineData("disabled", null, false)]
    [InlineData("enabled", "disabled", false)]
    [InlineData(null, "enabled", true)]
    public void Linkerd_asks_the_pods_annotation_then_the_namespaces(string? ofNamespace, string? ofPod, bool injected)
    {
        var mesh = Linkerd();
        if (ofNamespace is not null) Annotate(mesh, "linkerd.io/inject", ofNamespace);
        var pod = new PodBuilder();
        if (ofPod is not null) pod.Annotated("linkerd.io/inject", ofPod);
        Assert.Equal(injected ? "cr.l5d.io/linkerd/proxy:stable-2.14.10" : null, Image(mesh.Create(pod), "linkerd-proxy"));
    }

    [Fact]
    public void Linkerd_marks_what_it_has_injected_and_the_pod_comes_up()
    {
        var mesh = Linkerd();
        Annotate(mesh, "linkerd.io/inject", "enabled");
        var pod = mesh.Create(new());
        Assert.Equal(("stable-2.14.10", "linkerd"), (pod.Text("metadata", "annotations", "linkerd.io/proxy-version"), pod.Text("metadata", "labels", "linkerd.io/control-plane-ns")));
        Assert.Equal(["linkerd-proxy", "app"], pod.Items("spec", "containers").Select(container => container.Text("name")));
        mesh.World.Settle();
        Assert.True(mesh.World.IsReady());
    }

    [Fact]
    public void Linkerd_gives_the_version_that_is_wished_and_new_ones_after_an_upgrade()
    {
        var mesh = Linkerd();
        Annotate(mesh, "linkerd.io/inject", "enabled");
        Assert.Equal("cr.l5d.io/linkerd/proxy:edge-25.1.1", Image(mesh.Create(new PodBuilder("one").Annotated("config.linkerd.io/proxy-version", "edge-25.1.1")), "linkerd-proxy"));
        Install(mesh, WorldMeshKind.Linkerd, "stable-2.14.11");
        Assert.Equal("cr.l5d.io/linkerd/proxy:stable-2.14.11", Image(mesh.Create(new("two")), "linkerd-proxy"));
    }

    [Fact]
    public void A_silent_injector_of_Linkerd_lets_pods_through_without_a_proxy()
    {
        var mesh = Linkerd();
        Annotate(mesh, "linkerd.io/inject", "enabled");
        Serve(mesh, "linkerd", "linkerd-proxy-injector");
        Assert.Null(Image(mesh.Create(new()), "linkerd-proxy"));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("true", null, true)]
    [InlineData("false", null, false)]
    [InlineData("true", "false", false)]
    [InlineData("true", "True", true)]
    public void Consul_injects_where_the_namespace_asks_for_it_unless_the_pod_refuses(string? ofNamespace, string? ofPod, bool injected)
    {
        var mesh = Consul();
        if (ofNamespace is not null) mesh.Label("shop", "consul.hashicorp.com/connect-inject", ofNamespace);
        var pod = new PodBuilder();
        if (ofPod is not null) pod.Annotated("consul.hashicorp.com/connect-inject", ofPod);
        var made = mesh.Create(pod);
        Assert.Equal(injected ? "hashicorp/consul-dataplane:1.4.0" : null, Image(made, "consul-dataplane"));
        Assert.Equal(injected ? "injected" : null, made.Text("metadata", "annotations", "consul.hashicorp.com/connect-inject-status"));
    }

    [Fact]
    public void A_silent_injector_of_Consul_lets_nothing_through()
    {
        var mesh = Consul();
        mesh.Label("shop", "consul.hashicorp.com/connect-inject", "true");
        Serve(mesh, "consul", "consul-connect-injector");
        var failure = Assert.Throws<ApiStatusException>(() => mesh.Create(new()));
        Assert.Contains("https://consul-connect-injector.consul.svc:443/mutate?timeout=10s\": no endpoints available for service \"consul-connect-injector\"", failure.Message, StringComparison.Ordinal);
    }

    private static MeshWorld Linkerd() => Ready(WorldMeshKind.Linkerd, "stable-2.14.10", "linkerd", "linkerd-proxy-injector");

    private static MeshWorld Consul() => Ready(WorldMeshKind.Consul, "1.4.0", "consul", "consul-connect-injector");

    private static MeshWorld Ready(WorldMeshKind kind, string version, string home, string injector)
    {
        var mesh = new MeshWorld();
        mesh.CreateNamespace(home);
        Install(mesh, kind, version);
        var pod = mesh.Cluster.Store.Find(ApiResources.Deployments, home, injector)!.ToJson().At("spec", "template")!.DeepClone().AsObject();
        pod.Object("metadata")["name"] = injector + "-1";
        mesh.Cluster.Create(ApiResources.Pods, home, pod);
        mesh.World.Settle();
        Serve(mesh, home, injector, injector + "-1");
        return mesh;
    }

    private static void Install(MeshWorld mesh, WorldMeshKind kind, string version)
    {
        var revision = new WorldRevision { Version = version };
        mesh.Mesh.Install(new WorldMesh { Kind = kind, Revisions = [revision] }, revision, version);
    }

    private static void Serve(MeshWorld mesh, string home, string service, params string[] pods)
    {
        if (mesh.Cluster.Store.Find(ApiResources.Endpoints, home, service) is { } old) mesh.Cluster.Delete(old);
        var addresses = new JsonArray();
        foreach (var pod in pods) addresses.Add((JsonNode)new JsonObject { ["ip"] = "10.16.0.9", ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["name"] = pod } });
        mesh.Cluster.Create(ApiResources.Endpoints, home, new JsonObject { ["metadata"] = new JsonObject { ["name"] = service }, ["subsets"] = new JsonArray(new JsonObject { ["addresses"] = addresses }) });
    }

    private static void Annotate(MeshWorld mesh, string name, string value) =>
        mesh.Cluster.Change(mesh.Cluster.Store.Find(ApiResources.Namespaces, "", "shop")!, json => json.Object("metadata", "annotations")[name] = value);

    private static string? Image(JsonObject pod, string container) => pod.Items("spec", "containers").SingleOrDefault(entry => entry.Text("name") == container)?.Text("image");
}
