using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.ControlPlane.Istiods;

public sealed class ControlPlaneReaderTests
{
    private const string Place = "istio-system";

    private readonly SnapshotApiServer _server = new SnapshotApiServer()
        .With(Resources.Namespaces, Mesh.Namespace("shop", "istio.io/rev=1-27-1"), Mesh.Namespace("pay"))
        .With(Resources.MutatingWebhookConfigurations, Selecting(Mesh.Injector(), "x"), Selecting(Mesh.Injector("1-27-1"), "1-27-1"), Selecting(Mesh.Tag("stable", "1-27-1"), "stable"))
        .With(Resources.ConfigMaps, Mesh.InjectorMap("1.26.4"), Mesh.InjectorMap("1.27.1", "1-27-1"))
        .With(Resources.Services, Service("istiod", "default"), Service("istiod-1-27-1", "1-27-1"))
        .With(Resources.Endpoints, Endpoints("istiod", 1), Endpoints("istiod-1-27-1", 2))
        .With(Resources.Deployments, Istiod("default", 1, 1), Istiod("1-27-1", 2, 2, "1.27.1"))
        .With(Resources.Pods, Mesh.Pod("shop", "web-1", "web", "1.26.4"), Mesh.Pod("shop", "web-2", "web", "1.27.1", "1-27-1"), Mesh.Pod("shop", "web-3", "web", "1.26.4"))
        .With(Resources.ValidatingWebhookConfigurations);

    [Fact]
    public async Task A_revision_tells_its_istiod_its_injection_and_who_lives_on_it()
    {
        var plane = Found(await ReadAsync(new() { Revisions = ["1-27-1"] }))[0];

        Assert.Equal((Place, "istiod-1-27-1", "1.27.1", 2, 2), (plane.Namespace, plane.Name, plane.Version, plane.Ready, plane.Replicas));
        Assert.Equal(("istiod-1-27-1", 2, "stable", false), (plane.Service, plane.Endpoints, Assert.Single(plane.Tags!), plane.Default));
        Assert.Equal(["istio-revision-tag-stable", "istio-sidecar-injector-1-27-1"], plane.Injectors!);
        Assert.Equal(("istio-sidecar-injector-1-27-1", "docker.io/istio", "1.27.1", "docker.io/istio/proxyv2:1.27.1"), (plane.ConfigMap, plane.Hub, plane.ImageTag, plane.Image));
        Assert.Equal(("shop", 1, (int?)null), (Assert.Single(plane.Namespaces!), plane.Pods, plane.Connected));
    }

    [Fact]
    public async Task All_come_by_name_and_tags_and_wildcards_choose()
    {
        Assert.Equal(["1-27-1 1", "default 2"], Found(await ReadAsync(new())).Select(plane => $"{plane.Revision} {plane.Pods}"));
        Assert.Equal(["1-27-1"], Found(await ReadAsync(new() { Revisions = ["stab*"] })).Select(plane => plane.Revision));
        Assert.True(Found(await ReadAsync(new() { Revisions = ["default"] }))[0].Default);
        Assert.Empty(await ReadAsync(new() { Revisions = ["no*"] }));
    }

    [Fact]
    public async Task A_name_that_is_none_is_an_error_with_those_there_are() =>
        Assert.Equal("There is no revision or tag '1-28'. Revisions: 1-27-1, default; tags: stable (1-27-1).", Assert.Single((await ReadAsync(new() { Revisions = ["1-28"] })).OfType<ReadEvent<MeshControlPlane>.Failed>()).Error.Message);

    [Theory]
    [InlineData(2, 2, 2, ControlPlaneHealth.Healthy, "")]
    [InlineData(2, 1, 1, ControlPlaneHealth.Degraded, "1 of 2 replicas of its istiod are ready")]
    [InlineData(2, 0, 0, ControlPlaneHealth.Down, "none of 2 replicas of its istiod is ready")]
    [InlineData(0, 0, 0, ControlPlaneHealth.Down, "its istiod is scaled to 0: 2 injector webhooks still ask it, and 1 pod still runs its sidecar")]
    [InlineData(1, 1, 0, ControlPlaneHealth.Down, "nobody stands ready behind service istiod-1-27-1")]
    public async Task Health_is_that_of_its_istiod(int replicas, int ready, int endpoints, ControlPlaneHealth health, string reason)
    {
        Now(Resources.Deployments, Istiod("default", 1, 1), Istiod("1-27-1", replicas, ready));
        Now(Resources.Endpoints, Endpoints("istiod-1-27-1", endpoints));

        var plane = Found(await ReadAsync(new() { Revisions = ["1-27-1"] }))[0];
        Assert.Equal((health, reason), (plane.Health, plane.Reason));
    }

