using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Mesh.Istio;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Mesh;

public sealed class InjectionTests
{
    private const string OldImage = "docker.io/istio/proxyv2:1.26.4";
    private const string NewImage = "docker.io/istio/proxyv2:1.27.1";

    // Two istiods side by side; the tag "prod" points at the new one, the default is the old one.
    [Theory]
    [InlineData("", "", null)]
    [InlineData("istio-injection=enabled", "", OldImage)]
    [InlineData("istio-injection=disabled", "", null)]
    [InlineData("istio-injection=disabled,istio.io/rev=1-27", "", null)]
    [InlineData("istio-injection=enabled,istio.io/rev=1-27", "", OldImage)]
    [InlineData("istio.io/rev=1-27", "", NewImage)]
    [InlineData("istio.io/rev=prod", "", NewImage)]
    [InlineData("istio.io/rev=default", "", OldImage)]
    [InlineData("istio.io/rev=unknown", "", null)]
    [InlineData("istio.io/rev=1-27", "istio.io/rev=default", NewImage)]
    [InlineData("istio.io/rev=1-27", "sidecar.istio.io/inject=false", null)]
    [InlineData("istio-injection=enabled", "sidecar.istio.io/inject=false", null)]
    [InlineData("istio-injection=enabled", "sidecar.istio.io/inject=true", OldImage)]
    [InlineData("istio-injection=enabled", "istio.io/rev=1-27", OldImage)]
    [InlineData("", "sidecar.istio.io/inject=true", OldImage)]
    [InlineData("", "istio.io/rev=1-27", NewImage)]
    [InlineData("", "istio.io/rev=prod", NewImage)]
    [InlineData("", "istio.io/rev=prod,sidecar.istio.io/inject=true", NewImage)]
    [InlineData("", "istio.io/rev=1-27,sidecar.istio.io/inject=false", null)]
    [InlineData("istio-injection=disabled", "sidecar.istio.io/inject=true", null)]
    public void Labels_of_namespace_and_pod_decide_who_injects(string namespaceLabels, string podLabels, string? image)
    {
        var mesh = new MeshWorld().Install(MeshWorld.Old).Install(MeshWorld.New);
        mesh.Mesh.Istio.SetTag(MeshWorld.New, "prod");
        foreach (var (key, value) in Labels(namespaceLabels)) mesh.Label("shop", key, value);
        var pod = new PodBuilder();
        foreach (var (key, value) in Labels(podLabels)) pod.Labelled(key, value);

        Assert.Equal(image, mesh.Injected(pod));

        static IEnumerable<(string, string)> Labels(string text) =>
            text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(label => label.Split('=')).Select(parts => (parts[0], parts[1]));
    }

    [Fact]
    public void The_tag_default_takes_over_from_an_istiod_without_a_revision()
    {
        var mesh = Enabled(MeshWorld.Old, MeshWorld.New);
        mesh.Mesh.Istio.SetTag(MeshWorld.New, "default");
        Assert.Equal(NewImage, mesh.Injected(new("one")));
        mesh.Install(MeshWorld.Old);
        Assert.Equal(NewImage, mesh.Injected(new("two")));
        Assert.Equal("1-27", mesh.Cluster.Store.Find(ApiResources.ValidatingWebhookConfigurations, "", "istiod-default-validator")!.Labels["istio.io/rev"]);
    }

