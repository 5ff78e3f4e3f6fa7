using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Mesh.Webhooks;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Tests.Mesh;

public sealed class MutatingWebhookTests
{
    [Theory]
    [InlineData("""{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}""", true)]
    [InlineData("""{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*"]}""", true)]
    [InlineData("""{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*/*"]}""", true)]
    [InlineData("""{"operations":["UPDATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}""", false)]
    [InlineData("""{"operations":["CREATE"],"apiGroups":["apps"],"apiVersions":["v1"],"resources":["pods"]}""", false)]
    [InlineData("""{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v2"],"resources":["pods"]}""", false)]
    [InlineData("""{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods/status"]}""", false)]
    [InlineData("""{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"],"scope":"Cluster"}""", false)]
    [InlineData("""{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"],"scope":"Namespaced"}""", true)]
    public void Rules_say_what_a_webhook_is_about(string rule, bool matches) => Assert.Equal(matches, Matches(rule: rule));

    [Theory]
    [InlineData("null", true)]
    [InlineData("{}", true)]
    [InlineData("""{"matchLabels":{"team":"blue"}}""", true)]
    [InlineData("""{"matchLabels":{"team":"red"}}""", false)]
    [InlineData("""{"matchExpressions":[{"key":"team","operator":"DoesNotExist"}]}""", false)]
    [InlineData("""{"matchExpressions":[{"key":"team","operator":"Wrong"}]}""", false)]
    public void Both_selectors_must_fit(string selector, bool matches)
    {
        Assert.Equal(matches, Matches(namespaceSelector: selector));
        Assert.Equal(matches, Matches(objectSelector: selector));
    }

    private static bool Matches(string? rule = null, string? namespaceSelector = null, string? objectSelector = null)
    {
        var configuration = Stored(ApiResources.MutatingWebhookConfigurations, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "one" },
            ["webhooks"] = new JsonArray(new JsonObject
            {
                ["name"] = "one.example",
                ["rules"] = new JsonArray(JsonNode.Parse(rule ?? """{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*"]}""")),
                ["namespaceSelector"] = JsonNode.Parse(namespaceSelector ?? "{}"),
                ["objectSelector"] = JsonNode.Parse(objectSelector ?? "{}"),
            }),
        });
        var home = Stored(ApiResources.Namespaces, Labelled("shop"));
        return MutatingWebhook.ReadAll(configuration).Single().Matches(new AdmissionRequest("CREATE", ApiResources.Pods, "shop", Labelled("web"), null), home);
    }

    private static JsonObject Labelled(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["team"] = "blue" } } };

    private static StoredObject Stored(ApiResource resource, JsonObject content) => new ObjectStore().Draft(resource, content);
}
