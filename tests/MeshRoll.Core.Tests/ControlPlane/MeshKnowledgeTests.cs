using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.ControlPlane;

public sealed class MeshKnowledgeTests
{
    private static readonly WorkloadReference Owner = new("shop", "Deployment", "web");

    [Fact]
    public void A_sidecar_is_described_whole()
    {
        var sidecar = Know(Mesh.Namespace("shop", "istio.io/rev=1-11-8")).Describe(Mesh.Pod("shop", "web-1", version: "1.7.8"), Owner, "prod")!;

        Assert.Equal(
            new MeshSidecar
            {
                Cluster = "prod",
                Namespace = "shop",
                Pod = "web-1",
                Kind = "Deployment",
                Name = "web",
                Mesh = "Istio",
                Container = "istio-proxy",
                Image = "docker.io/istio/proxyv2:1.7.8",
                Version = "1.7.8",
                Revision = "default",
                Ready = true,
                Restarts = 2,
                StartTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                DesiredVersion = "1.11.8",
                DesiredRevision = "1-11-8",
                Outdated = true,
                Reason = "runs 1.7.8, namespace label istio.io/rev=1-11-8 gives 1.11.8",
            },
            sidecar);
    }

    [Fact]
    public void A_native_sidecar_is_described_from_its_own_status()
    {
        var pod = Mesh.Pod("shop", "web-1");
        pod = pod with
        {
            Spec = new() { Containers = [Mesh.Container("app", "a")], InitContainers = [Mesh.Container("istio-proxy", "istio/proxyv2:1.11.8", "Always")] },
            Status = pod.Status with { ContainerStatuses = [], InitContainerStatuses = [new() { Name = "istio-proxy", Ready = true, RestartCount = 5 }] },
        };

        Assert.True(Know(Mesh.Namespace("shop")).Describe(pod, Owner, "prod") is { Native: true, Ready: true, Restarts: 5, Version: "1.11.8" });
    }

    [Fact]
    public void After_the_injector_was_switched_the_default_revision_gives_the_other_version()
    {
        var knowledge = Know(Mesh.Namespace("shop", "istio-injection=enabled"), Mesh.Injector(service: "istiod-1-11-8"), Mesh.Injector("1-11-8"));

        Assert.True(knowledge.Describe(Mesh.Pod("shop", "old", version: "1.7.8"), Owner, "prod") is
        {
            Outdated: true, DesiredRevision: "1-11-8", DesiredVersion: "1.11.8",
            Reason: "runs 1.7.8, namespace label istio-injection=enabled (the injector of revision default asks istiod-1-11-8) gives 1.11.8",
        });
        Assert.False(knowledge.Describe(Mesh.Pod("shop", "new", version: "1.11.8", revision: "1-11-8"), Owner, "prod")!.Outdated);
    }

    [Fact]
    public void A_tag_is_followed_to_its_revision()
    {
        var knowledge = Know(Mesh.Namespace("shop", "istio.io/rev=prod"), Mesh.Injector("1-11-8"), Mesh.Tag("prod", "1-11-8"));

        Assert.Equal("runs 1.7.8, namespace label istio.io/rev=prod (tag prod is revision 1-11-8) gives 1.11.8", knowledge.Describe(Mesh.Pod("shop", "web-1", version: "1.7.8"), Owner, "prod")!.Reason);
    }

    [Fact]
    public void A_tag_that_an_old_injector_left_on_the_pod_is_the_same_revision()
    {
        var knowledge = Know(Mesh.Namespace("shop", "istio.io/rev=prod"), Mesh.Injector("1-11-8"), Mesh.Tag("prod", "1-11-8"));
        var pod = Mesh.Pod("shop", "web-1", version: "1.11.8", revision: null).WithLabels("istio.io/rev=prod");

        Assert.True(knowledge.Describe(pod, Owner, "prod") is { Outdated: false, Revision: "1-11-8" });
    }

