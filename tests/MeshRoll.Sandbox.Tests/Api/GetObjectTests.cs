using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class GetObjectTests
{
    private readonly TestServer _server = new();

    [Fact]
    public async Task An_object_is_answered_as_it_is_kept()
    {
        var kept = _server.Add(ApiResources.ConfigMaps, "settings", """{"data":{"mode":"on"}}""");

        var answer = await _server.GetAsync("/api/v1/namespaces/shop/configmaps/settings");

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(kept.Json.ToArray(), answer.Bytes);
    }

    [Fact]
    public async Task A_missing_object_is_told_as_the_real_server_tells_it()
    {
        var answer = await _server.GetAsync("/apis/apps/v1/namespaces/shop/deployments/cart");

        Assert.Equal(404, answer.Status);
        Assert.Equal("""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"deployments.apps \"cart\" not found","reason":"NotFound","details":{"name":"cart","group":"apps","kind":"deployments"},"code":404}""", answer.Text);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/api/v1/namespaces/shop/things")]
    [InlineData("/apis/none.io/v1/things")]
    [InlineData("/api/v1/namespaces/shop/configmaps/settings/status")]
    [InlineData("/api/v1/namespaces/shop/nodes/one")]
    public async Task An_unknown_path_is_not_found(string path)
    {
        var answer = await _server.GetAsync(path);

        Assert.Equal((404, "NotFound", "the server could not find the requested resource"), (answer.Status, answer.Reason(), answer.Message()));
    }

    [Fact]
    public async Task A_version_that_is_not_there_yet_is_asked_for_again()
    {
        _server.Add(ApiResources.ConfigMaps, "settings");
        var answer = await _server.GetAsync("/api/v1/namespaces/shop/configmaps/settings?resourceVersion=999999");

        Assert.Equal(504, answer.Status);
        Assert.Equal($"Too large resource version: 999999, current: {_server.Cluster.Store.Version}", answer.Message());
        Assert.Equal("1", answer.Headers["Retry-After"]);
    }
}