    [Fact]
    public void A_pod_gets_all_that_a_sidecar_is()
    {
        var mesh = Enabled(MeshWorld.Old);
        var pod = mesh.Create(new PodBuilder().Init().Labelled("app", "web").Labelled("version", "v2"));

        Assert.Equal(["app", "istio-proxy"], pod.Items("spec", "containers").Select(container => container.Text("name")));
        Assert.Equal(["setup", "istio-init"], pod.Items("spec", "initContainers").Select(container => container.Text("name")));
        Assert.Equal(["istio-envoy", "istio-data", "istio-podinfo", "istiod-ca-cert"], pod.Items("spec", "volumes").Select(volume => volume.Text("name")));
        Assert.Equal(("istio", "web", "v2"), (Label("security.istio.io/tlsMode"), Label("service.istio.io/canonical-name"), Label("service.istio.io/canonical-revision")));
        Assert.Equal(("default", "15020", "app"), (Annotation("istio.io/rev"), Annotation("prometheus.io/port"), Annotation("kubectl.kubernetes.io/default-container")));
        Assert.Equal(
            """{"initContainers":["istio-init"],"containers":["istio-proxy"],"volumes":["istio-envoy","istio-data","istio-podinfo","istiod-ca-cert"],"imagePullSecrets":null,"revision":"default"}""",
            Annotation("sidecar.istio.io/status"));
        mesh.World.Settle();
        Assert.True(mesh.World.IsReady());

        string? Label(string name) => pod.Text("metadata", "labels", name);
        string? Annotation(string name) => pod.Text("metadata", "annotations", name);
    }