    [Fact]
    public void Two_control_planes_of_one_version_are_two()
    {
        var knowledge = Know(Mesh.Namespace("shop", "istio-injection=enabled"), [Mesh.InjectorMap("1.27.0"), Mesh.InjectorMap("1.27.0", "canary")], Mesh.Injector(), Mesh.Injector("canary"));

        Assert.True(knowledge.Describe(Mesh.Pod("shop", "web-1", revision: "canary"), Owner, "prod") is { Outdated: true, DesiredRevision: "default" });
    }

    [Theory]
    [InlineData("istio-injection=disabled", "namespace label istio-injection=disabled")]
    [InlineData("istio.io/rev=gone", "namespace label istio.io/rev=gone (no injector webhook serves revision gone)")]
    public void A_pod_that_would_come_back_without_sidecar_is_not_outdated(string label, string rule)
    {
        var sidecar = Know(Mesh.Namespace("shop", label)).Describe(Mesh.Pod("shop", "web-1", version: "1.7.8"), Owner, "prod")!;

        Assert.True(sidecar is { Outdated: false, DesiredVersion: null, DesiredRevision: null });
        Assert.Equal($"runs 1.7.8; a restart would remove the sidecar: {rule}", sidecar.Reason);
    }

    [Fact]
    public void An_injector_that_waits_to_be_asked_gives_nothing_to_others()
    {
        var map = Mesh.InjectorMap("1.11.8", change: values => values["global"]!["proxy"]!["autoInject"] = "disabled");
        var knowledge = Know(Mesh.Namespace("shop", "istio-injection=enabled"), [map], Mesh.Injector());

        Assert.Contains("a restart would remove the sidecar", knowledge.Describe(Mesh.Pod("shop", "web-1"), Owner, "prod")!.Reason, StringComparison.Ordinal);
        Assert.True(knowledge.Describe(Mesh.Pod("shop", "web-1").WithLabels("sidecar.istio.io/inject=true"), Owner, "prod")!.Outdated);
    }

    [Fact]
    public void Injection_by_default_reaches_namespaces_without_labels()
    {
        var map = Mesh.InjectorMap("1.28.0", change: values => values["sidecarInjectorWebhook"]!["enableNamespacesByDefault"] = true);

        Assert.Equal("1.28.0", Know(Mesh.Namespace("shop"), [map], Mesh.Injector()).Describe(Mesh.Pod("shop", "web-1"), Owner, "prod")!.DesiredVersion);
    }

    [Fact]
    public void Without_the_namespaces_labels_nothing_is_judged()
    {
        var sidecar = new MeshKnowledge { Namespaces = new() { Problem = "no right to get namespaces" } }.Describe(Mesh.Pod("shop", "web-1"), Owner, "prod")!;

        Assert.Null(sidecar.Outdated);
        Assert.Equal("runs 1.27.0; what a new pod would get is unknown: the labels of namespace shop cannot be read (no right to get namespaces)", sidecar.Reason);
    }

