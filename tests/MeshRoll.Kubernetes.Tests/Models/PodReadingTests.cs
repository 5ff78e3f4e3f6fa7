using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Tests.Builders;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Models;

public sealed class PodReadingTests
{
    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task A_pod_reads_the_same_from_protobuf_and_JSON(string type)
    {
        var sent = new TestPod("web-1-abc") { Phase = "Running" };
        var body = type == Protobuf ? ProtobufWriter.Envelope("v1", "Pod", sent.ToProtobuf()) : TestPod.Utf8(sent.ToJson());
        await using var client = InTurn(Answer(body, type)).NewClient();

        var pod = await client.GetAsync(Resources.Pods, "shop", "web-1-abc", TestContext.Current.CancellationToken);

        Assert.Equal(("web-1-abc", "shop", "uid-shop-web-1-abc", "1"), (pod.Metadata.Name, pod.Metadata.Namespace, pod.Metadata.Uid, pod.Metadata.ResourceVersion));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), pod.Metadata.CreationTimestamp);
        Assert.Null(pod.Metadata.DeletionTimestamp);
        Assert.Equal([new("app", "web"), new("version", "v1")], pod.Metadata.Labels);
        Assert.Empty(pod.Metadata.Annotations);
        Assert.Equal(new OwnerReference { ApiVersion = "apps/v1", Kind = "ReplicaSet", Name = "web-1", Uid = "uid-rs", Controller = true }, pod.Metadata.Controller);

        Assert.Equal(
            [new Container { Name = "app", Image = "web:1" }, new Container { Name = "istio-proxy", Image = sent.Image, ReadinessProbe = new() { InitialDelaySeconds = 1, PeriodSeconds = 2, SuccessThreshold = 3, FailureThreshold = 30 } }],
            pod.Spec.Containers);
        Assert.Equal([new Container { Name = "istio-init", Image = sent.Image }], pod.Spec.InitContainers);
        Assert.Equal(("node-1", false, 30L), (pod.Spec.NodeName, pod.Spec.HostNetwork, pod.Spec.TerminationGracePeriodSeconds));

        Assert.Equal("Running", pod.Status.Phase);
        Assert.Equal([new Condition { Type = "Ready", Status = "True", LastTransitionTime = new DateTimeOffset(2026, 1, 2, 3, 5, 0, TimeSpan.Zero) }], pod.Status.Conditions);
        Assert.Equal(
            new ContainerStatus
            {
                Name = "istio-proxy",
                Image = sent.Image,
                Ready = true,
                RestartCount = 2,
                State = new() { Running = new() { StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 30, TimeSpan.Zero) } },
                LastState = new() { Terminated = new() { ExitCode = 137, Signal = 9, Reason = "OOMKilled", Message = "gone", FinishedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 20, TimeSpan.Zero) } },
            },
            Assert.Single(pod.Status.ContainerStatuses));
    }
}
