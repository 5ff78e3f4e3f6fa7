using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.ControlPlane;

public sealed class RevisionTagsTests
{
    [Fact]
    public void A_revision_stands_for_itself()
    {
        var tags = RevisionTags.From([Mesh.Injector(), Mesh.Injector("1-11-8")]);

        Assert.Equal(new ResolvedRevision("default", "istio-system", ""), tags.Resolve("default"));
        Assert.Equal(new ResolvedRevision("1-11-8", "istio-system", ""), tags.Resolve("1-11-8"));
        Assert.Equal(["default", "1-11-8"], tags.Revisions.Select(revision => revision.Revision));
        Assert.False(tags.IsTag("default"));
    }

    [Fact]
    public void A_tag_stands_for_its_revision()
    {
        var tags = RevisionTags.From([Mesh.Injector("1-11-8"), Mesh.Tag("prod", "1-11-8")]);

        Assert.Equal(new ResolvedRevision("1-11-8", "istio-system", "tag prod is revision 1-11-8"), tags.Resolve("prod"));
        Assert.True(tags.IsTag("prod"));
        Assert.False(tags.IsTag("stage"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tag_named_default_goes_before_the_default_revision(bool tagFirst)
    {
        MutatingWebhookConfiguration[] webhooks = [Mesh.Tag("default", "1-11-8"), Mesh.Injector(), Mesh.Injector("1-11-8")];
        var tags = RevisionTags.From(tagFirst ? webhooks : webhooks.Reverse());

        Assert.Equal("1-11-8", tags.Resolve("default").Revision);
    }

    [Fact]
    public void An_injector_switched_by_hand_stands_for_whom_it_asks()
    {
        var tags = RevisionTags.From([Mesh.Injector(service: "istiod-1-11-8"), Mesh.Injector("1-11-8")]);

        Assert.Equal(new ResolvedRevision("1-11-8", "istio-system", "the injector of revision default asks istiod-1-11-8"), tags.Resolve("default"));
    }

    [Fact]
    public void An_injector_switched_back_stands_for_the_default_again() =>
        Assert.Equal(new ResolvedRevision("default", "istio-system", "the injector of revision 1-11-8 asks istiod"), RevisionTags.From([Mesh.Injector("1-11-8", service: "istiod")]).Resolve("1-11-8"));

    [Theory]
    [InlineData("istiod-revision-tag-prod")]
    [InlineData("some-proxy")]
    [InlineData(null)]
    public void Where_the_service_tells_nothing_the_label_does(string? service)
    {
        var webhook = Mesh.Webhook("istio-revision-tag-prod", "rev.namespace.sidecar-injector.istio.io", service, "istio-system", "istio.io/rev=1-11-8", "istio.io/tag=prod");

        Assert.Equal("1-11-8", RevisionTags.From([webhook]).Resolve("prod").Revision);
    }

    [Theory]
    [InlineData("istio-sidecar-injector", "istiod", "istio-system", "default")]
    [InlineData("istio-sidecar-injector-canary", "istiod-canary", "istio-system", "canary")]
    [InlineData("istio-sidecar-injector-mesh", "istiod", "mesh", "default")]
    [InlineData("istio-sidecar-injector-canary-mesh", "istiod-canary", "mesh", "canary")]
    public void Without_labels_the_name_tells(string name, string service, string place, string revision) =>
        Assert.Equal(new ResolvedRevision(revision, place, ""), RevisionTags.From([Mesh.Webhook(name, "sidecar-injector.istio.io", service, place)]).Resolve(revision));

    [Theory]
    [InlineData("istio-sidecar-injector-canary", null, "canary")]
    [InlineData("istio-sidecar-injector", null, "default")]
    [InlineData("istio-sidecar-injector-canary", "istiod-canary", "canary")]
    public void Without_labels_and_without_a_place_the_name_is_taken_whole(string name, string? service, string revision) =>
        Assert.Equal(new ResolvedRevision(revision, "", ""), RevisionTags.From([Mesh.Webhook(name, "sidecar-injector.istio.io", service, "")]).Resolve(revision));

    [Fact]
    public void A_tag_without_labels_whose_istiod_is_elsewhere_is_known_by_its_name() =>
        Assert.True(RevisionTags.From([Mesh.Webhook("istio-revision-tag-prod", "x", null, "")]).IsTag("prod"));

    [Fact]
    public void A_tag_without_labels_is_known_by_its_name() =>
        Assert.Equal("1-11-8", RevisionTags.From([Mesh.Webhook("istio-revision-tag-prod-mesh", "x", "istiod-1-11-8", "mesh")]).Resolve("prod").Revision);

    [Fact]
    public void An_injector_may_have_any_name_when_its_entries_have_Istios() =>
        Assert.Equal("blue", RevisionTags.From([Mesh.Webhook("ours", "namespace.sidecar-injector.istio.io", "istiod-blue", "mesh", "istio.io/rev=blue")]).Resolve("blue").Revision);

    [Fact]
    public void Other_webhooks_and_empty_ones_are_none_of_Istios()
    {
        var empty = new MutatingWebhookConfiguration { Metadata = new() { Name = "istio-sidecar-injector" } };

        Assert.Empty(RevisionTags.From([empty, Mesh.Webhook("cert-manager", "webhook.cert-manager.io", "cert", "cert")]).Revisions);
    }

    [Fact]
    public void A_webhook_that_istioctl_switched_off_serves_nobody()
    {
        var injector = Mesh.Injector();
        var off = injector with { Webhooks = [injector.Webhooks[0] with { NamespaceSelector = new() { MatchLabels = Mesh.Map("istio.io/deactivated=never-match") } }] };

        Assert.Null(RevisionTags.From([off]).Resolve("default").Revision);
    }

    [Fact]
    public void A_name_that_no_webhook_serves_injects_nothing() =>
        Assert.Equal(new ResolvedRevision(null, "", "no injector webhook serves revision canary"), RevisionTags.From([Mesh.Injector()]).Resolve("canary"));

    [Fact]
    public void Where_webhooks_cannot_be_read_a_name_is_taken_for_a_revision()
    {
        var resolved = RevisionTags.From(null).Resolve("prod");

        Assert.Equal("prod", resolved.Revision);
        Assert.Contains("cannot be read", resolved.Remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto.sidecar-injector.istio.io", true)]
    [InlineData("object.sidecar-injector.istio.io", false)]
    public void The_default_injector_tells_whether_it_takes_everything(string entry, bool enabled) =>
        Assert.Equal(enabled, RevisionTags.From([Mesh.Webhook("istio-sidecar-injector", entry, "istiod", "istio-system")]).EnabledByDefault);
}
