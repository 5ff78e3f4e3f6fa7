using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Tests.Builders;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Models;

public sealed class RawObjectTests
{
    private const string Web = """
        {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","namespace":"shop","uid":"u","generation":3,
        "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","team":"a"}},
        "spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"app","image":"app:1","env":[{"name":"A","value":"1"}]}],"volumes":[{"name":"v","emptyDir":{}}]}},"progressDeadlineSeconds":null}}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_the_server_wrote_is_there_and_a_model_can_be_had_from_it()
    {
        var server = InTurn(Answer(Web));
        await using var client = server.NewClient();

        var whole = await client.GetAsync(Resources.Deployments.Raw, "shop", "web", Cancel);

        Assert.Equal(("web", 3L, "u"), (whole.Metadata.Name, whole.Metadata.Generation, whole.Metadata.Uid));
        Assert.Equal("""[{"name":"v","emptyDir":{}}]""", whole.At("spec", "template", "spec", "volumes")?.GetRawText());
        Assert.Equal("{}", whole.At("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")?.GetString());
        Assert.Null(whole.At("spec", "progressDeadlineSeconds"));
        Assert.Null(whole.At("spec", "nothing", "further"));
        var model = whole.As(Resources.Deployments);
        Assert.Equal((2, "app:1"), (model.Spec.Replicas, model.Spec.Template.Spec.Containers[0].Image));
        Assert.Equal("apis/apps/v1/namespaces/shop/deployments/web", Assert.Single(server.Asked).Path);
    }

    [Fact]
    public async Task Lists_are_read_whole_too()
    {
        var server = InTurn(Answer($$"""{"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{"resourceVersion":"5"},"items":[{{Web}}]}"""));
        await using var client = server.NewClient();

        var found = new List<RawObject>();
        await foreach (var item in client.ListAsync(Resources.Deployments.Raw, "shop", cancellationToken: Cancel)) found.Add(item);

        Assert.Equal("app:1", Assert.Single(found).At("spec", "template", "spec", "containers")?[0].GetProperty("image").GetString());
    }

    [Fact]
    public async Task An_answer_of_another_kind_is_not_taken_for_it()
    {
        var server = new ScriptedServer(_ => Answer("""{"kind":"Secret","metadata":{"name":"web"}}"""));
        await using var client = server.NewClient();
        await Assert.ThrowsAsync<ApiProtocolException>(() => client.GetAsync(Resources.Deployments.Raw, "shop", "web", Cancel));
    }

    [Fact]
    public async Task A_ControllerRevision_keeps_its_data_as_it_stands()
    {
        var server = InTurn(Answer("""{"kind":"ControllerRevision","apiVersion":"apps/v1","metadata":{"name":"db-h1"},"data":{"spec":{"template":{"$patch":"replace","x":[1]}}},"revision":7}"""));
        await using var client = server.NewClient();

        var revision = await client.GetAsync(Resources.ControllerRevisions, "shop", "db-h1", Cancel);

        Assert.Equal((7L, """{"spec":{"template":{"$patch":"replace","x":[1]}}}"""), (revision.Revision, revision.Data.GetRawText()));
    }
}