    [Fact]
    public void A_native_sidecar_comes_before_the_init_containers_of_the_application()
    {
        var mesh = Enabled(MeshWorld.Old with { NativeSidecars = true });
        var pod = mesh.Create(new PodBuilder().Init());

        Assert.Equal(["istio-init", "istio-proxy", "setup"], pod.Items("spec", "initContainers").Select(container => container.Text("name")));
        Assert.Equal("Always", MeshWorld.ProxyOf(pod)!.Text("restartPolicy"));
        Assert.StartsWith("""{"initContainers":["istio-init","istio-proxy"],"containers":null,""", pod.Text("metadata", "annotations", "sidecar.istio.io/status"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sidecar.istio.io/proxyImage", "mirror.example/proxy:9", "mirror.example/proxy:9")]
    [InlineData("sidecar.istio.io/proxyImageType", "distroless", OldImage + "-distroless")]
    [InlineData("sidecar.istio.io/proxyImageType", "default", OldImage)]
    public void Annotations_choose_the_image(string annotation, string value, string image) =>
        Assert.Equal(image, Enabled(MeshWorld.Old).Injected(new PodBuilder().Annotated(annotation, value)));

    [Fact]
    public void A_type_in_the_version_is_replaced_by_the_one_asked_for() =>
        Assert.Equal(OldImage + "-debug", Enabled(MeshWorld.Old with { Version = "1.26.4-distroless" }).Injected(new PodBuilder().Annotated("sidecar.istio.io/proxyImageType", "debug")));

    [Fact]
    public void A_proxy_that_the_pod_brings_along_keeps_what_it_says()
    {
        var pod = Enabled(MeshWorld.Old).Create(new PodBuilder("gateway").Set(json => json.Object("spec")["containers"] = new JsonArray(
            new JsonObject { ["name"] = "istio-proxy", ["image"] = "auto", ["resources"] = new JsonObject() })).Annotated("inject.istio.io/templates", "gateway"));

        Assert.Equal((OldImage, 0), (MeshWorld.ProxyOf(pod)!.Text("image"), MeshWorld.ProxyOf(pod)!["resources"]!.AsObject().Count));
        Assert.Null(pod["spec"]!["initContainers"]);
    }

    [Theory]
    [InlineData(true, "shop")]
    [InlineData(false, "kube-system")]
    public void The_host_network_and_system_namespaces_stay_without(bool hostNetwork, string @namespace)
    {
        var mesh = Enabled(MeshWorld.Old);
        mesh.CreateNamespace("kube-system", ("istio-injection", "enabled"));
        Assert.Null(mesh.Injected(new PodBuilder().Set(pod => pod.Object("spec")["hostNetwork"] = hostNetwork), @namespace));
    }

    [Fact]
    public void An_annotation_on_the_pod_refuses_as_the_label_does() =>
        Assert.Null(Enabled(MeshWorld.Old).Injected(new PodBuilder().Annotated("sidecar.istio.io/inject", "false")));

    [Fact]
    public void An_upgrade_in_place_changes_what_new_pods_get()
    {
        var mesh = Enabled(MeshWorld.Old);
        Assert.Equal(OldImage, mesh.Injected(new("one")));
        mesh.Install(MeshWorld.Old with { Version = "1.26.8" });
        Assert.Equal("docker.io/istio/proxyv2:1.26.8", mesh.Injected(new("two")));
    }

    [Fact]
    public void Switching_the_service_of_a_webhook_changes_what_new_pods_get()
    {
        var mesh = Enabled(MeshWorld.Old, MeshWorld.New);
        ChangeWebhook(mesh, webhook => webhook.Object("clientConfig", "service")["name"] = "istiod-1-27");
        Assert.Equal(NewImage, mesh.Injected(new()));
    }

    [Fact]
    public void Who_answers_are_the_pods_behind_the_service()
    {
        var mesh = Enabled(MeshWorld.Old, MeshWorld.New);
        mesh.Serve(MeshWorld.Old, "istiod-1-27-1");
        Assert.Equal(NewImage, mesh.Injected(new()));
    }

    [Fact]
    public void Where_two_webhooks_match_both_inject_and_the_later_one_stays()
    {
        var mesh = Enabled(MeshWorld.Old, MeshWorld.New);
        ChangeWebhook(mesh, webhook => webhook["namespaceSelector"] = new JsonObject(), MeshWorld.New.WebhookName);
        var pod = mesh.Create(new PodBuilder().Annotated("prometheus.io/scrape", "true"));

        // By name the old one comes first; the new one takes out what it finds and puts its own in.
        Assert.Equal(NewImage, MeshWorld.ProxyOf(pod)!.Text("image"));
        Assert.Equal(["app", "istio-proxy"], pod.Items("spec", "containers").Select(container => container.Text("name")));
        Assert.Equal(["istio-init"], pod.Items("spec", "initContainers").Select(container => container.Text("name")));
        Assert.Equal("1-27", JsonNode.Parse(pod.Text("metadata", "annotations", "sidecar.istio.io/status")!)!.Text("revision"));
    }

    [Fact]
    public void Injectors_before_1_17_tell_the_revision_by_a_label()
    {
        var pod = Enabled(MeshWorld.Old with { Version = "1.15.3" }).Create(new());
        Assert.Equal("default", pod.Text("metadata", "labels", "istio.io/rev"));
    }

    [Theory]
    [InlineData("no endpoints", "no endpoints available for service \"istiod\"")]
    [InlineData("no service", "service \"istiod\" not found")]
    [InlineData("other port", "no service port 444 found for service \"istiod\"")]
    [InlineData("somebody else", "dial tcp 10.16.0.2:443: connect: connection refused")]
    [InlineData("other authority", "tls: failed to verify certificate: x509: certificate signed by unknown authority")]
    public void A_webhook_that_cannot_be_called_fails_the_pod_or_is_ignored(string obstacle, string why)
    {
        var mesh = Enabled(MeshWorld.Old);
        var port = obstacle == "other port" ? 444 : 443;
        if (obstacle == "no endpoints") mesh.Serve(MeshWorld.Old);
        if (obstacle == "no service") mesh.Cluster.Delete(mesh.Cluster.Store.Find(ApiResources.Services, "istio-system", "istiod")!);
        if (obstacle == "other port") ChangeWebhook(mesh, webhook => webhook.Object("clientConfig", "service")["port"] = 444);
        if (obstacle == "other authority") ChangeWebhook(mesh, webhook => webhook.Object("clientConfig")["caBundle"] = "LS0t");
        if (obstacle == "somebody else")
        {
            mesh.Create(new PodBuilder("other"), "istio-system");
            mesh.World.Settle();
            mesh.Serve(MeshWorld.Old, "other");
        }

        var failure = Assert.Throws<ApiStatusException>(() => mesh.Create(new()));
        Assert.Equal(500, failure.Code);
        Assert.Equal(
            $"Internal error occurred: failed calling webhook \"namespace.sidecar-injector.istio.io\": failed to call webhook: Post \"https://istiod.istio-system.svc:{port}/inject?timeout=10s\": {why}",
            failure.Message);

        ChangeWebhook(mesh, webhook => webhook["failurePolicy"] = "Ignore");
        Assert.Null(mesh.Injected(new()));
    }

    [Fact]
    public void A_rotated_authority_is_learnt_by_the_revisions_webhook_and_not_by_tags()
    {
        var mesh = new MeshWorld().Install(MeshWorld.New);
        mesh.Mesh.Istio.SetTag(MeshWorld.New, "prod");
        mesh.Mesh.Istio.RotateAuthority("istio-system");
        mesh.Label("shop", "istio.io/rev", "1-27");
        Assert.Equal(NewImage, mesh.Injected(new("one")));
        mesh.Label("shop", "istio.io/rev", "prod");
        Assert.Throws<ApiStatusException>(() => mesh.Injected(new("two")));
        mesh.Mesh.Istio.SetTag(MeshWorld.New, "prod");
        Assert.Equal(NewImage, mesh.Injected(new("three")));
    }

    [Fact]
    public void Outside_of_istio_system_the_webhooks_carry_the_namespace()
    {
        var mesh = new MeshWorld();
        mesh.CreateNamespace("mesh");
        mesh.Install(MeshWorld.New with { Namespace = "mesh" });
        mesh.Mesh.Istio.SetTag(MeshWorld.New with { Namespace = "mesh" }, "prod");
        Assert.Equal(["istio-revision-tag-prod-mesh", "istio-sidecar-injector-1-27-mesh"], mesh.Cluster.Store.List(ApiResources.MutatingWebhookConfigurations).Select(stored => stored.Name));
        mesh.Label("shop", "istio.io/rev", "prod");
        Assert.Equal(NewImage, mesh.Injected(new()));
    }

    [Fact]
    public void An_uninstalled_revision_leaves_its_tags_behind_and_they_fail()
    {
        var mesh = new MeshWorld().Install(MeshWorld.New);
        mesh.Mesh.Istio.SetTag(MeshWorld.New, "prod");
        mesh.Label("shop", "istio.io/rev", "prod");
        mesh.Mesh.Istio.Uninstall(MeshWorld.New);
        Assert.Throws<ApiStatusException>(() => mesh.Create(new()));
        mesh.Mesh.Istio.RemoveTag(MeshWorld.New, "prod");
        Assert.Null(mesh.Injected(new()));
    }

    [Fact]
    public void Pods_are_injected_by_default_where_the_mesh_says_so()
    {
        var mesh = new MeshWorld().Install(MeshWorld.Old with { EnableNamespacesByDefault = true });
        Assert.Equal(OldImage, mesh.Injected(new()));
    }

    [Fact]
    public void A_webhook_outside_of_the_cluster_cannot_be_reached()
    {
        var mesh = Enabled(MeshWorld.Old);
        ChangeWebhook(mesh, webhook => webhook["clientConfig"] = new JsonObject { ["url"] = "https://hooks.example/inject" });
        var failure = Assert.Throws<ApiStatusException>(() => mesh.Create(new()));
        Assert.EndsWith("Post \"https://hooks.example/inject?timeout=10s\": dial tcp: lookup hooks.example: no such host", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_authority_can_be_read_as_a_certificate_and_the_same_seed_makes_the_same()
    {
        var (one, other) = (Bundle(), Bundle());
        Assert.Equal(one, other);
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(one)));
        Assert.Equal("O=cluster.local", certificate.Subject);

        static string Bundle() => new MeshWorld().Install(MeshWorld.Old).Cluster.Store.Find(ApiResources.MutatingWebhookConfigurations, "", "istio-sidecar-injector")!
            .ToJson().Items("webhooks").First().Text("clientConfig", "caBundle")!;
    }

    private static MeshWorld Enabled(params IstiodOptions[] istiods)
    {
        var mesh = new MeshWorld();
        foreach (var istiod in istiods) mesh.Install(istiod);
        mesh.Label("shop", "istio-injection", "enabled");
        return mesh;
    }

    private static void ChangeWebhook(MeshWorld mesh, Action<JsonObject> change, string name = "istio-sidecar-injector") =>
        mesh.Cluster.Change(mesh.Cluster.Store.Find(ApiResources.MutatingWebhookConfigurations, "", name)!, json =>
        {
            foreach (var webhook in json.Items("webhooks")) change(webhook);
        });
}
