using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Writing;

public sealed class ClusterWriteTests
{
    private readonly TestServer _server = new();

    [Fact]
    public void What_an_admission_puts_in_is_filled_in_too()
    {
        _server.Cluster.Add(new Injector("""{"name":"proxy","image":"proxy:1","resources":{"requests":{"cpu":"10m"}}}"""));
        var pod = _server.Add(ApiResources.Pods, "web", Manifests.Pod("web")).ToJson();

        var proxy = pod.Items("spec", "containers").Last();
        Assert.Equal(("IfNotPresent", "/dev/termination-log"), (proxy.Text("imagePullPolicy"), proxy.Text("terminationMessagePath")));
        Assert.Equal("Burstable", pod.Text("status", "qosClass"));
    }

    [Fact]
    public void What_an_admission_puts_in_is_checked_too()
    {
        _server.Cluster.Add(new Injector("""{"name":"app","image":"proxy:1"}"""));

        var refusal = Assert.Throws<ApiStatusException>(() => _server.Add(ApiResources.Pods, "web", Manifests.Pod("web")));
        Assert.Equal("Pod \"web\" is invalid: spec.containers[1].name: Duplicate value: \"app\"", refusal.Message);
    }

    [Fact]
    public void A_generated_name_that_is_taken_is_made_anew()
    {
        var suffixes = new Queue<string>(["aaaaa", "aaaaa", "bbbbb"]);
        var metadata = new JsonObject { ["generateName"] = "web-" };
        NewNames.Complete(ApiResources.Pods, "shop", metadata, suffixes.Dequeue, taken: name => name == "web-aaaaa");

        Assert.Equal(("web-bbbbb", "shop"), (metadata.Text("name"), metadata.Text("namespace")));
    }

    [Fact]
    public void A_generated_name_is_never_too_long()
    {
        var metadata = new JsonObject { ["generateName"] = new string('a', 80) };
        NewNames.Complete(ApiResources.Pods, "shop", metadata, () => "bbbbb", taken: _ => false);

        Assert.Equal(63, metadata.Text("name")!.Length);
    }

    [Fact]
    public void What_is_wrong_is_said_before_what_is_there_already()
    {
        _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web"));

        Assert.Equal(422, Assert.Throws<ApiStatusException>(() => _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web", "\"replicas\":-1"))).Code);
        Assert.Equal(409, Assert.Throws<ApiStatusException>(() => _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web"))).Code);
    }

    [Fact]
    public void Whoever_a_write_is_based_on_must_still_be_there()
    {
        var old = _server.Add(ApiResources.ConfigMaps, "a");
        _server.Cluster.Delete(old);
        _server.Add(ApiResources.ConfigMaps, "a");

        Assert.Equal("Conflict", Assert.Throws<ApiStatusException>(() => _server.Cluster.Update(old, old.ToJson())).Reason);
    }

    private sealed class Injector(string container) : IAdmission
    {
        public void Admit(AdmissionRequest request)
        {
            if (request.Resource == ApiResources.Pods && request.Operation == "CREATE") request.Object.List("spec", "containers").Add(JsonNode.Parse(container));
        }
    }
}
