using System.Net;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.ControlPlane;

public sealed class MeshKnowledgeReadingTests
{
    private const string Webhooks = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

    private readonly SnapshotApiServer _server = new SnapshotApiServer()
        .With(Resources.Namespaces, Mesh.Namespace("shop", "istio.io/rev=1-11-8"), Mesh.Namespace("bank", "istio-injection=enabled"))
        .With(Resources.MutatingWebhookConfigurations, Mesh.Injector(), Mesh.Injector("1-11-8"), Mesh.Tag("prod", "1-11-8"))
        .With(Resources.ConfigMaps, Mesh.InjectorMap("1.7.8"), Mesh.InjectorMap("1.11.8", "1-11-8"))
        .With(Resources.Deployments);

    [Fact]
    public async Task Everything_is_read_in_three_questions_and_one_for_each_namespace()
    {
        var knowledge = await ReadAsync("shop");

        Assert.Equal("1.11.8", Desired(knowledge, "shop"));
        Assert.Empty(knowledge.Remarks);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task All_namespaces_are_one_question() => Assert.Equal("1.7.8", Desired(await ReadAsync(null), "bank"));

    [Fact]
    public async Task ConfigMaps_without_labels_are_found_by_name()
    {
        var server = new SnapshotApiServer()
            .With(Resources.Namespaces, Mesh.Namespace("shop", "istio.io/rev=1-11-8"))
            .With(Resources.MutatingWebhookConfigurations, Mesh.Injector("1-11-8", istiod: "mesh"))
            .With(Resources.ConfigMaps, Mesh.InjectorMap("1.11.8", "1-11-8", "mesh", labelled: false));
        await using var session = server.Session();

        Assert.Equal("1.11.8", Desired(await MeshKnowledge.ReadAsync(session, new(), ["shop"], TestContext.Current.CancellationToken), "shop"));
    }

    [Fact]
    public async Task Webhooks_that_are_forbidden_leave_tags_unresolved_and_say_so()
    {
        _server.Refuse(Webhooks);

        var knowledge = await ReadAsync("shop");

        Assert.Equal("1.11.8", Desired(knowledge, "shop"));
        Assert.Contains("no right to list mutatingwebhookconfigurations.admissionregistration.k8s.io", Assert.Single(knowledge.Remarks), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "no right to get configmaps in istio-system")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalServerError")]
    public async Task ConfigMaps_that_cannot_be_read_leave_the_version_unknown(HttpStatusCode code, string remark)
    {
        _server.Refuse("/api/v1/namespaces/istio-system/configmaps", code).Refuse("/api/v1/namespaces/istio-system/configmaps/", code);

        var knowledge = await ReadAsync("shop");

        Assert.Contains(remark, Assert.Single(knowledge.Remarks), StringComparison.Ordinal);
        var sidecar = knowledge.Describe(Mesh.Pod("shop", "w", version: "1.7.8", revision: "1-11-8"), new("shop", "Deployment", "web"), "prod")!;
        Assert.Null(sidecar.Outdated);
        Assert.Contains(remark, sidecar.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namespaces_that_may_not_be_listed_are_asked_for_by_name()
    {
        _server.Refuse("/api/v1/namespaces");

        Assert.Equal("1.7.8", Desired(await ReadAsync([.. Enumerable.Range(0, 20).Select(number => $"n{number}"), "bank"]), "bank"));
    }

    [Fact]
    public async Task Namespaces_that_may_not_be_read_at_all_are_a_remark()
    {
        _server.Refuse("/api/v1/namespaces");

        var knowledge = await ReadAsync(null);

        Assert.Contains("no right to list namespaces", Assert.Single(knowledge.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linkerd_and_Consul_are_read_where_their_webhooks_are()
    {
        var script = new Container { Name = "sidecar-injector", Command = ["/bin/sh", "-ec", "inject-connect -default-inject=true -consul-dataplane-image=\"hashicorp/consul-dataplane:1.3.0\""] };
        var injector = new Deployment
        {
            Metadata = new() { Name = "c-connect-injector", Namespace = "consul-ns", Labels = Mesh.Map("component=connect-injector") },
            Spec = new() { Template = new() { Spec = new() { Containers = [script] } } },
        };
        _server
            .With(Resources.MutatingWebhookConfigurations, Mesh.Webhook("l", "linkerd-proxy-injector.linkerd.io", "linkerd-proxy-injector", "l5d"), Mesh.Webhook("c", "c-connect-injector.consul.hashicorp.com", "c-connect-injector", "consul-ns"))
            .With(Resources.ConfigMaps, new ConfigMap { Metadata = new() { Name = "linkerd-config", Namespace = "l5d" }, Data = new Dictionary<string, string> { ["values"] = "linkerdVersion: edge-25.1.1" } })
            .With(Resources.Deployments, injector);

        var knowledge = await ReadAsync("shop");

        Assert.Equal("edge-25.1.1", knowledge.Linkerd!.Version);
        Assert.Equal(("1.3.0", (bool?)true), (knowledge.Consul!.Image!.Version, knowledge.Consul.InjectsByDefault));
    }

    [Fact]
    public async Task What_other_meshes_refuse_is_a_remark()
    {
        _server
            .With(Resources.MutatingWebhookConfigurations, Mesh.Webhook("l", "linkerd-proxy-injector.linkerd.io", "p", "l5d"), Mesh.Webhook("c", "c-connect-injector.consul.hashicorp.com", "c", "consul-ns"))
            .Refuse("/api/v1/namespaces/l5d/configmaps/linkerd-config").Refuse("/apis/apps/v1/namespaces/consul-ns/deployments");

        var knowledge = await ReadAsync("shop");

        Assert.Equal(2, knowledge.Remarks.Count);
    }

    [Fact]
    public async Task A_container_of_ones_own_asks_no_mesh()
    {
        await using var session = _server.Session();

        await MeshKnowledge.ReadAsync(session, new() { SidecarContainer = "edge" }, ["shop"], TestContext.Current.CancellationToken);

        Assert.Equal(["/api/v1/namespaces/shop"], _server.Requests);
    }

    [Fact]
    public async Task Who_is_not_let_in_gets_the_error_itself()
    {
        _server.Refuse("/", HttpStatusCode.Unauthorized);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<ApiException>(() => ReadAsync("shop"))).Code);
    }

    private async Task<MeshKnowledge> ReadAsync(params string[]? namespaces)
    {
        await using var session = _server.Session();
        return await MeshKnowledge.ReadAsync(session, new(), namespaces, TestContext.Current.CancellationToken);
    }

    private static string? Desired(MeshKnowledge knowledge, string @namespace) =>
        knowledge.Describe(Mesh.Pod(@namespace, "w"), new WorkloadReference(@namespace, "Deployment", "web"), "prod")!.DesiredVersion;
}
