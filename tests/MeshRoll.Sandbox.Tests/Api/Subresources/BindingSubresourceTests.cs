using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api.Subresources;

public sealed class BindingSubresourceTests
{
    private readonly TestServer _server = new();

    [Fact]
    public async Task A_pod_finds_its_node_once()
    {
        _server.Add(ApiResources.Pods, "a", Manifests.Pod("a"));
        var first = await BindAsync("node-1");
        var second = await BindAsync("node-2");

        Assert.Equal((201, "Success"), (first.Status, first.Json().Text("status")));
        var pod = _server.Find(ApiResources.Pods, "a")!.ToJson();
        Assert.Equal("node-1", pod.Text("spec", "nodeName"));
        Assert.Contains(pod.Items("status", "conditions"), condition => condition.Text("type") == "PodScheduled" && condition.Text("status") == "True");
        Assert.Equal((409, "Operation cannot be fulfilled on pods/binding \"a\": pod a is already assigned to node \"node-1\""), (second.Status, second.Message()));
    }

    [Fact]
    public async Task A_binding_names_a_node()
    {
        _server.Add(ApiResources.Pods, "a", Manifests.Pod("a"));

        Assert.Equal((422, "Binding \"a\" is invalid: target.name: Required value"), (await BindAsync("")) is var answer ? (answer.Status, answer.Message()) : default);
    }

    private Task<MemoryResponse> BindAsync(string node) =>
        _server.PostAsync($"{Manifests.Pods}/a/binding", $$$"""{"apiVersion":"v1","kind":"Binding","metadata":{"name":"a"},"target":{"kind":"Node","name":"{{{node}}}"}}""");
}
