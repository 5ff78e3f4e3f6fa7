using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class UpdateObjectTests
{
    private readonly TestServer _server = new();

    [Fact]
    public async Task A_replaced_object_keeps_who_it_is_and_counts_its_generation()
    {
        var before = _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web"));
        var answer = await _server.PutAsync($"{Manifests.Deployments}/web", Manifests.Deployment("web", "\"replicas\":3"));

        Assert.Equal(200, answer.Status);
        var after = _server.Find(ApiResources.Deployments, "web")!;
        Assert.Equal((before.Uid, 2L, 3L), (after.Uid, after.Generation, after.ToJson().Number("spec", "replicas")));
        Assert.True(after.Version > before.Version);
    }

    [Fact]
    public async Task Nothing_changed_writes_nothing()
    {
        var before = _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web"));
        var answer = await _server.PutAsync($"{Manifests.Deployments}/web", Manifests.Deployment("web"));

        Assert.Equal(200, answer.Status);
        Assert.Equal(before.Version, _server.Find(ApiResources.Deployments, "web")!.Version);
    }

    [Fact]
    public async Task An_old_version_is_a_conflict()
    {
        var old = _server.Add(ApiResources.ConfigMaps, "a", """{"data":{"x":"1"}}""");
        await _server.PatchAsync($"{Manifests.ConfigMaps}/a", """{"data":{"x":"2"}}""");
        var body = old.ToJson();
        body.Object("data")["x"] = "3";
        var answer = await _server.PutAsync($"{Manifests.ConfigMaps}/a", body.ToJsonString());

        Assert.Equal((409, "Conflict"), (answer.Status, answer.Reason()));
        Assert.Equal("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again", answer.Message());
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"b"}}""", 400, "the name of the object (b) does not match the name on the URL (a)")]
    [InlineData("""{"metadata":{}}""", 400, "the name of the object (a based on URL) was undeterminable: name must be provided")]
    [InlineData("""{"metadata":{"name":"a","namespace":"park"}}""", 400, "the namespace of the object (park) does not match the namespace on the request (shop)")]
    public async Task The_path_says_which_object_is_meant(string body, int status, string message)
    {
        _server.Add(ApiResources.ConfigMaps, "a");
        var answer = await _server.PutAsync($"{Manifests.ConfigMaps}/a", body);

        Assert.Equal((status, message), (answer.Status, answer.Message()));
    }

    [Fact]
    public async Task Another_uid_is_another_object()
    {
        var stored = _server.Add(ApiResources.ConfigMaps, "a");
        var answer = await _server.PutAsync($"{Manifests.ConfigMaps}/a", """{"metadata":{"name":"a","uid":"other"}}""");

        Assert.Equal((409, $"Operation cannot be fulfilled on configmaps \"a\": Precondition failed: UID in precondition: other, UID in object meta: {stored.Uid}"), (answer.Status, answer.Message()));
    }

    [Fact]
    public async Task Most_kinds_are_not_made_by_replacing_them_but_leases_are()
    {
        var missing = await _server.PutAsync($"{Manifests.ConfigMaps}/a", Manifests.ConfigMap("a"));
        var lease = await _server.PutAsync("/apis/coordination.k8s.io/v1/namespaces/shop/leases/a", """{"metadata":{"name":"a"},"spec":{"holderIdentity":"me"}}""");

        Assert.Equal((404, "configmaps \"a\" not found"), (missing.Status, missing.Message()));
        Assert.Equal(201, lease.Status);
    }

    [Fact]
    public async Task Some_kinds_are_not_replaced_blindly()
    {
        _server.Add(ApiResources.PodDisruptionBudgets, "web", """{"spec":{"minAvailable":1}}""");
        var answer = await _server.PutAsync("/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web", """{"metadata":{"name":"web"},"spec":{"minAvailable":2}}""");

        Assert.Equal((422, "PodDisruptionBudget.policy \"web\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update"), (answer.Status, answer.Message()));
    }

    [Fact]
    public async Task The_status_is_written_by_its_own_path_only()
    {
        _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web"));
        var path = $"{Manifests.Deployments}/web";

        await _server.PutAsync(path, Manifests.Deployment("web", "\"replicas\":2").Replace("\"spec\":{", "\"status\":{\"replicas\":9},\"spec\":{", StringComparison.Ordinal));
        Assert.Null(_server.Find(ApiResources.Deployments, "web")!.ToJson().Number("status", "replicas"));

        var answer = await _server.PutAsync($"{path}/status", Manifests.Deployment("web", "\"replicas\":7").Replace("\"spec\":{", "\"status\":{\"replicas\":9},\"spec\":{", StringComparison.Ordinal));
        Assert.Equal(200, answer.Status);
        var web = _server.Find(ApiResources.Deployments, "web")!;
        Assert.Equal((9L, 2L, 2L), (web.ToJson().Number("status", "replicas"), web.ToJson().Number("spec", "replicas"), web.Generation));
        Assert.Equal(web.Json.ToArray(), (await _server.GetAsync($"{path}/status")).Bytes);
    }

    [Fact]
    public async Task The_last_finalizer_of_a_deleted_object_lets_it_go()
    {
        _server.Add(ApiResources.ConfigMaps, "a", """{"metadata":{"finalizers":["example.com/wait"]}}""");
        await _server.DeleteAsync($"{Manifests.ConfigMaps}/a");
        var more = await _server.PatchAsync($"{Manifests.ConfigMaps}/a", """{"metadata":{"finalizers":["example.com/wait","example.com/more"]}}""");
        Assert.NotNull(_server.Find(ApiResources.ConfigMaps, "a"));
        await _server.PatchAsync($"{Manifests.ConfigMaps}/a", """{"metadata":{"finalizers":null}}""");

        Assert.Contains("metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"example.com/more\"}", more.Message(), StringComparison.Ordinal);
        Assert.Null(_server.Find(ApiResources.ConfigMaps, "a"));
    }
}
