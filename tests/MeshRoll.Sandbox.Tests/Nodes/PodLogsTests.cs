using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Nodes.Logs;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Nodes;

public sealed class PodLogsTests
{
    [Fact]
    public void A_container_says_that_it_starts_and_what_its_annotation_says()
    {
        var world = Running(new PodBuilder().Annotated("log", "listening on :8080\nconnected to the database\n"));
        Assert.Equal(["starting shop/web:1", "listening on :8080", "connected to the database"], Read(world));
    }

    [Fact]
    public void A_proxy_says_that_it_is_ready_or_what_it_waits_for_or_what_its_annotation_says()
    {
        PodBuilder Proxy() => new PodBuilder().With("istio-proxy", "istio/proxyv2:1.27.1").Annotated("faulty-container", "istio-proxy");

        Assert.EndsWith("Envoy proxy is ready", Read(Running(Proxy(), seconds: 8), container: "istio-proxy")[^1], StringComparison.Ordinal);
        Assert.Contains("config not received from XDS server", Read(Running(Proxy().Annotated("never-ready", "true"), seconds: 8), container: "istio-proxy")[^1], StringComparison.Ordinal);
        Assert.Equal("x509: expired", Read(Running(Proxy().Annotated("never-ready", "true").Annotated("log", "x509: expired"), seconds: 8), container: "istio-proxy")[^1]);
    }

    [Theory]
    [InlineData(1, "fatal: cannot go on, ending with exit code 1")]
    [InlineData(137, "starting shop/web:1")]
    [InlineData(0, "finished")]
    public void The_last_line_tells_why_it_ended(int exitCode, string last)
    {
        var world = Running(new PodBuilder().Annotated("crashes-after", "2s").Annotated("exit-code", $"{exitCode}"), seconds: 8);
        Assert.Equal(last, Read(world)[^1]);
        Assert.Equal(last, Read(world, previous: true)[^1]);
    }

    [Theory]
    [InlineData(false, "container \"app\" in pod \"web\" is waiting to start: trying and failing to pull image")]
    [InlineData(true, "previous terminated container \"app\" in pod \"web\" not found")]
    public void A_log_that_does_not_exist_is_refused(bool previous, string message)
    {
        var world = Running(new PodBuilder().Image("shop/does-not-exist:1"), seconds: 8);
        var refusal = Assert.Throws<ApiStatusException>(() => Read(world, previous));
        Assert.Equal((400, message), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task A_followed_log_ends_with_its_container()
    {
        var world = Running(new PodBuilder().Annotated("crashes-after", "5s").RestartPolicy("Never"));
        var lines = new List<string>();
        var following = Task.Run(async () =>
        {
            await foreach (var line in new PodLogs(world.Cluster).FollowAsync(Find(world), "app", 1, TestContext.Current.CancellationToken)) lines.Add(line.Text);
        }, TestContext.Current.CancellationToken);
        world.Run(10);
        await following;
        Assert.Equal(["fatal: cannot go on, ending with exit code 1"], lines);
    }

    private static NodeWorld Running(PodBuilder pod, double seconds = 1)
    {
        var world = new NodeWorld();
        world.Create(pod);
        world.Run(seconds);
        return world;
    }

    private static StoredObject Find(NodeWorld world) => world.Cluster.Store.Find(ApiResources.Pods, "shop", "web")!;

    private static List<string> Read(NodeWorld world, bool previous = false, string container = "app") => [.. new PodLogs(world.Cluster).Read(Find(world), container, previous).Select((PodLogLine line) => line.Text)];
}
