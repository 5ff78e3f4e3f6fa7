using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Sidecars;

public sealed class PodMeshRoleTests
{
    private static PodMeshRole Of(Pod pod) => PodMeshRoles.Of(pod.Metadata, pod.Spec, SidecarContainers.Find(pod.Spec));

    [Theory]
    [InlineData("gateway.networking.k8s.io/gateway-name=web")]
    [InlineData("istio.io/gateway-name=web")]
    [InlineData("gateway.istio.io/managed=istio.io-gateway-controller")]
    [InlineData("operator.istio.io/component=IngressGateways")]
    [InlineData("operator.istio.io/component=EgressGateways")]
    [InlineData("istio=ingressgateway")]
    [InlineData("istio=egressgateway")]
    [InlineData("istio=eastwestgateway")]
    public void A_label_makes_a_gateway(string label) => Assert.Equal(PodMeshRole.Gateway, Of(Mesh.Pod("shop", "gw").WithLabels(label)));

    [Theory]
    [InlineData("gateway", PodMeshRole.Gateway)]
    [InlineData("kube-gateway", PodMeshRole.Gateway)]
    [InlineData("waypoint", PodMeshRole.Gateway)]
    [InlineData("sidecar, gateway", PodMeshRole.Gateway)]
    [InlineData("grpc-agent", PodMeshRole.ProxylessGrpc)]
    [InlineData("grpc-simple", PodMeshRole.ProxylessGrpc)]
    [InlineData("sidecar,custom", PodMeshRole.Sidecar)]
    public void The_injection_template_tells_the_role(string templates, PodMeshRole role) =>
        Assert.Equal(role, Of(Mesh.Pod("shop", "web").WithAnnotations($"inject.istio.io/templates={templates}")));

    [Fact]
    public void An_application_has_a_sidecar() => Assert.Equal(PodMeshRole.Sidecar, Of(Mesh.Pod("shop", "web").WithLabels("istio=pilot", "operator.istio.io/component=Pilot")));

    [Fact]
    public void A_pod_without_proxy_has_no_role() =>
        Assert.Equal(PodMeshRole.None, Of(Mesh.Pod("shop", "web").WithContainers(Mesh.Container("app", "a")).WithAnnotations("ambient.istio.io/redirection=enabled")));

    [Fact]
    public void A_proxy_alone_that_nobody_injected_is_a_gateway() =>
        Assert.Equal(PodMeshRole.Gateway, Of(Mesh.Pod("shop", "gw", revision: null).WithContainers(Mesh.Container("istio-proxy", "p:1"))));

    [Fact]
    public void A_proxy_alone_that_was_injected_is_a_sidecar_of_nothing_yet() =>
        Assert.Equal(PodMeshRole.Sidecar, Of(Mesh.Pod("shop", "web").WithContainers(Mesh.Container("istio-proxy", "p:1"))));

    [Fact]
    public void Consul_names_its_gateways_in_an_annotation() => Assert.Equal(
        PodMeshRole.Gateway,
        Of(Mesh.Pod("shop", "gw").WithContainers(Mesh.Container("consul-dataplane", "c:1")).WithAnnotations("consul.hashicorp.com/gateway-kind=api-gateway")));

    [Fact]
    public void Linkerd_has_no_gateways_of_its_own() =>
        Assert.Equal(PodMeshRole.Sidecar, Of(Mesh.Pod("shop", "web").WithContainers(Mesh.Container("linkerd-proxy", "l:1")).WithLabels("istio=ingressgateway")));

    [Theory]
    [InlineData("""{"revision":"1-11-8"}""", "1-11-8")]
    [InlineData("""{"initContainers":["istio-init"],"volumes":[{"revision":"no"}],"revision":"canary"}""", "canary")]
    [InlineData("""{"revision":""}""", "default")]
    [InlineData("""{"revision":7}""", null)]
    [InlineData("""{"containers":[]}""", null)]
    [InlineData("""["revision"]""", null)]
    [InlineData("nonsense", null)]
    [InlineData("""{"revision":"x""", null)]
    [InlineData("", null)]
    public void The_status_annotation_tells_the_revision_if_it_can(string status, string? revision) =>
        Assert.Equal(revision, IstioStatus.RevisionOf(new() { Annotations = Mesh.Map($"sidecar.istio.io/status={status}") }));

    [Fact]
    public void Without_status_the_label_tells_and_then_the_annotation()
    {
        Assert.Equal("a", IstioStatus.RevisionOf(new() { Labels = Mesh.Map("istio.io/rev=a"), Annotations = Mesh.Map("istio.io/rev=b") }));
        Assert.Equal("b", IstioStatus.RevisionOf(new() { Labels = Mesh.Map("istio.io/rev="), Annotations = Mesh.Map("istio.io/rev=b") }));
        Assert.Null(IstioStatus.RevisionOf(new()));
    }
}
