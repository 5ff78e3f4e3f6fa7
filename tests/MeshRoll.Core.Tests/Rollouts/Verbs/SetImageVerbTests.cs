using System.Text.Json.Nodes;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Tests.Rollouts.Verbs;

public class SetImageVerbTests
{
    [Theory]
    [InlineData("app=app:2", "app app:1 → app:2", "containers/0=app:2")]
    [InlineData("setup=init:2", "setup init:1 → init:2", "initContainers/0=init:2")]
    [InlineData("app=app:2 setup=init:2", "app app:1 → app:2, setup init:1 → init:2", "containers/0=app:2 initContainers/0=init:2")]
    [InlineData("*=all:2", "app app:1 → all:2, setup init:1 → all:2", "containers/0=all:2 initContainers/0=all:2")]
    [InlineData("app=app:1 setup=init:2", "setup init:1 → init:2", "initContainers/0=init:2")]
    public void Only_images_that_differ_are_set_each_where_its_container_stands(string images, string words, string patch)
    {
        var change = Assert.IsType<VerbVerdict.Change>(Verb(images).Decide(Whole.Facts(Whole.Workload(Whole.Web, Whole.Template()))));

        Assert.Equal(($"Set image {words}", $"image set: {words}"), (change.Action, change.Message));
        var operations = JsonNode.Parse(change.Patch.Json.Span)!.AsArray();
        Assert.Equal(patch, string.Join(' ', operations.Where(operation => (string)operation!["op"]! == "replace")
            .Select(operation => $"{((string)operation!["path"]!)["/spec/template/spec/".Length..^"/image".Length]}={operation["value"]}")));
        Assert.All(operations.Where(operation => (string)operation!["op"]! == "test"), test => Assert.EndsWith("/name", (string)test!["path"]!, StringComparison.Ordinal));
        Assert.Equal(operations.Count / 2, operations.Count(operation => (string)operation!["op"]! == "test"));
    }

    [Theory]
    [InlineData("app=app:1")]
    [InlineData("app=app:1 setup=init:1")]
    public void Images_that_are_there_already_leave_nothing_to_do(string images) =>
        Assert.Equal("its images are these already", Assert.IsType<VerbVerdict.Skip>(Verb(images).Decide(Whole.Facts(Whole.Workload(Whole.Web, Whole.Template())))).Because);

    [Fact]
    public void A_name_that_fits_no_container_is_refused_with_those_there_are()
    {
        var refusal = Assert.Throws<VerbRefusedException>(() => Verb("app=app:2 ap=x").Decide(Whole.Facts(Whole.Workload(Whole.Web, Whole.Template()))));
        Assert.Equal(("MeshRoll.ContainerNotFound", "shop deployment/web has no container 'ap'; there are app, setup (init). Nothing was changed."), (refusal.Id, refusal.Message));
    }

    [Fact]
    public void An_injected_sidecar_is_told_apart_from_a_wrong_name() =>
        Assert.Contains("injected when a pod is made", Assert.Throws<VerbRefusedException>(() => Verb("istio-proxy=x").Decide(Whole.Facts(Whole.Workload(Whole.Web, Whole.Template())))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_Argo_Rollout_that_borrows_its_template_is_refused_with_the_lender()
    {
        var rollout = Whole.Workload(Whole.Canary, Whole.Template());
        rollout["spec"]!.AsObject().Remove("template");
        rollout["spec"]!["workloadRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = "web" };
        var whole = Whole.Raw(rollout);

        var refusal = Assert.Throws<VerbRefusedException>(() => Verb("app=app:2").Decide(new(new(Whole.Canary, whole, []), whole.As(Resources.ArgoRollouts))));

        Assert.Equal(VerbRefusedException.NotSupported, refusal.Id);
        Assert.Contains("from another workload, web; set them there", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "No image was given")]
    [InlineData("*=a app=b", "no other name can stand beside it")]
    [InlineData("app=", "'' for the container app is no image")]
    [InlineData("=a", "a container without a name")]
    public void What_names_no_image_or_no_container_is_refused_before_anything_is_asked(string images, string expected)
    {
        var refusal = Assert.Throws<InvalidRequestException>(() => Verb(images));
        Assert.Equal("MeshRoll.ImageInvalid", refusal.Id);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_has_no_blanks() => Assert.Throws<InvalidRequestException>(() => SetImageVerb.Of(new Dictionary<string, string> { ["app"] = "app: 2" }));

    [Theory]
    [InlineData("Pod")]
    [InlineData("ReplicaSet")]
    public void Kinds_without_a_rollout_are_refused(string kind) => Assert.NotNull(Verb("a=b").RefuseKind(new WorkloadReference("shop", kind, "x")));

    private static SetImageVerb Verb(string images) =>
        SetImageVerb.Of(images.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]));
}
