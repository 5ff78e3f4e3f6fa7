using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.ControlPlane;

public sealed class InjectorTests
{
    [Theory]
    [InlineData("", "docker.io/istio/proxyv2:1.27.0")]
    [InlineData("sidecar.istio.io/proxyImage=mirror.io/own/proxy:2", "mirror.io/own/proxy:2")]
    [InlineData("sidecar.istio.io/proxyImage=proxyv3", "docker.io/istio/proxyv2:1.27.0")]
    [InlineData("sidecar.istio.io/proxyImageType=distroless", "docker.io/istio/proxyv2:1.27.0-distroless")]
    [InlineData("sidecar.istio.io/proxyImageType=default", "docker.io/istio/proxyv2:1.27.0")]
    public void The_image_of_a_new_sidecar_follows_the_pods_annotations(string annotation, string image) =>
        Assert.Equal(image, IstioInjector.From(Mesh.InjectorMap("1.27.0"))!.ImageFor(Annotations(annotation))!.ToString());

    [Theory]
    [InlineData("1.27.0", "distroless", "", "1.27.0-distroless")]
    [InlineData("1.27.0-distroless", "", "", "1.27.0-distroless")]
    [InlineData("1.27.0-distroless", "debug", "", "1.27.0-debug")]
    [InlineData("1.27.0-distroless", "", "default", "1.27.0")]
    [InlineData("1.27.0", "distroless", "debug", "1.27.0-debug")]
    public void A_variant_replaces_the_tags_own(string tag, string variant, string annotation, string expected)
    {
        var injector = new IstioInjector { Revision = "default", IstiodNamespace = "istio-system", Hub = "h", Tag = tag, Variant = variant };

        Assert.Equal(expected, injector.ImageFor(Annotations(annotation.Length == 0 ? "" : $"sidecar.istio.io/proxyImageType={annotation}"))!.Tag);
    }

    [Fact]
    public void A_whole_image_stands_for_hub_and_tag()
    {
        var injector = IstioInjector.From(Mesh.InjectorMap("1.27.0", change: values => values["global"]!["proxy"]!["image"] = "mirror.io/own/proxy:7"))!;

        Assert.Equal("mirror.io/own/proxy:7", injector.ImageFor(Annotations(""))!.ToString());
        Assert.True(injector.IsWholeImage(Annotations("")));
        Assert.False(IstioInjector.From(Mesh.InjectorMap("1.27.0"))!.IsWholeImage(Annotations("")));
        Assert.True(IstioInjector.From(Mesh.InjectorMap("1.27.0"))!.IsWholeImage(Annotations("sidecar.istio.io/proxyImage=a/b:1")));
    }

    [Fact]
    public void Without_a_hub_the_image_is_the_nodes_default_registrys() =>
        Assert.Equal("proxyv2:1.27.0", IstioInjector.From(Mesh.InjectorMap("1.27.0", change: values => values["global"]!["hub"] = ""))!.ImageFor(Annotations(""))!.ToString());

    [Fact]
    public void A_tag_may_be_a_number() =>
        Assert.Equal("1.10", IstioInjector.From(Mesh.InjectorMap("", change: values => values["global"]!["tag"] = JsonNode.Parse("1.10")))!.Tag);

    [Fact]
    public void Without_a_tag_the_image_is_unknown() => Assert.Null(IstioInjector.From(Mesh.InjectorMap(""))!.ImageFor(Annotations("")));

