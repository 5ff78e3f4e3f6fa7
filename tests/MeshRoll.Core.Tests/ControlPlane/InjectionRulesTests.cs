using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.ControlPlane;

public sealed class InjectionRulesTests
{
    private const string Nobody = "neither the namespace nor the pod asks for injection";

    /// <summary>One row per branch: labels of the namespace, labels of the pod, what injects, and why.</summary>
    [Theory]
    // The namespace's istio-injection goes before all revisions.
    [InlineData("istio-injection=enabled", "", "default", "namespace label istio-injection=enabled")]
    [InlineData("istio-injection=enabled,istio.io/rev=canary", "", "default", "namespace label istio-injection=enabled")]
    [InlineData("istio-injection=enabled", "istio.io/rev=canary", "default", "namespace label istio-injection=enabled")]
    [InlineData("istio-injection=disabled", "", null, "namespace label istio-injection=disabled")]
    [InlineData("istio-injection=disabled,istio.io/rev=canary", "sidecar.istio.io/inject=true", null, "namespace label istio-injection=disabled")]
    [InlineData("istio-injection=whatever", "istio.io/rev=canary", null, "namespace label istio-injection=whatever")]
    // The namespace's revision goes before the pod's.
    [InlineData("istio.io/rev=1-11-8", "", "1-11-8", "namespace label istio.io/rev=1-11-8")]
    [InlineData("istio.io/rev=1-11-8", "istio.io/rev=canary", "1-11-8", "namespace label istio.io/rev=1-11-8")]
    [InlineData("istio.io/rev=1-11-8", "sidecar.istio.io/inject=true", "1-11-8", "namespace label istio.io/rev=1-11-8")]
    [InlineData("istio.io/rev=", "", null, "namespace label istio.io/rev= names no revision")]
    // The pod decides where the namespace says nothing.
    [InlineData("", "istio.io/rev=canary", "canary", "pod label istio.io/rev=canary")]
    [InlineData("", "istio.io/rev=canary,sidecar.istio.io/inject=true", "canary", "pod label istio.io/rev=canary")]
    [InlineData("", "sidecar.istio.io/inject=true", "default", "pod label sidecar.istio.io/inject=true")]
    [InlineData("", "sidecar.istio.io/inject=yes", null, Nobody)]
    [InlineData("", "", null, Nobody)]
    // The pod's refusal goes before everything the namespace says.
    [InlineData("istio-injection=enabled", "sidecar.istio.io/inject=false", null, "pod label sidecar.istio.io/inject=false")]
    [InlineData("istio.io/rev=canary", "sidecar.istio.io/inject=no", null, "pod label sidecar.istio.io/inject=no")]
    [InlineData("istio.io/rev=canary", "sidecar.istio.io/inject=", "canary", "namespace label istio.io/rev=canary")]
    [InlineData("istio-injection=enabled", "sidecar.istio.io/inject=ON", "default", "namespace label istio-injection=enabled")]
    public void Labels_decide(string @namespace, string pod, string? revision, string rule)
    {
        var decision = InjectionRules.Decide(Mesh.Namespace("shop", Words(@namespace)), "shop", new() { Labels = Mesh.Map(Words(pod)) }, false, false);

        Assert.Equal(new InjectionDecision(revision, rule), decision);
        Assert.Equal(revision is not null, decision!.Injects);
    }

    [Fact]
    public void The_host_network_goes_before_everything()
    {
        var decision = InjectionRules.Decide(Mesh.Namespace("shop", "istio-injection=enabled"), "shop", new(), hostNetwork: true, false);

        Assert.Equal(new InjectionDecision(null, "the pod uses the host's network"), decision);
    }

    [Theory]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    [InlineData("kube-node-lease")]
    [InlineData("local-path-storage")]
    public void System_namespaces_are_left_alone(string name)
    {
        var decision = InjectionRules.Decide(Mesh.Namespace(name, "istio-injection=enabled"), name, new(), false, true);

        Assert.Equal(new InjectionDecision(null, $"namespace {name} is a system namespace"), decision);
    }

    [Fact]
    public void The_annotation_refuses_where_there_is_no_label()
    {
        var pod = new ObjectMeta { Annotations = Mesh.Map("sidecar.istio.io/inject=false") };

        Assert.Equal("pod annotation sidecar.istio.io/inject=false", InjectionRules.Decide(Mesh.Namespace("shop", "istio-injection=enabled"), "shop", pod, false, false)!.Rule);
    }

    [Fact]
    public void The_label_goes_before_the_annotation()
    {
        var pod = new ObjectMeta { Labels = Mesh.Map("sidecar.istio.io/inject=true"), Annotations = Mesh.Map("sidecar.istio.io/inject=false") };

        Assert.Equal("default", InjectionRules.Decide(Mesh.Namespace("shop"), "shop", pod, false, false)!.Revision);
    }

    [Fact]
    public void The_annotation_alone_asks_for_nothing_that_a_webhook_hears() =>
        Assert.False(InjectionRules.Decide(Mesh.Namespace("shop"), "shop", new() { Annotations = Mesh.Map("sidecar.istio.io/inject=true") }, false, false)!.Injects);

    [Theory]
    [InlineData("", "default")]
    [InlineData("istio.io/rev=canary", "canary")]
    [InlineData("sidecar.istio.io/inject=yes", null)]
    [InlineData("sidecar.istio.io/inject=false", null)]
    public void Injection_by_default_takes_what_carries_no_label(string pod, string? revision) =>
        Assert.Equal(revision, InjectionRules.Decide(Mesh.Namespace("shop"), "shop", new() { Labels = Mesh.Map(Words(pod)) }, false, enabledByDefault: true)!.Revision);

    [Fact]
    public void Without_the_namespace_only_what_the_pod_settles_is_settled()
    {
        Assert.Null(InjectionRules.Decide(null, "shop", new() { Labels = Mesh.Map("istio.io/rev=canary") }, false, true));
        Assert.False(InjectionRules.Decide(null, "shop", new() { Labels = Mesh.Map("sidecar.istio.io/inject=false") }, false, true)!.Injects);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("YES", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    public void A_pod_asks_for_injection_in_yaml_words(string value, bool asks)
    {
        Assert.Equal(asks, InjectionRules.AsksForInjection(new() { Labels = Mesh.Map($"sidecar.istio.io/inject={value}") }));
        Assert.Equal(asks, InjectionRules.AsksForInjection(new() { Annotations = Mesh.Map($"sidecar.istio.io/inject={value}") }));
    }

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
