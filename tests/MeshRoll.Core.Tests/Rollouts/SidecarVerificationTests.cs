using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts;

public sealed class SidecarVerificationTests
{
    private static readonly WorkloadReference Web = new("shop", "Deployment", "web");

    [Theory]
    [InlineData("1.11.8", null, "1.11.8", "1-11-8", true)]
    [InlineData("1.11.8", null, "1.7.8", "1-11-8", false)]
    [InlineData(null, "1-11-8", "1.7.8", "1-11-8", true)]
    [InlineData(null, "1-11-8", "1.11.8", "default", false)]
    [InlineData(null, "1-11-8", "1.11.8", null, true)]
    [InlineData("1.11.8", "1-11-8", "1.11.8", "1-11-8", true)]
    [InlineData("1.11.8", "1-11-8", "1.11.8", "default", false)]
    public void A_pod_is_right_that_carries_the_version_and_the_revision_wanted_as_far_as_it_tells(string? version, string? revision, string runs, string? of, bool right)
    {
        var finding = SidecarVerification.Check(Web, "prod", version, revision, [Mesh.Pod("shop", "web-1", version: runs, revision: of)], null, new());

        Assert.Equal(right, finding is null);
        if (right) return;
        Assert.Equal(("SidecarStillOutdated", FindingVerdict.Fatal, FindingSeverity.Error, "pod/web-1", "istio-proxy"), (finding!.Id, finding.Verdict, finding.Severity, finding.Object, finding.Container));
        Assert.Equal($"1 of 1 new pod did not get the sidecar wanted: pod web-1 still carries {runs} of revision {of} instead of {string.Join(" of revision ", new[] { version, revision }.Where(part => part is not null))}", finding.Message);
    }