    [Fact]
    public async Task Without_a_service_nobody_finds_it()
    {
        Now(Resources.Services, Service("istiod", "default"));

        var plane = Found(await ReadAsync(new() { Revisions = ["1-27-1"] }))[0];
        Assert.Equal((ControlPlaneHealth.Down, "no service leads to its istiod", (string?)null), (plane.Health, plane.Reason, plane.Service));
    }

    [Fact]
    public async Task A_broken_injector_and_a_missing_configuration_want_attention()
    {
        Now(Resources.ConfigMaps, Mesh.InjectorMap("1.26.4"));
        Assert.Equal((ControlPlaneHealth.Degraded, "there is no ConfigMap istio-sidecar-injector-1-27-1"), Health(await ReadAsync(new() { Revisions = ["1-27-1"] })));

        Now(Resources.Services, Service("istiod", "default"), Service("istiod-1-27-1", "1-27-1") with { Spec = new() { Selector = Mesh.Map("istio.io/rev=1-27-1"), Ports = [new() { Port = 15017 }] } });
        var (health, reason) = Health(await ReadAsync(new() { Revisions = ["1-27-1"] }));
        Assert.Equal(ControlPlaneHealth.Degraded, health);
        Assert.StartsWith("injector istio-revision-tag-stable: service istiod-1-27-1 in istio-system has no port 443", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_that_nobody_asks_gets_no_new_pods()
    {
        Now(Resources.MutatingWebhookConfigurations, Mesh.Injector("1-27-1"));

        Assert.Equal((ControlPlaneHealth.Healthy, "no injector webhook asks it: it gets no new pods"), Health(await ReadAsync(new() { Revisions = ["default"] })));
    }

    [Fact]
    public async Task A_revision_without_istiod_is_told_as_long_as_somebody_speaks_of_it()
    {
        Now(Resources.Deployments, Istiod("default", 1, 1));
        Now(Resources.Services, Service("istiod", "default"));
        Now(Resources.Pods, Mesh.Pod("shop", "old", "web", "1.20.0", "1-20"), Mesh.Pod("shop", "older", "web", "1.20.0", "1-20"));

        Assert.Equal(
            ["1-20 : it has no istiod: 2 pods still run its sidecar", "1-27-1 istio-system: it has no istiod: 2 injector webhooks still ask it"],
            Found(await ReadAsync(new() { Revisions = ["1-*"] })).Select(plane => $"{plane.Revision} {plane.Namespace}: {plane.Reason}"));
    }

    [Fact]
    public async Task Where_there_is_no_Istio_that_is_said()
    {
        _server.Remove(Resources.MutatingWebhookConfigurations, static _ => true);
        _server.Remove(Resources.ConfigMaps, static _ => true);
        _server.Remove(Resources.Services, static _ => true);
        _server.Remove(Resources.Deployments, static _ => true);
        _server.Remove(Resources.Pods, static _ => true);

        Assert.StartsWith("No istiod was found", Assert.IsType<ReadEvent<MeshControlPlane>.Remark>(Assert.Single(await ReadAsync(new()))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_points_outside_cannot_be_looked_into()
    {
        Now(Resources.Deployments, Istiod("default", 1, 1));
        Now(Resources.Services, Service("istiod", "default"), new Service { Metadata = new() { Name = "istiod-1-27-1", Namespace = Place, Labels = Mesh.Map("app=istiod") }, Spec = new() { Type = "ExternalName" } });

        Assert.Equal((ControlPlaneHealth.Unknown, "service istiod-1-27-1 points outside of the cluster"), Health(await ReadAsync(new() { Revisions = ["1-27-1"] })));
    }

    [Fact]
    public async Task What_may_not_be_read_is_null_and_said()
    {
        _server.Refuse("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations").Refuse("/api/v1/pods").Refuse("/apis/apps/v1/deployments");
        var events = await ReadAsync(new());

        Assert.All(Found(events), plane => Assert.True(plane is { Tags: null, Default: null, Injectors: null, Namespaces: null, Pods: null }));
        Assert.Equal(2, events.OfType<ReadEvent<MeshControlPlane>.Remark>().Count());

        _server.Refuse("/apis/apps/v1/namespaces/istio-system/deployments").Refuse("/api/v1/namespaces/istio-system/configmaps/");
        events = await ReadAsync(new());
        Assert.All(Found(events), plane => Assert.Equal(ControlPlaneHealth.Unknown, plane.Health));
        Assert.StartsWith("Deployments of istiod cannot be read", events.OfType<ReadEvent<MeshControlPlane>.Remark>().Single(remark => remark.Text.StartsWith('D')).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namespaces_that_may_not_be_read_leave_open_who_selects_it()
    {
        _server.Refuse("/api/v1/namespaces");

        Assert.All(Found(await ReadAsync(new())), plane => Assert.Null(plane.Namespaces));
    }

    [Fact]
    public async Task Connections_are_asked_for_only_on_demand_and_unknown_where_istiod_does_not_answer()
    {
        Assert.All(Found(await ReadAsync(new())), plane => Assert.Null(plane.Connected));

        var events = await ReadAsync(new() { IncludeConnected = true });
        Assert.All(Found(events), plane => Assert.Null(plane.Connected));
        Assert.NotEmpty(events.OfType<ReadEvent<MeshControlPlane>.Remark>());
    }

    [Fact]
    public void Proxies_count_for_the_istiod_that_holds_them_and_one_unknown_makes_the_number_unknown()
    {
        var counted = ControlPlaneRules.CountConnected(
        [
            Proxy("a", ProxyState.Synced), Proxy("a", ProxyState.Stale), Proxy("a", ProxyState.Disconnected),
            Proxy("b", ProxyState.Synced), Proxy("b", ProxyState.Unknown), Proxy("b", ProxyState.Synced),
            Proxy("c", ProxyState.Disconnected), Proxy(null, ProxyState.Synced),
        ]);

        Assert.Equal(["a 2", "b ", "c 0"], counted.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value}"));
    }

    [Fact]
    public void An_istiod_tells_its_revision_and_version_as_far_as_it_can()
    {
        var labelledPods = Mesh.Deployment("mesh", "istiod") with { Spec = new() { Template = Mesh.Template("istio.io/rev=1-9") } };
        Assert.Equal(new Istiod("1-9", "mesh", "istiod", "1", 1, 1), Core.ControlPlane.Istiods.Istiod.Of(labelledPods));
        Assert.Equal(new Istiod("default", "mesh", "istiod", null, 1, 1), Core.ControlPlane.Istiods.Istiod.Of(Mesh.Deployment("mesh", "istiod") with { Spec = new() }));
    }

    // In the place of all there were of the kind.
    private void Now<T>(Resource<T> resource, params T[] items) where T : class, IKubernetesObject
    {
        _server.Remove(resource, static _ => true);
        _server.With(resource, items);
    }

    private static MeshProxyStatus Proxy(string? revision, ProxyState state) => new() { Cluster = "c", Namespace = "n", Pod = "p", Revision = revision, State = state };

    private static MutatingWebhookConfiguration Selecting(MutatingWebhookConfiguration configuration, string value) =>
        configuration with { Webhooks = [configuration.Webhooks[0] with { NamespaceSelector = new() { MatchLabels = Mesh.Map($"istio.io/rev={value}") } }] };

    private static Service Service(string name, string revision) => new()
    {
        Metadata = new() { Name = name, Namespace = Place, Labels = Mesh.Map("app=istiod") },
        Spec = new() { Selector = Mesh.Map($"istio.io/rev={revision}"), Ports = [new() { Port = 443 }] },
    };

    private static Endpoints Endpoints(string name, int ready) => new()
    {
        Metadata = new() { Name = name, Namespace = Place },
        Subsets = [new() { Addresses = [.. Enumerable.Range(1, ready).Select(number => new EndpointAddress { Ip = $"10.0.0.{number}" })] }],
    };

    private static Deployment Istiod(string revision, int replicas, int ready, string version = "1.26.4") => new()
    {
        Metadata = new() { Name = revision == "default" ? "istiod" : $"istiod-{revision}", Namespace = Place, Labels = Mesh.Map("app=istiod", $"istio.io/rev={revision}") },
        Spec = new()
        {
            Replicas = replicas,
            Template = new() { Metadata = new() { Labels = Mesh.Map($"istio.io/rev={revision}") }, Spec = new() { Containers = [Mesh.Container("discovery", $"istio/pilot:{version}")] } },
        },
        Status = new() { ReadyReplicas = ready },
    };

    private static (ControlPlaneHealth Health, string Reason) Health(IEnumerable<ReadEvent<MeshControlPlane>> events) => (Found(events)[0].Health, Found(events)[0].Reason);

    private static List<MeshControlPlane> Found(IEnumerable<ReadEvent<MeshControlPlane>> events) => [.. events.OfType<ReadEvent<MeshControlPlane>.Found>().Select(found => found.Item)];

    private async Task<List<ReadEvent<MeshControlPlane>>> ReadAsync(ControlPlaneQuery query)
    {
        await using var session = _server.Session();
        List<ReadEvent<MeshControlPlane>> events = [];
        await foreach (var happened in new ControlPlaneReader(session).ReadAsync(query, TestContext.Current.CancellationToken)) events.Add(happened);
        return events;
    }
}
