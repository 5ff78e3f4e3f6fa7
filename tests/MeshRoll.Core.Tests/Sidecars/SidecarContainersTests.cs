using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Sidecars;

public sealed class SidecarContainersTests
{
    [Theory]
    [InlineData("istio-proxy", "Istio")]
    [InlineData("linkerd-proxy", "Linkerd")]
    [InlineData("consul-dataplane", "Consul")]
    [InlineData("consul-dataplane-web", "Consul")]
    [InlineData("envoy-sidecar", "Consul")]
    [InlineData("envoy-sidecar-web", "Consul")]
    [InlineData("consul-connect-envoy-sidecar", "Consul")]
    [InlineData("app", null)]
    public void A_proxy_is_known_by_its_name(string container, string? mesh) => Assert.Equal(mesh, SidecarContainers.MeshOf(container));

    [Fact]
    public void A_proxy_is_found_among_the_containers()
    {
        var found = Assert.Single(SidecarContainers.Find(Mesh.Pod("shop", "web-1").Spec));

        Assert.Equal(("Istio", "istio-proxy", false), (found.Mesh, found.Container.Name, found.Native));
    }

    [Fact]
    public void A_native_sidecar_is_an_init_container_that_stays()
    {
        var spec = new PodSpec { InitContainers = [Mesh.Container("istio-init", "i"), Mesh.Container("istio-proxy", "p:1", "Always")], Containers = [Mesh.Container("app", "a")] };

        Assert.True(Assert.Single(SidecarContainers.Find(spec)).Native);
    }

    [Fact]
    public void An_init_container_that_ends_is_no_sidecar() =>
        Assert.Empty(SidecarContainers.Find(new() { InitContainers = [Mesh.Container("istio-proxy", "p:1")] }));

    [Fact]
    public void Several_proxies_come_in_a_fixed_order() => Assert.Equal(
        ["Istio", "Linkerd", "Consul"],
        SidecarContainers.Find(new() { Containers = [Mesh.Container("consul-dataplane", "c"), Mesh.Container("linkerd-proxy", "l"), Mesh.Container("istio-proxy", "i")] }).Select(found => found.Mesh));

    [Theory]
    [InlineData("edge", "Custom")]
    [InlineData("istio-proxy", "Istio")]
    [InlineData("nothing", null)]
    public void A_container_named_by_the_user_is_the_only_one_looked_for(string wanted, string? mesh)
    {
        var spec = new PodSpec { Containers = [Mesh.Container("edge", "e:1"), Mesh.Container("istio-proxy", "p:1")] };

        Assert.Equal(mesh, SidecarContainers.Find(spec, wanted).SingleOrDefault()?.Mesh);
    }
}