    [Fact]
    public void An_image_that_names_no_version_is_told_by_its_name_and_not_held_against_the_pod()
    {
        var pod = Mesh.Pod("shop", "web-1", revision: null).WithContainers(Mesh.Container("istio-proxy", "istio/proxyv2@sha256:abc"), Mesh.Container("app", "a"));

        Assert.Null(SidecarVerification.Check(Web, "prod", "1.11.8", null, [pod], null, new()));
        Assert.Contains("still carries istio/proxyv2@sha256:abc of revision 1-7-8 instead of 1-11-8",
            SidecarVerification.Check(Web, "prod", null, "1-11-8", [pod.WithLabels("istio.io/rev=1-7-8")], null, new())!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_without_a_sidecar_is_told_so_and_those_that_are_right_are_counted()
    {
        var bare = Mesh.Pod("shop", "web-2").WithContainers(Mesh.Container("app", "a"));

        var finding = SidecarVerification.Check(Web, "prod", "1.11.8", null, [Mesh.Pod("shop", "web-1", version: "1.11.8"), bare], null, new())!;

        Assert.Equal("1 of 2 new pods did not get the sidecar wanted: pod web-2 carries no sidecar instead of 1.11.8", finding.Message);
        Assert.Equal(("", ""), (finding.Container, finding.Evidence));
    }

    [Theory]
    [InlineData("istio-injection=enabled", "istio.io/rev=1-11-8", "1.7.8", "(up to date: namespace label istio-injection=enabled gives 1.7.8; the pod's own label istio.io/rev=1-11-8 does not count beside it)")]
    [InlineData("istio-injection=enabled", "istio.io/rev=default", "1.7.8", "(up to date: namespace label istio-injection=enabled gives 1.7.8)")]
    [InlineData("istio-injection=enabled", "app=web", "1.7.8", "(up to date: namespace label istio-injection=enabled gives 1.7.8)")]
    [InlineData("team=a", "istio.io/rev=1-11-8", "1.7.8", "(runs 1.7.8, pod label istio.io/rev=1-11-8 gives 1.11.8)")]
    public void The_label_that_decided_is_told(string @namespace, string pod, string runs, string why) => Assert.EndsWith(why,
        SidecarVerification.Check(Web, "prod", "1.11.8", null, [Mesh.Pod("shop", "web-1", version: runs).WithLabels(pod)], null, Knowing(@namespace))!.Message, StringComparison.Ordinal);

    [Fact]
    public void What_the_template_asks_for_counts_as_asked_where_an_injector_wrote_another_label_onto_the_pod()
    {
        var rollout = new MeshRollout { Cluster = "prod", Namespace = "shop", Kind = "Deployment", Name = "web", DesiredVersion = "1.11.8" };
        var deployment = Some.Deployment(replicas: 1);
        deployment = deployment with { Spec = deployment.Spec with { Template = Mesh.Template("istio.io/rev=1-11-8") } };
        var pod = Some.Injected("web-1", "1.7.8");
        pod = pod with { Metadata = pod.Metadata with { Annotations = Mesh.Pod("shop", "web-1").Metadata.Annotations } };

        var finding = SidecarVerification.Check(rollout, deployment, [pod.WithLabels("istio.io/rev=default")], Knowing("istio-injection=enabled"))!;

        Assert.EndsWith("; the pod's own label istio.io/rev=1-11-8 does not count beside it)", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("istio-injection=enabled", "istio-revision-tag-default", true)]
    [InlineData("istio-injection=enabled", "other-webhook", false)]
    [InlineData("istio-injection=disabled", "istio-revision-tag-default", false)]
    public void Injectors_that_compete_for_the_pod_are_told(string label, string other, bool compete)
    {
        MutatingWebhookConfiguration Matching(string name, string entry) => new()
        {
            Metadata = new() { Name = name },
            Webhooks = [new() { Name = "first.example" }, new() { Name = entry, NamespaceSelector = new() { MatchLabels = Mesh.Map("istio-injection=enabled") } }],
        };
        var knowledge = new MeshKnowledge
        {
            Namespaces = new() { Known = new Dictionary<string, Namespace> { ["shop"] = Mesh.Namespace("shop", label) } },
            InjectorWebhooks = [Matching("istio-sidecar-injector", "namespace.sidecar-injector.istio.io"), Matching(other, other == "other-webhook" ? "policy.example" : "rev.namespace.sidecar-injector.istio.io")],
        };

        var finding = SidecarVerification.Check(Web, "prod", "1.11.8", null, [Mesh.Pod("shop", "web-1", version: "1.7.8")], null, knowledge)!;

        Assert.Equal(compete, finding.Message.Contains("2 injectors match it (istio-revision-tag-default, istio-sidecar-injector), and the last one has its way", StringComparison.Ordinal));
        Assert.Equal(compete, finding.Advice.StartsWith("Let one injector alone", StringComparison.Ordinal));
    }

    [Fact]
    public void The_template_says_more_than_the_pod_about_which_injectors_match()
    {
        MutatingWebhookConfiguration Matching(string name) => new()
        {
            Metadata = new() { Name = name },
            Webhooks = [new() { Name = "object.sidecar-injector.istio.io", ObjectSelector = new() { MatchLabels = Mesh.Map("istio.io/rev=prod") } }],
        };
        var knowledge = new MeshKnowledge { Namespaces = new() { Known = new Dictionary<string, Namespace> { ["shop"] = Mesh.Namespace("shop") } }, InjectorWebhooks = [Matching("a"), Matching("b")] };

        Assert.Contains("2 injectors", SidecarVerification.Check(Web, "prod", "1.11.8", null, [Mesh.Pod("shop", "web-1")], Mesh.Template("istio.io/rev=prod"), knowledge)!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("2 injectors", SidecarVerification.Check(Web, "prod", "1.11.8", null, [Mesh.Pod("shop", "web-1")], null, knowledge)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_configurations_with_an_injector_of_istios_count()
    {
        Assert.True(CompetingInjectors.IsInjector(Mesh.Injector()));
        Assert.False(CompetingInjectors.IsInjector(Mesh.Webhook("policy", "policy.example", "policy", "kube-system")));
    }

    [Fact]
    public void A_pod_that_the_mesh_calls_up_to_date_is_right_under_any_name_of_its_revision() =>
        Assert.Null(SidecarVerification.Check(Web, "prod", null, "prod", [Mesh.Pod("shop", "web-1", version: "1.11.8", revision: "1-11-8")], null, Knowing("istio.io/rev=1-11-8")));

    [Fact]
    public void Only_pods_of_the_new_template_that_stay_count()
    {
        var rollout = new MeshRollout { Cluster = "prod", Namespace = "shop", Kind = "Deployment", Name = "web", DesiredVersion = "1.11.8" };
        Pod Ended(string phase) => Some.Injected($"web-{phase}", "1.7.8") with { Status = new() { Phase = phase } };
        var going = Some.Injected("web-9", "1.7.8");

        Assert.Null(SidecarVerification.Check(rollout, Some.Deployment(), [Some.Injected("web-1", "1.11.8"), Ended("Failed"), Ended("Succeeded"), going with { Metadata = going.Metadata with { DeletionTimestamp = Some.Start } }, Some.Injected("web-0", "1.7.8", "h1", age: 60)], new()));
    }

    private static MeshKnowledge Knowing(string label)
    {
        var @namespace = Mesh.Namespace("shop", label);
        return new()
        {
            Namespaces = new() { Known = new Dictionary<string, Namespace> { ["shop"] = @namespace } },
            Tags = RevisionTags.From([Mesh.Injector(), Mesh.Injector("1-11-8")]),
            Injectors = [IstioInjector.From(Mesh.InjectorMap("1.7.8"))!, IstioInjector.From(Mesh.InjectorMap("1.11.8", "1-11-8"))!],
        };
    }
}
