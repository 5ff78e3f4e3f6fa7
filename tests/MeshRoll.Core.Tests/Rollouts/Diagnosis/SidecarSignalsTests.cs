using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts.Diagnosis;

public sealed class SidecarSignalsTests
{
    [Fact]
    public void A_sidecar_that_is_not_ready_is_told_after_its_patience_and_only_then_anything_is_asked()
    {
        var pod = Some.WithSidecar(Some.UnreadySidecar());

        var early = Diagnosing.After(14, pod);
        var late = Diagnosing.After(15, pod);

        Assert.Equal((0, Inquiry.None, Some.Start.AddSeconds(15)), (early.Findings.Count, early.Ask, early.LookAgain));
        var finding = Assert.Single(late.Findings);
        Assert.Equal(("SidecarNotReady", FindingVerdict.Unknown, FindingSeverity.Warning, "istio-proxy"), (finding.Id, finding.Verdict, finding.Severity, finding.Container));
        Assert.Equal("sidecar istio-proxy of pod web-1 runs but is not ready", finding.Message);
        Assert.Equal("running, not ready", finding.Evidence);
        Assert.Equal(Inquiry.Events | Inquiry.ControlPlane, late.Ask);
        Assert.Equal(LogRun.Present, finding.LogRun);
        Assert.Null(late.Doom);
    }

    [Fact]
    public void What_its_probe_says_is_told_too()
    {
        var pod = Some.WithSidecar(Some.UnreadySidecar());
        var told = Some.Unhealthy(pod, "istio-proxy", "Readiness probe failed: HTTP probe failed with statuscode: 503", 12);

        var finding = Diagnosing.After(20, pod, [told, Some.Unhealthy(pod, "app", "Readiness probe failed: other")]).Findings[0];

        Assert.EndsWith("is not ready (Readiness probe failed: HTTP probe failed with statuscode: 503)", finding.Message, StringComparison.Ordinal);
        Assert.Equal("event Unhealthy (12 times): Readiness probe failed: HTTP probe failed with statuscode: 503", finding.Evidence);
    }

    [Fact]
    public void An_application_that_waits_for_it_is_mentioned()
    {
        Assert.Contains("not ready, and its application waits for it", Diagnosing.After(20, Some.WithSidecar(Some.UnreadySidecar(), appReady: false)).Findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("not ready, and its application waits for it", Diagnosing.After(20, Some.WithSidecar(Some.UnreadySidecar(), appReady: false, native: true, phase: "Pending")).Findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_told_before_an_application_that_is_not_ready_either() =>
        Assert.Equal("SidecarNotReady", Assert.Single(Diagnosing.After(60, Some.WithSidecar(Some.UnreadySidecar(), appReady: false)).Findings).Id);

    [Theory]
    [InlineData("1-27-1", "1-27-1", 0, "IstiodUnreachable")]
    [InlineData("", "default", 0, "IstiodUnreachable")]
    [InlineData("1-27-1", "1-27-1", 1, "SidecarNotReady")]
    [InlineData("1-27-1", "1-26-4", 0, "SidecarNotReady")]
    [InlineData(null, "default", 0, "SidecarNotReady")]
    public void An_istiod_of_its_revision_that_is_unwell_is_the_reason(string? revision, string istiod, int ready, string id)
    {
        var finding = Diagnosing.After(20, Some.WithSidecar(Some.UnreadySidecar(), revision: revision), istiods: [new(istiod, "istio-system", 2, ready)]).Findings[0];

        Assert.Equal(id, finding.Id);
        if (id == "IstiodUnreachable") Assert.Contains($"no istiod of revision {istiod} is ready (0 of 2 pods in namespace istio-system)", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_annotation_that_is_no_json_names_no_istiod()
    {
        var pod = Some.WithSidecar(Some.UnreadySidecar());
        pod = pod with { Metadata = pod.Metadata with { Annotations = new Dictionary<string, string> { ["sidecar.istio.io/status"] = "nonsense" } } };

        Assert.Equal("SidecarNotReady", Diagnosing.After(20, pod, istiods: [new("default", "istio-system", 1, 0)]).Findings[0].Id);
    }

    [Fact]
    public void Other_meshes_have_no_istiod_to_be_asked_for()
    {
        var pod = Some.WebPod("web-1", spec: new() { Containers = [new() { Name = "app" }, new() { Name = "linkerd-proxy" }] },
            status: new() { Phase = "Running", ContainerStatuses = [new() { Name = "app", Ready = true, State = Some.Runs() }, Some.UnreadySidecar("linkerd-proxy")] });

        var diagnosis = Diagnosing.After(20, pod);

        Assert.Equal(("SidecarNotReady", Inquiry.Events), (Assert.Single(diagnosis.Findings).Id, diagnosis.Ask));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_sidecar_that_is_ready_or_does_not_run_is_none_of_this(bool ready, bool runs)
    {
        var status = new ContainerStatus { Name = "istio-proxy", Ready = ready, State = runs ? Some.Runs() : new() };

        Assert.Empty(Diagnosing.After(60, Some.WithSidecar(status)).Findings);
    }

    [Fact]
    public void A_sidecar_without_a_status_is_none_of_this() =>
        Assert.DoesNotContain(Diagnosing.After(60, Some.WithSidecar(Some.UnreadySidecar("other"))).Findings, finding => finding.Id == "SidecarNotReady");

    [Fact]
    public void A_single_look_goes_by_when_the_sidecar_was_started()
    {
        Assert.Empty(Diagnosing.Once(Some.WithSidecar(Some.UnreadySidecar()), seconds: 10).Findings);
        Assert.Single(Diagnosing.Once(Some.WithSidecar(Some.UnreadySidecar()), seconds: 15).Findings);
    }

    [Theory]
    [InlineData("istio-proxy", "linkerd-proxy", true)]
    [InlineData("istio-proxy", "consul-dataplane", true)]
    [InlineData("consul-dataplane-web", "consul-dataplane-admin", false)]
    [InlineData("istio-proxy", "log-shipper", false)]
    public void A_pod_with_two_meshes_in_it_was_injected_twice(string one, string other, bool twice)
    {
        var pod = Some.WebPod("web-1", spec: new() { Containers = [new() { Name = "app" }, new() { Name = one, Image = "one:1" }, new() { Name = other, Image = "other:2" }] });

        var diagnosis = Diagnosing.After(0, pod);

        if (!twice)
        {
            Assert.Empty(diagnosis.Findings);
            return;
        }
        var finding = Assert.Single(diagnosis.Findings);
        Assert.Equal(("InjectedTwice", FindingVerdict.Unknown, FindingSeverity.Error, "one:1, other:2"), (finding.Id, finding.Verdict, finding.Severity, finding.Evidence));
        Assert.Null(diagnosis.Doom);
    }

    [Fact]
    public void A_sidecar_both_native_and_not_was_injected_twice_too()
    {
        var proxy = new Container { Name = "istio-proxy", RestartPolicy = "Always" };
        var pod = Some.WebPod("web-1", spec: new() { Containers = [new() { Name = "app" }, proxy with { RestartPolicy = null }], InitContainers = [proxy] });

        Assert.Equal("pod web-1 was injected more than once: it carries istio-proxy and istio-proxy", Assert.Single(Diagnosing.After(0, pod).Findings).Message);
    }
}
