using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class NonResourcePathsTests
{
    private readonly TestServer _server = new();

    [Theory]
    [InlineData("/healthz", "ok")]
    [InlineData("/livez", "ok")]
    [InlineData("/readyz/ping", "ok")]
    [InlineData("/readyz?verbose=1", "[+]ping ok\n[+]log ok\n[+]etcd ok\n[+]informer-sync ok\n[+]poststarthook/generic-apiserver-start-informers ok\nreadyz check passed\n")]
    public async Task Health_is_plain_text(string path, string text)
    {
        var answer = await _server.GetAsync(path);

        Assert.Equal((200, "text/plain; charset=utf-8", text), (answer.Status, answer.ContentType, answer.Text));
    }

    [Fact]
    public async Task The_version_is_that_of_a_kubernetes() => Assert.StartsWith("v1.", (await _server.GetJsonAsync("/version")).Text("gitVersion"), StringComparison.Ordinal);

    [Theory]
    [InlineData("/api", "APIVersions")]
    [InlineData("/apis", "APIGroupList")]
    [InlineData("/apis/apps", "APIGroup")]
    [InlineData("/apis/apps/v1", "APIResourceList")]
    [InlineData("/api/v1/", "APIResourceList")]
    public async Task Discovery_says_what_is_served(string path, string kind) => Assert.Equal(kind, (await _server.GetJsonAsync(path)).Text("kind"));

    [Fact]
    public async Task Everything_that_discovery_names_is_served()
    {
        foreach (var group in (string[])["/api/v1", .. Groups(await _server.GetJsonAsync("/apis"))])
        {
            foreach (var resource in (await _server.GetJsonAsync(group)).Items("resources"))
            {
                var name = resource.Text("name")!;
                if (name.Contains('/') || resource["verbs"]!.AsArray().All(verb => verb!.GetValue<string>() != "list")) continue;
                Assert.Equal(200, (await _server.GetAsync($"{group}/{name}")).Status);
            }
        }
    }

    [Fact]
    public async Task New_clients_learn_everything_at_once()
    {
        var answer = await _server.GetAsync("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json");

        Assert.Equal("APIGroupDiscoveryList", answer.Json().Text("kind"));
        Assert.Contains("as=APIGroupDiscoveryList", answer.ContentType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_names_the_paths() => Assert.Contains("/apis/apps/v1", (await _server.GetJsonAsync("/"))["paths"]!.AsArray().Select(path => path!.GetValue<string>()));

    [Theory]
    [InlineData("GET", "/openapi/v3", 404)]
    [InlineData("GET", "/openapi/v2", 200)]
    [InlineData("GET", "/healthz/none", 404)]
    [InlineData("GET", "/apis/none/v1", 404)]
    [InlineData("POST", "/version", 405)]
    public async Task Other_paths_answer_fittingly(string method, string path, int status) => Assert.Equal(status, (await _server.SendAsync(method, path)).Status);

    private static IEnumerable<string> Groups(JsonNode list) =>
        list.Items("groups").SelectMany(group => group.Items("versions")).Select(version => $"/apis/{version.Text("groupVersion")}");
}
