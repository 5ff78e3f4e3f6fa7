using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class PatchObjectTests
{
    private readonly TestServer _server = new();
    private readonly string _path = $"{Manifests.Deployments}/web";

    public PatchObjectTests() => _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web"));

    [Theory]
    [InlineData("strategic", """{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"app:2"}]}}}}""")]
    [InlineData("merge", """{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"app:2"}]}}}}""")]
    [InlineData("json", """[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"app:2"}]""")]
    public async Task All_three_forms_change_an_object(string form, string patch)
    {
        var answer = form == "strategic" ? await _server.SendAsync("PATCH", _path, patch, "application/strategic-merge-patch+json") : await _server.PatchAsync(_path, patch, form);

        Assert.Equal(200, answer.Status);
        var web = _server.Find(ApiResources.Deployments, "web")!;
        Assert.Equal(("app:2", 2L), (web.ToJson().Items("spec", "template", "spec", "containers").Single().Text("image"), web.Generation));
        Assert.Equal(web.Json.ToArray(), answer.Bytes);
    }

    [Fact]
    public async Task A_restart_is_one_annotation_on_the_template()
    {
        await _server.SendAsync("PATCH", _path, """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-03-01T12:00:00Z"}}}}}""", "application/strategic-merge-patch+json");
        var second = await _server.SendAsync("PATCH", _path, """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-03-01T12:00:00Z"}}}}}""", "application/strategic-merge-patch+json");

        Assert.Equal((200, 2L), (second.Status, second.Json().Number("metadata", "generation")));
    }

    [Fact]
    public async Task A_patch_that_names_a_version_means_that_version()
    {
        var answer = await _server.PatchAsync(_path, """{"metadata":{"resourceVersion":"1"},"spec":{"replicas":2}}""");

        Assert.Equal((409, "Conflict"), (answer.Status, answer.Reason()));
    }

    [Fact]
    public async Task A_dry_run_shows_the_change_and_keeps_nothing()
    {
        var answer = await _server.PatchAsync($"{_path}?dryRun=All", """{"spec":{"replicas":5}}""");

        Assert.Equal(5L, answer.Json().Number("spec", "replicas"));
        Assert.Equal(1L, _server.Find(ApiResources.Deployments, "web")!.ToJson().Number("spec", "replicas"));
    }

    [Fact]
    public async Task The_manager_is_noted()
    {
        await _server.PatchAsync($"{_path}?fieldManager=meshroll", """{"spec":{"replicas":5}}""");

        Assert.Contains(_server.Find(ApiResources.Deployments, "web")!.ToJson().Items("metadata", "managedFields"), entry => entry.Text("manager") == "meshroll");
    }

    [Theory]
    [InlineData("application/json-patch+json", """[{"op":"remove","path":"/spec/none"}]""", 422, "the server rejected our request due to an error in our request")]
    [InlineData("application/merge-patch+json", """{"spec":{"replicas":-1}}""", 422, "Deployment.apps \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("application/merge-patch+json", """{"metadata":{"name":"b"}}""", 422, "Deployment.apps \"b\" is invalid: metadata.name: Invalid value: \"b\": field is immutable")]
    [InlineData("application/merge-patch+json", "[]", 500, "Invalid JSON Patch")]
    [InlineData("application/strategic-merge-patch+json", "[]", 400, "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData("application/apply-patch+yaml", "a: b", 415, "the sandbox does not offer server-side apply: apply without --server-side, or send a merge patch")]
    [InlineData("application/json", "{}", 415, "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json")]
    public async Task A_patch_that_is_none_or_does_not_fit_is_refused(string form, string patch, int status, string message)
    {
        var answer = await _server.SendAsync("PATCH", _path, patch, form);

        Assert.Equal((status, message), (answer.Status, answer.Message()));
    }

    [Fact]
    public async Task A_patch_to_a_value_of_a_wrong_type_is_refused()
    {
        var answer = await _server.PatchAsync(_path, """{"spec":{"replicas":"many"}}""");

        Assert.Equal(422, answer.Status);
        Assert.StartsWith(" \"\" is invalid: patch: Invalid value: \"{\\\"apiVersion\\\":\\\"apps/v1\\\"", answer.Message(), StringComparison.Ordinal);
        Assert.EndsWith("json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32", answer.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Custom_resources_know_no_strategic_patch()
    {
        _server.Add(ApiResources.ArgoRollouts, "web", """{"spec":{"replicas":1}}""");
        var path = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web";
        var strategic = await _server.SendAsync("PATCH", path, """{"spec":{"restartAt":"now"}}""", "application/strategic-merge-patch+json");
        var merge = await _server.PatchAsync(path, """{"spec":{"restartAt":"2026-03-01T12:00:00Z"}}""");

        Assert.Equal(415, strategic.Status);
        Assert.Equal((200, 2L), (merge.Status, merge.Json().Number("metadata", "generation")));
    }

    [Fact]
    public async Task The_status_is_patched_by_its_own_path()
    {
        await _server.PatchAsync($"{_path}/status", """{"status":{"replicas":4},"spec":{"replicas":4}}""");

        var web = _server.Find(ApiResources.Deployments, "web")!.ToJson();
        Assert.Equal((4L, 1L), (web.Number("status", "replicas"), web.Number("spec", "replicas")));
    }
}
