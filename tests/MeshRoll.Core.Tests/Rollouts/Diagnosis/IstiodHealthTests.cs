using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts.Diagnosis;

public sealed class IstiodHealthTests
{
    [Fact]
    public void Istiods_are_counted_by_revision_and_namespace_and_without_what_ended() => Assert.Equal(
        [new("1-27-1", "istio-system", 2, 1), new IstiodHealth("default", "istio-system", 1, 0), new("default", "mesh", 1, 1)],
        IstiodHealth.Of([Istiod("1-27-1", true), Istiod("1-27-1", false), Istiod(null, false), Istiod("default", true, "mesh"), Istiod("1-27-1", true, phase: "Failed")]));

    [Theory]
    [InlineData(0, true, "no istiod of revision 1-27-1 is ready (0 of 2 pods in namespace istio-system)")]
    [InlineData(1, false, "an istiod of revision 1-27-1 is ready (1 of 2 pods in namespace istio-system)")]
    public void It_says_how_it_is(int ready, bool unwell, string words)
    {
        var health = new IstiodHealth("1-27-1", "istio-system", 2, ready);

        Assert.Equal((unwell, words), (health.IsUnwell, health.InWords));
    }

    [Theory]
    [InlineData("failed calling webhook \"rev.namespace.sidecar-injector.istio.io\": failed to call webhook: Post \"https://istiod-1-27-1.istio-system.svc:443/inject?timeout=10s\": no endpoints available for service \"istiod-1-27-1\"", "1-27-1")]
    [InlineData("Post \"https://istiod.istio-system.svc/inject\": refused sidecar-injector.istio.io", "default")]
    [InlineData("sidecar-injector.istio.io Post \"https://istiod.istio-system", "default")]
    [InlineData("sidecar-injector.istio.io Post \"https://istiod/inject\"", null)]
    [InlineData("sidecar-injector.istio.io Post \"https://istiod.other.svc:443/inject\"", null)]
    [InlineData("sidecar-injector.istio.io Post \"https://else.istio-system.svc:443/inject\"", null)]
    public void The_istiod_behind_a_webhook_that_failed_is_found_by_its_service(string message, string? revision) => Assert.Equal(revision,
        IstiodHealth.Behind(message, [new("1-27-1", "istio-system", 1, 0), new("default", "istio-system", 1, 0)])?.Revision);

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, false)]
    public void A_webhook_that_does_not_answer_is_told_with_the_istiod_behind_it_when_that_is_unwell(int ready, bool told)
    {
        var message = "Internal error occurred: failed calling webhook \"rev.namespace.sidecar-injector.istio.io\": failed to call webhook: Post \"https://istiod.istio-system.svc:443/inject?timeout=10s\": connection refused";
        var diagnosis = DiagnosisRules.Diagnose(new()
        {
            Workload = Some.Deployment(updated: 0, conditions: [new() { Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate", Message = message }]),
            Istiods = [new("default", "istio-system", 2, ready)],
            Now = Some.Start,
        });

        var finding = Assert.Single(diagnosis.Findings);
        Assert.Equal(("InjectionFailed", Inquiry.ControlPlane), (finding.Id, diagnosis.Ask));
        Assert.Equal(told, finding.Message.EndsWith("; no istiod of revision default is ready (0 of 2 pods in namespace istio-system)", StringComparison.Ordinal));
        Assert.Equal(told, finding.Evidence.Contains("no istiod", StringComparison.Ordinal));
        Assert.Equal(told, finding.Advice == IstiodHealth.Advice);
    }

    private static Pod Istiod(string? revision, bool ready, string @namespace = "istio-system", string phase = "Running") => new()
    {
        Metadata = new() { Name = "istiod", Namespace = @namespace, Labels = revision is null ? new Dictionary<string, string> { ["app"] = "istiod" } : new() { ["app"] = "istiod", ["istio.io/rev"] = revision } },
        Status = new() { Phase = phase, Conditions = [new() { Type = "PodScheduled", Status = "True" }, new() { Type = "Ready", Status = ready ? "True" : "False" }] },
    };
}
