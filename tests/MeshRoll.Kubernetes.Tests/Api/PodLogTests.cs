using System.Net;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Tests.Builders;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Api;

public sealed class PodLogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_log_is_asked_for_by_container_and_bounded_in_lines_and_bytes()
    {
        var server = InTurn(Answer("one\ntwo\n", "text/plain"));
        await using var client = server.NewClient();

        var text = await client.ReadLogAsync("shop", "web-1", new() { Container = "app", TailLines = 5, MaximumBytes = 1000, Previous = true }, Cancel);

        Assert.Equal("one\ntwo\n", text);
        var asked = Assert.Single(server.Asked);
        Assert.Equal(("GET", "api/v1/namespaces/shop/pods/web-1/log"), (asked.Method, asked.Path));
        Assert.Equal(("app", "5", "1000", "true"), (asked["container"], asked["tailLines"], asked["limitBytes"], asked["previous"]));
    }

    [Fact]
    public async Task The_run_before_is_not_asked_for_unless_it_is_wanted()
    {
        var server = InTurn(Answer("", "text/plain"));
        await using var client = server.NewClient();

        Assert.Equal("", await client.ReadLogAsync("shop", "web-1", new() { Container = "app" }, Cancel));
        Assert.Null(server.Asked[0]["previous"]);
    }

    [Fact]
    public async Task A_server_that_sends_more_than_asked_for_is_not_listened_to_any_longer()
    {
        await using var client = InTurn(Answer(new EndlessStream("begin\n", "and on and on\n"), "text/plain")).NewClient();

        var text = await client.ReadLogAsync("shop", "web-1", new() { Container = "app", MaximumBytes = 100 }, Cancel);

        Assert.Equal(100, text.Length);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_do_no_harm()
    {
        await using var client = InTurn(Answer([0x61, 0xFF, 0xFE, 0x62], "text/plain")).NewClient();

        Assert.Equal("a\uFFFD\uFFFDb", await client.ReadLogAsync("shop", "web-1", new() { Container = "app" }, Cancel));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "BadRequest", "MeshRoll.BadRequest")]
    [InlineData(HttpStatusCode.Forbidden, "Forbidden", "MeshRoll.Forbidden")]
    [InlineData(HttpStatusCode.NotFound, "NotFound", "MeshRoll.NotFound")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError", "MeshRoll.ServerError")]
    public async Task A_refusal_tells_whose_log_could_not_be_read(HttpStatusCode code, string reason, string id)
    {
        await using var client = InTurn(Refusal(code, reason, "container \"app\" is waiting to start", "web-1")).NewClient();

        var failure = await Assert.ThrowsAsync<ApiException>(() => client.ReadLogAsync("shop", "web-1", new() { Container = "app" }, Cancel));

        Assert.Equal(id, failure.Id);
        Assert.StartsWith("Cannot get pods/log \"web-1\" in namespace \"shop\": container \"app\" is waiting to start. ", failure.Message, StringComparison.Ordinal);
    }
}
