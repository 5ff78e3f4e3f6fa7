using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Api.PortForwarding;
using MeshRoll.Sandbox.Mesh.Istio;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Mesh;

public sealed class IstiodPortsTests
{
    private readonly MeshWorld _mesh = new MeshWorld().Install(MeshWorld.Old).Install(MeshWorld.New);

    [Theory]
    [InlineData(8080)]
    [InlineData(15014)]
    public async Task An_old_istiod_tells_pairs_of_keys(int port)
    {
        Inject("istio-injection", "enabled");
        var (head, body) = await AskAsync("istiod-1", port, "/debug/syncz");

        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", head, StringComparison.Ordinal);
        var proxy = JsonNode.Parse(body)!.AsArray().Single();
        Assert.Equal("web.shop", proxy.Text("proxy"));
        Assert.NotEmpty(proxy.Text("cluster_sent")!);
    }

    [Fact]
    public async Task A_new_one_tells_resources_by_type()
    {
        Inject("istio.io/rev", "1-27");
        var (_, body) = await AskAsync("istiod-1-27-1", 15014, "/debug/syncz");

        var proxy = JsonNode.Parse(body)!.AsArray().Single();
        Assert.NotNull(proxy.At("resources", "type.googleapis.com/envoy.config.cluster.v3.Cluster"));
        Assert.Null(proxy.Text("cluster_sent"));
    }

    [Theory]
    [InlineData("shop", 1)]
    [InlineData("bank", 0)]
    [InlineData("", 1)]
    public async Task It_may_be_asked_about_one_namespace(string space, int proxies)
    {
        Inject("istio-injection", "enabled");
        var (_, body) = await AskAsync("istiod-1", 15014, $"/debug/syncz?namespace={space}");
        Assert.Equal(proxies, JsonNode.Parse(body)!.AsArray().Count);
    }

    [Fact]
    public async Task Other_paths_are_not_found_and_readiness_is()
    {
        Assert.StartsWith("HTTP/1.1 404 ", (await AskAsync("istiod-1", 8080, "/debug/none")).Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", (await AskAsync("istiod-1", 8080, "/ready")).Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("401", "HTTP/1.1 401 ", "")]
    [InlineData("garbage", "HTTP/1.1 200 ", "<html>")]
    [InlineData("whatever", "HTTP/1.1 200 ", "[")]
    public async Task An_istiod_answers_otherwise_when_its_annotation_says_so(string behaviour, string head, string body)
    {
        Annotate(behaviour);
        var answer = await AskAsync("istiod-1", 15014, "/debug/syncz");
        Assert.StartsWith(head, answer.Head, StringComparison.Ordinal);
        Assert.StartsWith(body, answer.Body, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", (await AskAsync("istiod-1", 15014, "/ready")).Head, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_one_does_not_listen()
    {
        Annotate("closed");
        Assert.Null(Ports.Find(Pod("istio-system", "istiod-1"), 15014));
        Assert.Null(Ports.Find(Pod("istio-system", "istiod-1"), 8080));
    }

    [Theory]
    [InlineData("istio-system", "istiod-1", 9090)]
    [InlineData("shop", "web", 15014)]
    public void Nobody_listens_elsewhere(string space, string pod, int port)
    {
        Inject("istio-injection", "enabled");
        Assert.Null(Ports.Find(Pod(space, pod), port));
    }

    private IstiodPorts Ports => new(_mesh.Cluster, _mesh.Mesh.ProxySync);

    private void Annotate(string behaviour) => _mesh.Cluster.Simulation.Enter(() =>
        _mesh.Cluster.Change(Pod("istio-system", "istiod-1"), pod => pod.Object("metadata", "annotations")[IstiodPorts.Annotation] = behaviour));

    private void Inject(string label, string value)
    {
        _mesh.Label("shop", label, value);
        _mesh.Create(new PodBuilder());
        _mesh.World.Settle();
    }

    private StoredObject Pod(string space, string name) => _mesh.Cluster.Store.Find(ApiResources.Pods, space, name)!;

    private async Task<(string Head, string Body)> AskAsync(string istiod, int port, string path)
    {
        var answer = new StringBuilder();
        using var stream = new ForwardedStream((bytes, _) =>
        {
            answer.Append(Encoding.UTF8.GetString(bytes.Span));
            return Task.CompletedTask;
        });
        await stream.ArriveAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), CancellationToken.None);
        stream.End();
        await Ports.Find(Pod("istio-system", istiod), port)!(stream, CancellationToken.None);
        var parts = answer.ToString().Split("\r\n\r\n", 2);
        return (parts[0] + "\r\n", parts[1]);
    }
}
