using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Kinds;

public sealed class PodKindTests
{
    [Fact]
    public void A_pod_is_filled_in_and_gets_what_admission_gives_everywhere()
    {
        var pod = Written.Create(ApiResources.Pods, Manifests.Pod("web"));

        var spec = pod["spec"]!;
        Assert.Equal(("default", "default", true, 0L, "PreemptLowerPriority"), (spec.Text("serviceAccountName"), spec.Text("serviceAccount"), spec.Flag("enableServiceLinks"), spec.Number("priority"), spec.Text("preemptionPolicy")));
        Assert.Equal(
            """[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}]""",
            spec["tolerations"]!.ToJsonString());
        Assert.Equal("""{"phase":"Pending","qosClass":"BestEffort"}""", pod["status"]!.ToJsonString());
    }

    [Fact]
    public void Tolerations_that_are_there_are_enough()
    {
        var pod = Written.Create(ApiResources.Pods, Written.With(Manifests.Pod("web"), "spec/tolerations", """[{"operator":"Exists"}]"""));

        Assert.Single(pod.Items("spec", "tolerations"));
    }

    [Fact]
    public void What_is_limited_is_requested()
    {
        var pod = Written.Create(ApiResources.Pods, Written.With(Manifests.Pod("web"), "spec/containers/0/resources", """{"limits":{"cpu":"1","memory":"1Gi"}}"""));

        Assert.Equal("1", pod.Items("spec", "containers").Single().Text("resources", "requests", "cpu"));
        Assert.Equal("Guaranteed", pod.Text("status", "qosClass"));
    }

    [Theory]
    [InlineData("spec/containers/0/image", "\"app:2\"")]
    [InlineData("spec/activeDeadlineSeconds", "60")]
    [InlineData("metadata/labels", """{"a":"b"}""")]
    [InlineData("spec/tolerations/2", """{"key":"a","operator":"Exists"}""")]
    public void Some_of_a_pod_may_change(string path, string value) =>
        Assert.Equal("", Written.ChangeError(ApiResources.Pods, Manifests.Pod("web"), pod => Written.Put(pod, path, value)));

    [Theory]
    [InlineData("spec/containers/0/name", "\"other\"")]
    [InlineData("spec/nodeName", "\"node-1\"")]
    [InlineData("spec/restartPolicy", "\"Never\"")]
    [InlineData("spec/containers/1", """{"name":"b","image":"b"}""")]
    public void The_rest_may_not(string path, string value) =>
        Assert.StartsWith("spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,", Written.ChangeError(ApiResources.Pods, Manifests.Pod("web"), pod => Written.Put(pod, path, value)), StringComparison.Ordinal);
}