    [Fact]
    public void Policies_are_read()
    {
        var injector = IstioInjector.From(Mesh.InjectorMap("1", change: values =>
        {
            values["global"]!["proxy"]!["autoInject"] = "disabled";
            values["global"]!["variant"] = "distroless";
            values["sidecarInjectorWebhook"]!["enableNamespacesByDefault"] = true;
        }))!;

        Assert.True(injector is { OnlyOnRequest: true, EnabledByDefault: true, Variant: "distroless" });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"global":7,"sidecarInjectorWebhook":null}""")]
    public void Values_without_the_fields_name_no_version(string values)
    {
        var injector = IstioInjector.From(Map("istio-sidecar-injector-canary", values))!;

        Assert.Equal(("canary", "", "proxyv2"), (injector.Revision, injector.Tag, injector.ProxyImage));
    }

    [Fact]
    public void The_revision_is_the_labels_or_the_values_or_the_names()
    {
        Assert.Equal("blue", IstioInjector.From(Mesh.InjectorMap("1", "blue"))!.Revision);
        Assert.Equal("blue", IstioInjector.From(Map("istio-sidecar-injector-x", """{"revision":"blue"}"""))!.Revision);
        Assert.Equal("default", IstioInjector.From(Map("istio-sidecar-injector", "{}"))!.Revision);
        Assert.Equal("istio-sidecar-injector", IstioInjector.NameOf("default"));
        Assert.Equal("istio-sidecar-injector-blue", IstioInjector.NameOf("blue"));
    }

    [Theory]
    [InlineData("istio-sidecar-injector", "nonsense")]
    [InlineData("istio", "{}")]
    public void Other_ConfigMaps_and_broken_ones_are_no_injector(string name, string values) => Assert.Null(IstioInjector.From(Map(name, values)));

    [Fact]
    public void A_ConfigMap_without_values_is_no_injector() => Assert.Null(IstioInjector.From(new() { Metadata = new() { Name = "istio-sidecar-injector" } }));

    [Theory]
    [InlineData("linkerdVersion: stable-2.14.1\n", "stable-2.14.1")]
    [InlineData("linkerdVersion: edge-1\nproxy:\n  image:\n    name: p\n    version: v2.300\n", "v2.300")]
    [InlineData("linkerdVersion: edge-1\nproxy:\n  image:\n    version: \"\"\n", "edge-1")]
    [InlineData("proxy: none\n", null)]
    [InlineData("- a list\n", null)]
    [InlineData("", null)]
    [InlineData("a: [", null)]
    public void Linkerds_version_is_the_proxys_or_the_meshs(string values, string? version) =>
        Assert.Equal(version, LinkerdInjector.From(Map("linkerd-config", values)).Version);

    [Fact]
    public void A_linkerd_config_without_values_names_no_version() => Assert.Null(LinkerdInjector.From(new()).Version);

    [Theory]
    [InlineData("", "linkerd.io/inject=enabled", true, "namespace annotation linkerd.io/inject=enabled")]
    [InlineData("", "linkerd.io/inject=ingress", true, "namespace annotation linkerd.io/inject=ingress")]
    [InlineData("linkerd.io/inject=enabled", "", true, "pod annotation linkerd.io/inject=enabled")]
    [InlineData("linkerd.io/inject=disabled", "linkerd.io/inject=enabled", false, "pod annotation linkerd.io/inject=disabled")]
    [InlineData("", "", false, "neither the namespace nor the pod asks for injection")]
    public void Linkerd_asks_the_pod_and_then_the_namespace(string pod, string @namespace, bool injects, string rule)
    {
        var place = new Namespace { Metadata = new() { Annotations = Annotations(@namespace) } };
        var decision = LinkerdInjector.Decide(place, new() { Annotations = Annotations(pod) }, false)!;

        Assert.Equal((injects, rule), (decision.Injects, decision.Rule));
    }

    [Fact]
    public void Linkerd_leaves_the_host_network_alone_and_does_not_guess_a_namespace()
    {
        Assert.False(LinkerdInjector.Decide(null, new(), true)!.Injects);
        Assert.Null(LinkerdInjector.Decide(null, new(), false));
    }

    [Fact]
    public void Linkerds_version_may_be_set_for_a_pod_or_a_namespace()
    {
        var place = new Namespace { Metadata = new() { Annotations = Annotations("config.linkerd.io/proxy-version=ns") } };

        Assert.Equal("pod", new LinkerdInjector("mesh").VersionFor(place, new() { Annotations = Annotations("config.linkerd.io/proxy-version=pod") }));
        Assert.Equal("ns", new LinkerdInjector("mesh").VersionFor(place, new()));
        Assert.Equal("mesh", new LinkerdInjector("mesh").VersionFor(null, new()));
    }

    [Theory]
    [InlineData("consul-k8s-control-plane inject-connect \\\n -default-inject=true \\\n -consul-dataplane-image=\"hashicorp/consul-dataplane:1.3.0\" \\\n", "hashicorp/consul-dataplane:1.3.0", true)]
    [InlineData("inject-connect --consul-dataplane-image='a/b:1' --default-inject=false", "a/b:1", false)]
    [InlineData("inject-connect -envoy-image=envoyproxy/envoy:v1.18.3", "envoyproxy/envoy:v1.18.3", null)]
    [InlineData("inject-connect -consul-dataplane-image=", null, null)]
    [InlineData("inject-connect -consul-dataplane-images=x", null, null)]
    public void Consuls_image_stands_among_the_injectors_flags(string script, string? image, bool? byDefault)
    {
        var container = new Container { Name = "sidecar-injector", Command = ["/bin/sh", "-ec", script] };
        var injector = ConsulInjector.From(new() { Spec = new() { Template = new() { Spec = new() { Containers = [Mesh.Container("other", "o"), container] } } } });

        Assert.Equal((image, byDefault), (injector.Image?.ToString(), injector.InjectsByDefault));
    }

    [Fact]
    public void Consuls_flags_may_also_stand_one_by_one_after_the_command()
    {
        var container = new Container { Name = "sidecar-injector", Command = ["consul-k8s-control-plane"], Args = ["inject-connect", "-consul-dataplane-image=a/b:1", "-default-inject=true"] };
        var injector = ConsulInjector.From(new() { Spec = new() { Template = new() { Spec = new() { Containers = [container] } } } });

        Assert.Equal(("a/b:1", true), (injector.Image?.ToString(), injector.InjectsByDefault));
    }

    [Theory]
    [InlineData("consul.hashicorp.com/connect-inject=true", null, true)]
    [InlineData("consul.hashicorp.com/connect-inject=false", true, false)]
    [InlineData("", true, true)]
    [InlineData("", false, false)]
    public void Consul_asks_the_pod_and_then_the_injectors_default(string annotation, bool? byDefault, bool injects) =>
        Assert.Equal(injects, new ConsulInjector(null, byDefault).Decide(new() { Annotations = Annotations(annotation) }, false)!.Injects);

    [Fact]
    public void Consul_does_not_guess_a_default_and_leaves_the_host_network_alone()
    {
        Assert.Null(new ConsulInjector(null, null).Decide(new(), false));
        Assert.False(new ConsulInjector(null, true).Decide(new(), true)!.Injects);
    }

    private static ConfigMap Map(string name, string values) => new() { Metadata = new() { Name = name }, Data = new Dictionary<string, string> { ["values"] = values } };

    private static Dictionary<string, string> Annotations(string annotation) => annotation.Length == 0 ? [] : Mesh.Map(annotation);
}
