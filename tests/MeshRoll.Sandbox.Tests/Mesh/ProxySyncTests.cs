using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Mesh;

public sealed class ProxySyncTests
{
    [Fact]
    public void Each_proxy_is_known_to_exactly_one_pod_of_its_revision()
    {
        var mesh = new MeshWorld().Install(MeshWorld.Old with { Replicas = 2 }).Install(MeshWorld.New);
        mesh.Label("shop", "istio-injection", "enabled");
        for (var i = 0; i < 8; i++) mesh.Create(new PodBuilder($"web-{i}"));
        mesh.Create(new PodBuilder("plain").Labelled("sidecar.istio.io/inject", "false"));
        mesh.World.Settle();

        var (one, other) = (Proxies(mesh, "istiod-1"), Proxies(mesh, "istiod-2"));
        Assert.NotEmpty(one);
        Assert.NotEmpty(other);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"web-{i}.shop"), one.Concat(other).Order(StringComparer.Ordinal));
        Assert.Empty(Proxies(mesh, "istiod-1-27-1"));
    }

    [Fact]
    public void When_an_istiod_goes_its_proxies_connect_to_the_other()
    {
        var mesh = new MeshWorld().Install(MeshWorld.Old with { Replicas = 2 });
        mesh.Label("shop", "istio-injection", "enabled");
        for (var i = 0; i < 8; i++) mesh.Create(new PodBuilder($"web-{i}"));
        mesh.World.Settle();
        mesh.Serve(MeshWorld.Old, "istiod-2");

        Assert.Equal((0, 8), (Proxies(mesh, "istiod-1").Count, Proxies(mesh, "istiod-2").Count));
        mesh.Serve(MeshWorld.Old);
        Assert.Empty(Proxies(mesh, "istiod-2"));
    }

    [Theory]
    [InlineData("", true, true)]
    [InlineData("stale", true, false)]
    [InlineData("not-sent", false, false)]
    public void The_state_of_a_proxy_is_told_in_both_formats(string sync, bool sent, bool acked)
    {
        var mesh = new MeshWorld().Install(MeshWorld.Old);
        mesh.Label("shop", "istio-injection", "enabled");
        var pod = new PodBuilder();
        if (sync.Length > 0) pod.Annotated("proxy-sync", sync);
        mesh.Create(pod);
        mesh.World.Settle();

        var old = Ask(mesh, "istiod-1", newFormat: false).Single();
        Assert.Equal(("Kubernetes", "web.shop", "sidecar", "1.26.4"), (old.Text("cluster_id"), old.Text("proxy"), old.Text("proxy_type"), old.Text("istio_version")));
        Assert.Equal((sent, acked), (old.Text("listener_sent") is not null, sent && old.Text("listener_sent") == old.Text("listener_acked")));
        Assert.Null(old.Text("extensionconfig_sent"));

        var listener = Ask(mesh, "istiod-1", newFormat: true).Single().At("resources", "type.googleapis.com/envoy.config.listener.v3.Listener");
        Assert.Equal((sent, acked), (listener.Text("sent") is not null, sent && listener.Text("sent") == listener.Text("acked")));
    }

    [Fact]
    public void A_disconnected_proxy_is_known_to_nobody()
    {
        var mesh = new MeshWorld().Install(MeshWorld.Old);
        mesh.Label("shop", "istio-injection", "enabled");
        mesh.Create(new PodBuilder().Annotated("proxy-sync", "disconnected"));
        mesh.World.Settle();
        Assert.Empty(Proxies(mesh, "istiod-1"));
    }

    [Fact]
    public void A_native_sidecar_is_connected_like_any_other()
    {
        var mesh = new MeshWorld().Install(MeshWorld.Old with { NativeSidecars = true });
        mesh.Label("shop", "istio-injection", "enabled");
        mesh.Create(new PodBuilder());
        mesh.World.Settle();
        Assert.Equal(["web.shop"], Proxies(mesh, "istiod-1"));
    }

    private static List<string> Proxies(MeshWorld mesh, string istiod) => [.. Ask(mesh, istiod, newFormat: false).Select(proxy => proxy.Text("proxy")!)];

    private static IEnumerable<JsonObject> Ask(MeshWorld mesh, string istiod, bool newFormat) =>
        JsonNode.Parse(mesh.Mesh.ProxySync.Syncz(mesh.Cluster.Store.Find(ApiResources.Pods, "istio-system", istiod)!, newFormat))!.AsArray().OfType<JsonObject>();
}
