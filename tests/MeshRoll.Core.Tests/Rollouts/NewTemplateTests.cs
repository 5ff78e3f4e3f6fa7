using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts;

public class NewTemplateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, Pod, Pod> Pairs => new()
    {
        { "the later of two that look alike", Made("old", Noon), Made("new", Noon.AddSeconds(1)) },
        { "the one with the template's annotation, made in the same second", Made("old", Noon), Made("new", Noon, annotation: "2") },
        { "the one with the template's label, made in the same second", Made("old", Noon), Made("new", Noon, label: "blue") },
        { "the one with the template's image, made in the same second", Made("old", Noon, image: "app:1"), Made("new", Noon, image: "app:2") },
        { "the one with the template's annotation even when it is older, as after an undo", Made("old", Noon.AddSeconds(9), annotation: "1"), Made("new", Noon, annotation: "2") },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Of_two_pods_of_a_Deployment_the_new_one_is(string which, Pod old, Pod @new)
    {
        var deployment = new Deployment { Spec = new() { Template = new() { Metadata = @new.Metadata, Spec = @new.Spec } } };
        deployment = deployment with { Spec = deployment.Spec with { Template = deployment.Spec.Template with { Metadata = Without(@new.Metadata) } } };
        foreach (var pods in (Pod[][])[[old, @new], [@new, old]])
        {
            var template = NewTemplate.Of(deployment, pods);
            Assert.True(template.Made(@new), which);
            Assert.False(template.Made(old), which);
        }
    }

    [Fact]
    public void A_sidecar_and_what_injection_adds_do_not_make_a_pod_look_foreign_and_auto_is_a_place_to_fill()
    {
        var injected = Made("new", Noon, image: "app:2");
        injected = injected with { Spec = new() { Containers = [.. injected.Spec.Containers, new() { Name = "istio-proxy", Image = "istio/proxyv2:1.27.1" }] } };
        var deployment = new Deployment { Spec = new() { Template = new() { Spec = new() { Containers = [new() { Name = "app", Image = "app:2" }, new() { Name = "istio-proxy", Image = "auto" }] } } } };
        Assert.True(NewTemplate.Of(deployment, [Made("old", Noon, image: "app:1"), injected]).Made(injected));
    }

    [Fact]
    public void Where_admission_changed_every_image_age_decides()
    {
        var deployment = new Deployment { Spec = new() { Template = new() { Spec = new() { Containers = [new() { Name = "app", Image = "app:2" }] } } } };
        var mirrored = Made("new", Noon.AddSeconds(1), image: "mirror/app:2");
        Assert.True(NewTemplate.Of(deployment, [Made("old", Noon, image: "mirror/app:1"), mirrored]).Made(mirrored));
    }

    [Theory]
    [InlineData(null, -60, true)]
    [InlineData(0, -60, false)]
    [InlineData(0, 0, true)]
    [InlineData(0, 60, true)]
    [InlineData(0, null, true)]
    public void Of_an_argo_rollout_restarted_with_the_same_template_pods_from_before_the_restart_are_old(int? restart, int? created, bool isNew)
    {
        var pod = new Pod { Metadata = new() { Name = "canary-1", CreationTimestamp = created is { } age ? Noon.AddSeconds(age) : null, Labels = new Dictionary<string, string> { ["rollouts-pod-template-hash"] = "h2" } } };

        Assert.Equal(isNew, NewTemplate.Of((IKubernetesObject)Some.Argo(restartAt: restart is { } at ? Noon.AddSeconds(at) : null), [pod]).Made(pod));
    }

    [Fact]
    public void A_pod_on_its_way_out_does_not_tell_the_newest_template()
    {
        Pod[] pods = [Made("kept", Noon), Made("going", Noon.AddSeconds(9)) with { Metadata = Made("going", Noon.AddSeconds(9)).Metadata with { DeletionTimestamp = Noon } }];

        Assert.Equal("kept", NewTemplate.Of(new Deployment(), pods).Hash);
    }

    [Fact]
    public void Every_kind_but_these_four_has_no_template_to_compare_with()
    {
        Assert.Equal("db-2", NewTemplate.Of((IKubernetesObject)Some.StatefulSet(), []).Hash);
        Assert.Equal("h2", NewTemplate.Of((IKubernetesObject)Some.DaemonSet(), [Some.AgentPod("a")]).Hash);
        Assert.StartsWith("A Pod has no template", Assert.Throws<ArgumentException>(() => NewTemplate.Of(new Pod(), [])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => NewTemplate.Of((IKubernetesObject)null!, []));
    }

    private static ObjectMeta Without(ObjectMeta pod) => pod with { Labels = pod.Labels.Where(label => label.Key != "pod-template-hash").ToDictionary() };

    private static Pod Made(string hash, DateTimeOffset at, string? annotation = null, string? label = null, string image = "app:1") => new()
    {
        Metadata = new()
        {
            Name = $"web-{hash}",
            CreationTimestamp = at,
            Labels = label is null ? new Dictionary<string, string> { ["pod-template-hash"] = hash } : new() { ["pod-template-hash"] = hash, ["release"] = label },
            Annotations = annotation is null ? new Dictionary<string, string>() : new() { ["release"] = annotation },
        },
        Spec = new() { Containers = [new() { Name = "app", Image = image }] },
    };
}
