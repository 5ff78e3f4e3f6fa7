using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.ControlPlane.Namespaces;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.ControlPlane.Namespaces;

public sealed class NamespaceReaderTests
{
    private readonly SnapshotApiServer _server = new SnapshotApiServer()
        .With(Resources.Namespaces,
            Mesh.Namespace("shop", "istio.io/rev=stable"), Mesh.Namespace("pay", "istio-injection=enabled"), Mesh.Namespace("plain"), Mesh.Namespace("lost", "istio.io/rev=1-28"),
            Mesh.Namespace("both", "istio-injection=enabled", "istio.io/rev=1-27-1"), Mesh.Namespace("off", "istio-injection=disabled", "istio.io/rev=1-27-1"), Mesh.Namespace("dead", "istio.io/rev=1-25"),
            Mesh.Namespace("idle", "istio.io/rev=1-24"))
        .With(Resources.MutatingWebhookConfigurations, In("default", "istio-injection", "enabled", null), In("1-27-1", "istio.io/rev", "1-27-1", null), In("1-27-1", "istio.io/rev", "stable", "stable"),
            In("1-25", "istio.io/rev", "1-25", null), In("1-24", "istio.io/rev", "1-24", null))
        .With(Resources.ConfigMaps, Mesh.InjectorMap("1.26.4"), Mesh.InjectorMap("1.27.1", "1-27-1"), Mesh.InjectorMap("1.25.0", "1-25"), Mesh.InjectorMap("1.24.0", "1-24"))
        .With(Resources.Deployments, Istiod("default", 1), Istiod("1-27-1", 1), Istiod("1-24", 0))
        .With(Resources.Pods,
            Mesh.Pod("shop", "web-1", "web", "1.26.4"), Mesh.Pod("shop", "web-2", "web", "1.27.1", "1-27-1"), Mesh.Pod("shop", "web-3", "web", "1.26.4"),
            Mesh.Pod("shop", "web-4", "web").WithContainers(Mesh.Container("app", "a"), Mesh.Container("istio-proxy", "istio/proxyv2@sha256:abc")),
            Mesh.Pod("shop", "gone", "web") with { Metadata = Mesh.Pod("shop", "gone").Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } },
            Mesh.Pod("shop", "edge-1", "edge").WithLabels("istio=ingressgateway"),
            Mesh.Pod("plain", "app").WithContainers(Mesh.Container("app", "a")));

    [Fact]
    public async Task A_namespace_tells_its_labels_the_deciding_rule_and_what_runs()
    {
        var shop = Assert.Single(Found(await ReadAsync(new() { Namespaces = ["shop"] })));

        Assert.Equal(("Istio", null, "stable", true, "1-27-1", "1.27.1"), (shop.Mesh, shop.InjectionLabel, shop.RevisionLabel, shop.Injected, shop.Revision, shop.Version));
        Assert.Equal("namespace label istio.io/rev=stable (tag stable is revision 1-27-1)", shop.Rule);
        Assert.Equal((4, 3, 0), (shop.Pods, shop.Outdated, shop.Unknown));
        Assert.Equal("1.26.4: 2, 1.27.1: 1, unknown: 1", string.Join(", ", shop.PodsByVersion.Select(version => $"{version.Key}: {version.Value}")));
        Assert.Empty(shop.Conflicts);
    }

    [Fact]
    public async Task Without_names_those_come_that_take_part_and_with_all_the_others_too()
    {
        Assert.Equal(["both", "dead", "idle", "lost", "off", "pay", "shop"], Found(await ReadAsync(new())).Select(found => found.Namespace));
        var plain = Assert.Single(Found(await ReadAsync(new() { AllNamespaces = true })), found => found.Namespace == "plain");
        Assert.True(plain is { Mesh: null, Injected: false, Revision: null, Pods: 0, Rule: "neither the namespace nor the pod asks for injection" });
    }

    [Theory]
    [InlineData("pay", "")]
    [InlineData("both", "both labels are set: istio-injection=enabled wins, the default revision injects, and istio.io/rev=1-27-1 is ignored")]
    [InlineData("off", "both labels are set: istio-injection=disabled wins, nothing is injected, and istio.io/rev=1-27-1 is ignored")]
    [InlineData("lost", "namespace label istio.io/rev=1-28 names no revision or tag that has an injector webhook: new pods get no sidecar")]
    [InlineData("dead", "namespace label istio.io/rev=1-25 leads to revision 1-25, which has no istiod")]
    [InlineData("idle", "namespace label istio.io/rev=1-24 leads to revision 1-24, of whose istiod no replica is ready")]
    public async Task What_is_at_odds_is_named(string name, string conflict) =>
        Assert.Equal(conflict, string.Join("; ", Assert.Single(Found(await ReadAsync(new() { Namespaces = [name] }))).Conflicts));

    [Fact]
    public async Task Webhooks_that_match_together_inject_twice_or_more()
    {
        _server.With(Resources.MutatingWebhookConfigurations, In("default", "istio-injection", "enabled", null), In("1-27-1", "istio-injection", "enabled", "default"));
        Assert.Contains("2 injector webhooks match (istio-revision-tag-default, istio-sidecar-injector): new pods are injected twice", Assert.Single(Found(await ReadAsync(new() { Namespaces = ["pay"] }))).Conflicts);

        _server.With(Resources.MutatingWebhookConfigurations, In("default", "istio-injection", "enabled", null), In("1-27-1", "istio-injection", "enabled", "default"), In("1-27-1", "istio-injection", "enabled", "x"));
        Assert.Contains(Assert.Single(Found(await ReadAsync(new() { Namespaces = ["pay"] }))).Conflicts, conflict => conflict.EndsWith("injected 3 times", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pods_that_may_not_be_read_leave_their_number_open()
    {
        _server.Refuse("/api/v1/pods").Refuse("/api/v1/namespaces/pay/pods");

        var all = await ReadAsync(new());
        Assert.Single(all.OfType<ReadEvent<MeshNamespace>.Failed>());
        Assert.All(Found(all), found => Assert.True(found is { Pods: null, Outdated: null, Unknown: null, PodsByVersion.Count: 0 }));
        Assert.Equal([null, 4], Found(await ReadAsync(new() { Namespaces = ["pay", "shop"] })).Select(found => found.Pods));
    }

    [Fact]
    public async Task Labels_that_may_not_be_read_leave_the_decision_open()
    {
        _server.Refuse("/api/v1/namespaces").Refuse("/api/v1/namespaces/");

        var events = await ReadAsync(new());
        Assert.Contains(events.OfType<ReadEvent<MeshNamespace>.Remark>(), remark => remark.Text.StartsWith("Namespaces cannot be read", StringComparison.Ordinal));
        var shop = Assert.Single(Found(events));
        Assert.True(shop is { Namespace: "shop", Injected: null, Revision: null, RevisionLabel: null, Pods: 4, Unknown: 4 });
        Assert.StartsWith("the labels of namespace shop cannot be read", shop.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Istiods_that_may_not_be_read_are_no_conflict_and_webhooks_neither()
    {
        _server.Refuse("/apis/apps/v1/deployments").Refuse("/apis/apps/v1/namespaces/istio-system/deployments");
        var events = await ReadAsync(new() { Namespaces = ["dead"] });
        Assert.Contains(events.OfType<ReadEvent<MeshNamespace>.Remark>(), remark => remark.Text.StartsWith("Deployments of istiod cannot be read", StringComparison.Ordinal));
        Assert.Empty(Assert.Single(Found(events)).Conflicts);

        _server.Refuse("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations");
        Assert.Empty(Assert.Single(Found(await ReadAsync(new() { Namespaces = ["lost"] }))).Conflicts);
    }

    [Fact]
    public async Task Where_the_cluster_may_not_be_listed_istiods_are_looked_for_where_webhooks_lead()
    {
        _server.Refuse("/apis/apps/v1/deployments");

        Assert.Equal(["", "namespace label istio.io/rev=1-25 leads to revision 1-25, which has no istiod"], Found(await ReadAsync(new() { Namespaces = ["shop", "dead"] })).OrderByDescending(found => found.Namespace).Select(found => string.Join("; ", found.Conflicts)));
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_an_error_with_near_matches()
    {
        var failed = Assert.Single((await ReadAsync(new() { Namespaces = ["shopp"] })).OfType<ReadEvent<MeshNamespace>.Failed>());

        Assert.Equal("There is no namespace 'shopp'. Did you mean shop?", failed.Error.Message);
    }

    [Fact]
    public async Task Gateways_count_where_they_are_asked_for()
    {
        _server.With(Resources.Namespaces, Mesh.Namespace("shop"));

        Assert.Equal([4, 5], [Found(await ReadAsync(new() { Namespaces = ["shop"] }))[0].Pods, Found(await ReadAsync(new() { Namespaces = ["shop"], IncludeGateway = true }))[0].Pods]);
    }

    [Fact]
    public async Task Namespaces_of_other_meshes_are_told_too()
    {
        _server.With(Resources.Namespaces, new Namespace { Metadata = new() { Name = "link", Annotations = new Dictionary<string, string> { ["linkerd.io/inject"] = "enabled" } } })
            .With(Resources.MutatingWebhookConfigurations, Mesh.Webhook("linkerd-proxy-injector-webhook-config", "linkerd-proxy-injector.linkerd.io", "linkerd-proxy-injector", "linkerd"))
            .With(Resources.ConfigMaps, new ConfigMap { Metadata = new() { Name = "linkerd-config", Namespace = "linkerd" }, Data = new Dictionary<string, string> { ["values"] = "proxy:\n  image:\n    version: stable-2.14.1\n" } });

        var link = Found(await ReadAsync(new() { Namespaces = ["link"] }))[0];
        Assert.True(link is { Mesh: "Linkerd", Injected: true, Revision: null, Version: "stable-2.14.1" }, $"{link}");
    }

    [Fact]
    public void Consul_injects_where_it_does_so_by_default()
    {
        var knowledge = new MeshKnowledge { Consul = new(ImageReference.Parse("hashicorp/consul-dataplane:1.5.0"), true), Namespaces = new() { Known = new Dictionary<string, Namespace> { ["shop"] = Mesh.Namespace("shop") } } };

        Assert.True(NamespaceRules.Describe("prod", "shop", knowledge, new([], ""), null) is { Mesh: "Consul", Version: "1.5.0", Rule: "the injector injects by default", Pods: null });
    }

    private static MutatingWebhookConfiguration In(string revision, string key, string value, string? tag)
    {
        var configuration = tag is null ? Mesh.Injector(revision) : Mesh.Tag(tag, revision);
        return configuration with { Webhooks = [configuration.Webhooks[0] with { NamespaceSelector = new() { MatchExpressions = [new() { Key = key, Operator = "In", Values = [value] }, .. Absent(key)] } }] };
    }

    // As in Istio's charts: whoever asks for a revision must not ask for injection in the old way.
    private static LabelRequirement[] Absent(string key) => key == "istio-injection" ? [] : [new() { Key = "istio-injection", Operator = "DoesNotExist" }];

    private static Deployment Istiod(string revision, int ready) => Mesh.Deployment("istio-system", revision == "default" ? "istiod" : $"istiod-{revision}", 1, "app=istiod", $"istio.io/rev={revision}") with { Status = new() { ReadyReplicas = ready } };

    private static List<MeshNamespace> Found(IEnumerable<ReadEvent<MeshNamespace>> events) => [.. events.OfType<ReadEvent<MeshNamespace>.Found>().Select(found => found.Item)];

    private async Task<List<ReadEvent<MeshNamespace>>> ReadAsync(NamespaceQuery query)
    {
        await using var session = _server.Session();
        List<ReadEvent<MeshNamespace>> events = [];
        await foreach (var happened in new NamespaceReader(session).ReadAsync(query, TestContext.Current.CancellationToken)) events.Add(happened);
        return events;
    }
}
