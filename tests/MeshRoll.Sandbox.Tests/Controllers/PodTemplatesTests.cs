using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Tests.Controllers;

public sealed class PodTemplatesTests
{
    [Theory]
    [InlineData("""{"spec":{"template":{"spec":{"nodeName":"one"}},"replicas":1}}""", """{"nodeName":"one"}""")]
    [InlineData("""{"data":{"template":{"spec":{"nodeName":"wrong"}}},"spec":{"other":[{"template":{}}],"inner":{"template":{"spec":{"nodeName":"wrong"}}},"template":{"spec":{"nodeName":"one"}}}}""", """{"nodeName":"one"}""")]
    [InlineData("""{"template":{"spec":{"nodeName":"wrong"}},"spec":{"replicas":1}}""", "{}")]
    [InlineData("""{"spec":{"template":"none"}}""", "{}")]
    [InlineData("""{"spec":{"template":null}}""", "{}")]
    [InlineData("""{"spec":{}}""", "{}")]
    [InlineData("""{"spec":"none"}""", "{}")]
    [InlineData("{}", "{}")]
    public void A_pod_has_the_spec_of_its_owners_template(string owner, string spec) => Assert.Equal(spec, Make(owner)["spec"]!.ToJsonString());

    [Fact]
    public void And_its_labels_annotations_and_finalizers_but_not_its_name()
    {
        var pod = Make("""{"spec":{"template":{"metadata":{"name":"template","labels":{"app":"web"},"annotations":{"a":"b"},"finalizers":["f"]},"spec":{"containers":[]}}}}""");

        Assert.Equal("""{"generateName":"web-","labels":{"app":"web"},"annotations":{"a":"b"},"finalizers":["f"]}""", Without(pod.Object("metadata"), "ownerReferences"));
        Assert.Equal("web", pod["metadata"].Items("ownerReferences").Single().Text("name"));
        Assert.Equal("""{"containers":[]}""", pod["spec"]!.ToJsonString());
    }

    private static JsonObject Make(string owner)
    {
        var json = JsonNode.Parse(owner)!.AsObject();
        json["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "shop", ["uid"] = "1" };
        return PodTemplates.Of(new ObjectStore().Draft(ApiResources.ReplicaSets, json)).Make(generateName: "web-");
    }

    private static string Without(JsonObject json, string name)
    {
        json = json.DeepClone().AsObject();
        json.Remove(name);
        return json.ToJsonString();
    }
}
