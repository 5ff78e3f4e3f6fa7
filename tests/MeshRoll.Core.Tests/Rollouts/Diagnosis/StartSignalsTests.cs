using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts.Diagnosis;

public sealed class StartSignalsTests
{
    [Fact]
    public void A_pod_that_takes_long_to_start_has_its_events_looked_at_and_is_no_finding_by_itself()
    {
        var early = Diagnosing.After(19, Starting());
        var late = Diagnosing.After(20, Starting());

        Assert.Equal((0, Inquiry.None, Some.Start.AddSeconds(20)), (early.Findings.Count, early.Ask, early.LookAgain));
        Assert.Equal((0, Inquiry.Events), (late.Findings.Count, late.Ask));
    }

    [Theory]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"settings\" : configmap \"shop-settings\" not found", "VolumeMount", FindingVerdict.Unknown)]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"istiod-ca-cert\" : configmap \"istio-ca-root-cert\" not found", "IstioRootCertificateMissing", FindingVerdict.Unknown)]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"kube-api\" : failed to sync configmap cache: timed out", "VolumeMount", FindingVerdict.Transient)]
    [InlineData("FailedMount", "MountVolume.SetUp failed for volume \"kube-api\" : object \"shop\"/\"x\" not registered", "VolumeMount", FindingVerdict.Transient)]
    [InlineData("FailedAttachVolume", "Multi-Attach error for volume \"pvc-1\" Volume is already used by pod(s) web-0", "VolumeAttach", FindingVerdict.Unknown)]
    [InlineData("FailedAttachVolume", "AttachVolume.Attach failed for volume \"pvc-1\" : rpc error", "VolumeAttach", FindingVerdict.Unknown)]
    [InlineData("FailedCreatePodSandBox", "plugin type=\"istio-cni\" name=\"istio-cni\" failed (add): dial unix", "MeshNetwork", FindingVerdict.Unknown)]
    [InlineData("FailedCreatePodSandBox", "Failed to create pod sandbox: rpc error", "PodSandbox", FindingVerdict.Unknown)]
    [InlineData("NetworkNotReady", "network is not ready: cni plugin not initialized", "PodSandbox", FindingVerdict.Transient)]
    [InlineData("FailedScheduling", "0/3 nodes are available", "Unschedulable", FindingVerdict.Unknown)]
    [InlineData("Preempting", "Preempted in order to admit critical pod", "Preempted", FindingVerdict.Transient)]
    [InlineData("Evicted", "The node was low on resource: memory", "Evicted", FindingVerdict.Transient)]
    [InlineData("NodeNotReady", "Node is not ready", "NodeNotReady", FindingVerdict.Unknown)]
    public void An_event_says_what_it_waits_for(string reason, string message, string id, FindingVerdict verdict)
    {
        var pod = Starting();

        var diagnosis = Diagnosing.After(30, pod, [Some.Warning(pod, reason, message)]);

        var finding = Assert.Single(diagnosis.Findings);
        Assert.Equal((id, verdict, "pod/web-1", $"event {reason}: {message}"), (finding.Id, finding.Verdict, finding.Object, finding.Evidence));
        Assert.StartsWith("pod web-1 ", finding.Message, StringComparison.Ordinal);
        Assert.EndsWith($"({message})", finding.Message, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Advice);
        Assert.Null(diagnosis.Doom);
    }

    [Fact]
    public void Of_several_events_the_newest_that_means_something_is_told()
    {
        var pod = Starting();

        var finding = Assert.Single(Diagnosing.After(30, pod, [Some.Warning(pod, "FailedMount", "a", age: 9), Some.Warning(pod, "FailedAttachVolume", "b", age: 2), Some.Warning(pod, "BackOff", "c")]).Findings);

        Assert.Equal("VolumeAttach", finding.Id);
    }

    [Fact]
    public void Events_about_another_pod_or_one_before_it_of_the_same_name_say_nothing()
    {
        var pod = Starting();
        var before = Some.Warning(pod, "FailedMount", "a");
        before = before with { InvolvedObject = before.InvolvedObject with { Uid = "another" } };
        var ofNode = Some.Warning(pod, "FailedMount", "a");
        ofNode = ofNode with { InvolvedObject = ofNode.InvolvedObject with { Kind = "Node" } };

        Assert.Empty(Diagnosing.After(30, pod, [before, ofNode, Some.Warning(Some.WebPod("web-2"), "FailedMount", "a")]).Findings);
    }

    [Theory]
    [InlineData("Running", false, false)]
    [InlineData("Pending", true, false)]
    [InlineData("Pending", false, true)]
    public void A_pod_of_which_anything_runs_is_at_work(string phase, bool initRuns, bool runs)
    {
        var pod = Some.WebPod("web-1", status: new()
        {
            Phase = phase,
            InitContainerStatuses = [new() { Name = "setup", State = initRuns ? Some.Runs() : new() }],
            ContainerStatuses = [new() { Name = "app", Ready = true, State = runs ? Some.Runs() : new() }],
        });

        Assert.Equal(Inquiry.None, Diagnosing.After(60, pod).Ask);
    }

    [Theory]
    [InlineData(10, 30, null, false)]
    [InlineData(30, 10, null, true)]
    [InlineData(null, 30, null, true)]
    [InlineData(null, null, null, false)]
    public void A_single_look_goes_by_when_the_node_took_the_pod_or_else_by_its_age(int? started, int? created, object? _, bool asks)
    {
        var pod = Starting();
        pod = pod with
        {
            Metadata = pod.Metadata with { CreationTimestamp = created is { } age ? Some.Start.AddSeconds(-age) : null },
            Status = pod.Status with { StartTime = started is { } since ? Some.Start.AddSeconds(-since) : null },
        };

        Assert.Equal(asks, Diagnosing.Once(pod).Ask.HasFlag(Inquiry.Events));
    }

    private static Pod Starting() => Some.WebPod("web-1", status: new() { Phase = "Pending", ContainerStatuses = [new() { Name = "app", State = new() { Waiting = new() { Reason = "ContainerCreating" } } }] });
}