    [Theory]
    [InlineData("no right to get configmaps in istio-system", "no right to get configmaps in istio-system")]
    [InlineData("", "there is no ConfigMap istio-sidecar-injector-1-11-8")]
    public void Without_the_injectors_ConfigMap_the_version_is_unknown(string problem, string reason)
    {
        var knowledge = new MeshKnowledge { Namespaces = Facts(Mesh.Namespace("shop", "istio.io/rev=1-11-8")), Tags = RevisionTags.From([Mesh.Injector("1-11-8")]), InjectorProblem = problem };
        var sidecar = knowledge.Describe(Mesh.Pod("shop", "web-1", revision: "1-11-8"), Owner, "prod")!;

        Assert.True(sidecar is { Outdated: null, DesiredRevision: "1-11-8", DesiredVersion: null });
        Assert.EndsWith(reason, sidecar.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ConfigMap_that_names_no_version_leaves_it_unknown() => Assert.EndsWith(
        "ConfigMap istio-sidecar-injector names no version",
        Know(Mesh.Namespace("shop", "istio-injection=enabled"), [Mesh.InjectorMap("")], Mesh.Injector()).Describe(Mesh.Pod("shop", "web-1"), Owner, "prod")!.Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("istio.io/rev=1-11-8", true, "runs 1.7.8, namespace label istio.io/rev=1-11-8 (webhooks cannot be read, so that it is taken for a revision and not a tag) gives 1.11.8")]
    [InlineData("istio.io/rev=prod", null, "runs 1.7.8; what a new pod would get is unknown: webhooks cannot be read, and prod may be a tag (namespace label istio.io/rev=prod)")]
    [InlineData("istio-injection=enabled", null, "runs 1.7.8; what a new pod would get is unknown: webhooks cannot be read, and default may be a tag of another revision (namespace label istio-injection=enabled)")]
    public void Without_webhooks_only_what_can_be_no_tag_is_judged(string label, bool? outdated, string reason)
    {
        var knowledge = new MeshKnowledge
        {
            Namespaces = Facts(Mesh.Namespace("shop", label)),
            Tags = RevisionTags.From(null),
            Injectors = [IstioInjector.From(Mesh.InjectorMap("1.7.8"))!, IstioInjector.From(Mesh.InjectorMap("1.11.8", "1-11-8"))!],
        };
        var sidecar = knowledge.Describe(Mesh.Pod("shop", "web-1", version: "1.7.8", revision: "canary"), Owner, "prod")!;

        Assert.Equal((outdated, reason), (sidecar.Outdated, sidecar.Reason));
    }

    [Fact]
    public void Without_webhooks_the_only_revision_there_is_is_the_default()
    {
        var knowledge = new MeshKnowledge { Namespaces = Facts(Mesh.Namespace("shop", "istio-injection=enabled")), Tags = RevisionTags.From(null), Injectors = [IstioInjector.From(Mesh.InjectorMap("1.28.0"))!] };

        Assert.True(knowledge.Describe(Mesh.Pod("shop", "web-1"), Owner, "prod")!.Outdated);
        Assert.Contains("no right", (new MeshKnowledge { Namespaces = knowledge.Namespaces, Tags = knowledge.Tags, InjectorProblem = "no right" }).Describe(Mesh.Pod("shop", "web-1"), Owner, "prod")!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_istiod_that_the_webhook_names_is_the_one_that_counts()
    {
        var maps = new[] { Mesh.InjectorMap("1.26.0", istiod: "other"), Mesh.InjectorMap("1.28.0", istiod: "mesh") };

        Assert.Equal("1.28.0", Know(Mesh.Namespace("shop", "istio-injection=enabled"), maps, Mesh.Injector(istiod: "mesh")).Describe(Mesh.Pod("shop", "w"), Owner, "prod")!.DesiredVersion);
        Assert.Equal("1.26.0", Know(Mesh.Namespace("shop", "istio-injection=enabled"), maps[..1], Mesh.Injector(istiod: "mesh")).Describe(Mesh.Pod("shop", "w"), Owner, "prod")!.DesiredVersion);
    }

    [Theory]
    [InlineData("docker.io/istio/proxyv2:1.11.8-distroless", "sidecar.istio.io/proxyImageType=distroless", false)]
    [InlineData("docker.io/istio/proxyv2:1.11.8-hardened", "sidecar.istio.io/proxyImageType=hardened", false)]
    [InlineData("mirror.io/istio/proxyv2:1.11.8-debug", "a=b", false)]
    [InlineData("mirror.io/own/proxy:3", "sidecar.istio.io/proxyImage=mirror.io/own/proxy:3", false)]
    [InlineData("mirror.io/own/proxy:2", "sidecar.istio.io/proxyImage=mirror.io/own/proxy:3", true)]
    public void Variants_and_images_of_ones_own_are_told_apart(string image, string annotation, bool outdated)
    {
        var pod = Mesh.Pod("shop", "web-1", revision: "1-11-8").WithAnnotations(annotation).WithContainers(Mesh.Container("app", "a"), Mesh.Container("istio-proxy", image));

        Assert.Equal(outdated, Know(Mesh.Namespace("shop", "istio.io/rev=1-11-8")).Describe(pod, Owner, "prod")!.Outdated);
    }

    [Fact]
    public void The_template_goes_before_what_an_old_injector_wrote_onto_the_pod()
    {
        var pod = Mesh.Pod("shop", "web-1", version: "1.11.8", revision: "1-11-8").WithLabels("istio.io/rev=1-11-8");
        var knowledge = Know(Mesh.Namespace("shop"));

        Assert.False(knowledge.Describe(pod, Owner, "prod")!.Outdated);
        Assert.Equal("default", knowledge.Describe(pod, Owner, "prod", Mesh.Template("sidecar.istio.io/inject=true"))!.DesiredRevision);
    }

    [Fact]
    public void A_wanted_revision_goes_before_the_labels_and_says_so()
    {
        var knowledge = Know(Mesh.Namespace("shop", "istio-injection=enabled"), new SidecarTarget { Revision = "1-11-8" });
        var sidecar = knowledge.Describe(Mesh.Pod("shop", "web-1", version: "1.7.8"), Owner, "prod")!;

        Assert.True(sidecar is { Outdated: true, DesiredRevision: "1-11-8", DesiredVersion: "1.11.8" });
        Assert.Equal("runs 1.7.8, the wanted revision 1-11-8 gives 1.11.8; but namespace label istio-injection=enabled gives revision default", sidecar.Reason);
    }

    [Fact]
    public void A_wanted_revision_that_is_not_there_still_measures_revisions()
    {
        var sidecar = Know(Mesh.Namespace("shop", "istio-injection=enabled"), new SidecarTarget { Revision = "next" }).Describe(Mesh.Pod("shop", "web-1"), Owner, "prod")!;

        Assert.True(sidecar is { Outdated: true, DesiredRevision: "next", DesiredVersion: null });
        Assert.Contains("no injector webhook serves revision next", sidecar.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wanted_version_is_the_desired_one() =>
        Assert.True(Know(Mesh.Namespace("shop", "istio-injection=enabled"), new SidecarTarget { Version = "1.7.8" }).Describe(Mesh.Pod("shop", "w"), Owner, "prod") is { Outdated: true, DesiredVersion: "1.7.8" });

    [Fact]
    public void A_container_of_ones_own_is_measured_by_a_wanted_version_only()
    {
        var pod = Mesh.Pod("shop", "web-1").WithContainers(Mesh.Container("edge", "our/edge:4"));

        Assert.True(new MeshKnowledge { Target = new() { SidecarContainer = "edge" } }.Describe(pod, Owner, "prod") is { Mesh: "Custom", Version: "4", Outdated: null });
        Assert.True(new MeshKnowledge { Target = new() { SidecarContainer = "edge", Version = "5" } }.Describe(pod, Owner, "prod")!.Outdated);
    }

    [Fact]
    public void Proxyless_gRPC_and_pods_without_proxy_have_no_sidecar()
    {
        Assert.Null(new MeshKnowledge().Describe(Mesh.Pod("shop", "w").WithAnnotations("inject.istio.io/templates=grpc-agent"), Owner, "prod"));
        Assert.Null(new MeshKnowledge().Describe(Mesh.Pod("shop", "w").WithContainers(Mesh.Container("app", "a")), Owner, "prod"));
    }

    [Fact]
    public void A_gateway_that_is_injected_is_judged_like_a_sidecar()
    {
        var sidecar = Know(Mesh.Namespace("shop", "istio.io/rev=1-11-8")).Describe(Mesh.Pod("shop", "gw", version: "1.7.8").WithLabels("istio=ingressgateway"), Owner, "prod");

        Assert.True(sidecar is { Gateway: true, Outdated: true });
    }

    [Theory]
    [InlineData("istio-proxy", "gateway.istio.io/managed=x", "a=b")]
    [InlineData("consul-dataplane", "a=b", "consul.hashicorp.com/gateway-kind=mesh-gateway")]
    public void A_gateway_with_its_own_proxy_is_not_changed_by_a_restart(string container, string label, string annotation)
    {
        var pod = Mesh.Pod("shop", "gw", revision: null).WithLabels(label, "sidecar.istio.io/inject=false").WithAnnotations(annotation).WithContainers(Mesh.Container(container, "p:1"));
        var sidecar = Know(Mesh.Namespace("shop")).Describe(pod, Owner, "prod")!;

        Assert.True(sidecar is { Gateway: true, Outdated: false });
        Assert.Contains("a restart would change nothing", sidecar.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_on_their_way_out_are_not_outdated()
    {
        var pod = Mesh.Pod("shop", "web-1", version: "1.7.8");
        var knowledge = Know(Mesh.Namespace("shop", "istio.io/rev=1-11-8"));

        Assert.True(knowledge.Describe(pod with { Metadata = pod.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } }, Owner, "prod") is { Outdated: false, Reason: "the pod is being deleted" });
        Assert.True(knowledge.Describe(pod with { Status = pod.Status with { Phase = "Succeeded" } }, Owner, "prod") is { Outdated: false, Reason: "the pod has ended" });
    }

    [Fact]
    public void A_pod_injected_twice_is_one_object_that_says_so()
    {
        var pod = Mesh.Pod("shop", "web-1").WithContainers(Mesh.Container("istio-proxy", "p:1"), Mesh.Container("linkerd-proxy", "l:1"));
        var sidecar = Know(Mesh.Namespace("shop")).Describe(pod, Owner, "prod")!;

        Assert.Equal("Istio", sidecar.Mesh);
        Assert.EndsWith("; injected more than once, the pod also carries linkerd-proxy", sidecar.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stable-2.13.0", true, "runs stable-2.13.0, pod annotation linkerd.io/inject=enabled gives stable-2.14.1")]
    [InlineData("stable-2.14.1", false, "up to date: pod annotation linkerd.io/inject=enabled gives stable-2.14.1")]
    public void Linkerd_is_measured_by_its_annotation(string version, bool outdated, string reason)
    {
        var pod = Mesh.Pod("shop", "web-1", revision: null).WithContainers(Mesh.Container("linkerd-proxy", "l:x")).WithAnnotations($"linkerd.io/proxy-version={version}", "linkerd.io/inject=enabled");
        var sidecar = new MeshKnowledge { Linkerd = new("stable-2.14.1") }.Describe(pod, Owner, "prod")!;

        Assert.Equal(("Linkerd", version, (bool?)outdated, reason), (sidecar.Mesh, sidecar.Version, sidecar.Outdated, sidecar.Reason));
    }

    [Fact]
    public void Linkerd_without_its_namespace_or_its_ConfigMap_is_not_judged()
    {
        var pod = Mesh.Pod("shop", "web-1", revision: null).WithContainers(Mesh.Container("linkerd-proxy", "l:stable-2.13.0"));

        Assert.Null(new MeshKnowledge { Linkerd = new("stable-2.14.1") }.Describe(pod, Owner, "prod")!.Outdated);
        Assert.Null(new MeshKnowledge().Describe(pod.WithAnnotations("linkerd.io/inject=enabled"), Owner, "prod")!.Outdated);
        Assert.Contains("remove the sidecar", new MeshKnowledge { Namespaces = Facts(Mesh.Namespace("shop")) }.Describe(pod, Owner, "prod")!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("consul-dataplane", "hashicorp/consul-dataplane:1.3.0", false)]
    [InlineData("consul-dataplane", "hashicorp/consul-dataplane:1.2.0", true)]
    [InlineData("envoy-sidecar", "envoyproxy/envoy:1.3.0", true)]
    public void Consul_is_measured_by_its_image(string container, string image, bool outdated)
    {
        var pod = Mesh.Pod("shop", "web-1", revision: null).WithContainers(Mesh.Container(container, image));

        Assert.Equal(outdated, new MeshKnowledge { Consul = new(ImageReference.Parse("hashicorp/consul-dataplane:1.3.0"), true) }.Describe(pod, Owner, "prod")!.Outdated);
        Assert.Contains("remove the sidecar", new MeshKnowledge { Consul = new(null, false) }.Describe(pod, Owner, "prod")!.Reason, StringComparison.Ordinal);
        Assert.Null(new MeshKnowledge { Consul = new(null, true) }.Describe(pod, Owner, "prod")!.Outdated);
        Assert.Null(new MeshKnowledge().Describe(pod, Owner, "prod")!.Outdated);
    }

    [Fact]
    public void A_template_tells_what_new_pods_would_get()
    {
        var knowledge = Know(Mesh.Namespace("shop", "istio.io/rev=1-11-8"));

        Assert.Equal("1.11.8", knowledge.Expect("shop", Mesh.Template())!.Version);
        Assert.Null(knowledge.Expect("shop", Mesh.Template("sidecar.istio.io/inject=false")));
        Assert.Null(knowledge.Expect("unknown", Mesh.Template()));
        Assert.Null(new MeshKnowledge { Target = new() { SidecarContainer = "edge" } }.Expect("shop", Mesh.Template()));
        Assert.Equal("hashicorp/consul-dataplane", new MeshKnowledge { Consul = new(ImageReference.Parse("hashicorp/consul-dataplane:1.3.0"), true) }.Expect("shop", Mesh.Template())!.Image!.Repository);
        var meshed = new Namespace { Metadata = new() { Name = "shop", Annotations = Mesh.Map("linkerd.io/inject=enabled") } };
        Assert.Equal("2", new MeshKnowledge { Linkerd = new("2"), Namespaces = Facts(meshed) }.Expect("shop", Mesh.Template())!.Version);
    }

    [Fact]
    public void Judging_a_pod_takes_little_memory()
    {
        var knowledge = Know(Mesh.Namespace("shop", "istio.io/rev=1-11-8"));
        var pod = Mesh.Pod("shop", "web-1", version: "1.7.8");
        knowledge.Describe(pod, Owner, "prod");

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) knowledge.Describe(pod, OwnerRules.Resolve(pod)!.Workload, "prod");

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 0, 4000);
    }

    private static MeshKnowledge Know(Namespace @namespace, params MutatingWebhookConfiguration[] webhooks) =>
        Know(@namespace, [Mesh.InjectorMap("1.7.8"), Mesh.InjectorMap("1.11.8", "1-11-8")], webhooks.Length > 0 ? webhooks : [Mesh.Injector(), Mesh.Injector("1-11-8")]);

    private static MeshKnowledge Know(Namespace @namespace, SidecarTarget target) => new()
    {
        Target = target,
        Namespaces = Facts(@namespace),
        Tags = RevisionTags.From([Mesh.Injector(), Mesh.Injector("1-11-8")]),
        Injectors = [IstioInjector.From(Mesh.InjectorMap("1.7.8"))!, IstioInjector.From(Mesh.InjectorMap("1.11.8", "1-11-8"))!],
    };

    private static MeshKnowledge Know(Namespace @namespace, ConfigMap[] maps, params MutatingWebhookConfiguration[] webhooks) => new()
    {
        Namespaces = Facts(@namespace),
        Tags = RevisionTags.From(webhooks),
        Injectors = [.. maps.Select(map => IstioInjector.From(map)!)],
    };

    private static NamespaceFacts Facts(Namespace @namespace) => new() { Known = new Dictionary<string, Namespace> { [@namespace.Metadata.Name] = @namespace } };
}
