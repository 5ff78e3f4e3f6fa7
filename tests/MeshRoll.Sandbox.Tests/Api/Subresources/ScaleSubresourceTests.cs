using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api.Subresources;

public sealed class ScaleSubresourceTests
{
    private readonly TestServer _server = new();
    private readonly string _path = $"{Manifests.Deployments}/web/scale";

    public ScaleSubresourceTests() => _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web", "\"replicas\":3"));

    [Fact]
    public async Task The_scale_says_how_many_are_wanted_and_there()
    {
        _server.Cluster.Change(_server.Find(ApiResources.Deployments, "web")!, json => json["status"] = new System.Text.Json.Nodes.JsonObject { ["replicas"] = 2 }, Sandbox.Writing.UpdatePart.Status);
        var scale = await _server.GetJsonAsync(_path);

        var web = _server.Find(ApiResources.Deployments, "web")!;
        Assert.Equal(("Scale", "autoscaling/v1", "web", "shop"), (scale.Text("kind"), scale.Text("apiVersion"), scale.Text("metadata", "name"), scale.Text("metadata", "namespace")));
        Assert.Equal((web.Uid, web.Version.ToString()), (scale.Text("metadata", "uid"), scale.Text("metadata", "resourceVersion")));
        Assert.Equal((3L, 2L, "app=web"), (scale.Number("spec", "replicas"), scale.Number("status", "replicas"), scale.Text("status", "selector")));
    }

    [Fact]
    public async Task Writing_it_changes_the_replicas_alone()
    {
        var scale = await _server.GetJsonAsync(_path);
        scale.AsObject().Object("spec")["replicas"] = 5;
        var answer = await _server.PutAsync(_path, scale.ToJsonString());

        Assert.Equal((200, 5L), (answer.Status, answer.Json().Number("spec", "replicas")));
        Assert.Equal((5L, 2L), (_server.Find(ApiResources.Deployments, "web")!.ToJson().Number("spec", "replicas"), _server.Find(ApiResources.Deployments, "web")!.Generation));
    }

    [Theory]
    [InlineData("merge", """{"spec":{"replicas":0}}""")]
    [InlineData("strategic-merge", """{"spec":{"replicas":0}}""")]
    [InlineData("json", """[{"op":"replace","path":"/spec/replicas","value":0}]""")]
    public async Task It_is_patched_in_all_forms_and_leaves_out_none(string form, string patch)
    {
        var answer = await _server.PatchAsync(_path, patch, form);

        Assert.Equal((200, "{}"), (answer.Status, answer.Json()["spec"]!.ToJsonString()));
        Assert.Equal(0L, _server.Find(ApiResources.Deployments, "web")!.ToJson().Number("spec", "replicas"));
    }

    [Fact]
    public async Task An_old_version_is_a_conflict()
    {
        var scale = await _server.GetJsonAsync(_path);
        await _server.PatchAsync(_path, """{"spec":{"replicas":7}}""");
        var answer = await _server.PutAsync(_path, scale.ToJsonString());

        Assert.Equal((409, "Conflict"), (answer.Status, answer.Reason()));
    }

    [Fact]
    public async Task A_negative_scale_is_refused()
    {
        var answer = await _server.PatchAsync(_path, """{"spec":{"replicas":-1}}""");

        Assert.Equal((422, "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0"), (answer.Status, answer.Message()));
    }

    [Theory]
    [InlineData("GET", "/apis/apps/v1/namespaces/shop/deployments/none/scale", 404)]
    [InlineData("GET", "/apis/apps/v1/namespaces/shop/daemonsets/log/scale", 404)]
    [InlineData("DELETE", "/apis/apps/v1/namespaces/shop/deployments/web/scale", 405)]
    public async Task What_has_no_scale_says_so(string method, string path, int status) => Assert.Equal(status, (await _server.SendAsync(method, path)).Status);
}
