using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Wire.Requests;

namespace MeshRoll.Sandbox.Tests.Wire.Requests;

public sealed class RequestLogTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RequestLog _log = new(capacity: 100);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_noted_with_what_it_was_about_and_how_it_ended()
    {
        await SendAsync(
            new() { Method = "PATCH", Path = "/apis/apps/v1/namespaces/shop/deployments/cart/scale", Query = [new("dryRun", "All"), new("x", "a b")], Headers = Headers(("User-Agent", "kubectl/1.20"), ("Authorization", "Bearer s3cret")), Body = """{"spec":{}}"""u8.ToArray() },
            FuncHandler.Text("ok"));
        Assert.Equal(
            new SandboxRequest
            {
                Time = _clock.GetUtcNow(),
                Verb = "patch",
                Method = "PATCH",
                Path = "/apis/apps/v1/namespaces/shop/deployments/cart/scale",
                Query = "dryRun=All&x=a b",
                Group = "apps",
                Resource = "deployments",
                Subresource = "scale",
                Namespace = "shop",
                Name = "cart",
                UserAgent = "kubectl/1.20",
                Status = 200,
                DurationMilliseconds = 0,
                Fault = "",
                Body = """{"spec":{}}""",
            },
            Assert.Single(_log.Read()));
    }

    [Theory]
    [InlineData("/api/v1/namespaces/shop/secrets", "application/json", "")]
    [InlineData("/api/v1/namespaces/shop/secrets/tls", "application/json", "")]
    [InlineData("/apis/authentication.k8s.io/v1/tokenreviews", "application/json", "")]
    [InlineData("/api/v1/namespaces/shop/configmaps", "application/vnd.kubernetes.protobuf", "")]
    [InlineData("/api/v1/namespaces/shop/configmaps", "application/json", "{}")]
    [InlineData("/api/v1/namespaces/shop/configmaps", "application/apply-patch+yaml", "{}")]
    public async Task The_body_is_kept_where_it_is_text_and_no_secret(string path, string contentType, string kept)
    {
        await SendAsync(new() { Method = "POST", Path = path, Headers = Headers(("Content-Type", contentType)), Body = "{}"u8.ToArray() }, FuncHandler.Text("ok"));
        Assert.Equal(kept, Assert.Single(_log.Read()).Body);
    }

    [Fact]
    public async Task A_long_body_is_cut_between_characters()
    {
        await SendAsync(new() { Method = "POST", Path = "/", Body = System.Text.Encoding.UTF8.GetBytes("x" + new string('ä', 3000)) }, FuncHandler.Text("ok"));
        Assert.Equal("x" + new string('ä', 2047), Assert.Single(_log.Read()).Body);
    }

    [Fact]
    public async Task An_open_watch_is_listed_without_a_duration_and_counted_until_it_ends()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new LoggingHandler(
            new FuncHandler(async (_, response, token) =>
            {
                await using var stream = await response.BeginAsync(200, "application/json", token);
                began.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }),
            _log,
            _clock);
        await using var server = HttpServer.Start(handler, new());
        var client = new RawClient(server.Port);
        client.Send("GET /apis/apps/v1/deployments?watch=true HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadHead();
        Assert.Equal([new("deployments.apps", 1)], _log.OpenWatches);
        var open = Assert.Single(_log.Read());
        Assert.Equal((200, null), (open.Status, open.DurationMilliseconds));

        _log.Clear();
        Assert.Empty(_log.Read());
        Assert.Equal([new("deployments.apps", 1)], _log.OpenWatches);

        client.Send("GET /apis/apps/v1/deployments?watch=true HTTP/1.1\r\nHost: x\r\n\r\n");
        _clock.Advance(TimeSpan.FromSeconds(2));
        client.Dispose();
        await server.DisposeAsync();
        Assert.Empty(_log.OpenWatches);
        Assert.Empty(_log.Read());
    }

    [Theory]
    [InlineData(false, 500)]
    [InlineData(true, 0)]
    public async Task A_handler_that_fails_is_noted_as_the_server_answers_it(bool isHangUp, int status)
    {
        Exception error = isHangUp ? new OperationCanceledException() : new InvalidOperationException();
        foreach (var handler in new FuncHandler[] { new((_, _, _) => throw error), new(async (_, _, _) => await Task.FromException(error)) })
        {
            _log.Clear();
            await Assert.ThrowsAsync(error.GetType(), () => SendAsync(new() { Method = "GET", Path = "/api/v1/pods" }, handler));
            var request = Assert.Single(_log.Read());
            Assert.Equal((status, 0.0), (request.Status, request.DurationMilliseconds));
        }
    }

    [Fact]
    public async Task Only_the_last_ones_are_kept_in_their_order()
    {
        for (var i = 0; i < 250; i++) await SendAsync(new() { Method = "GET", Path = $"/{i}" }, FuncHandler.Text("ok"));
        Assert.Equal(Enumerable.Range(150, 100).Select(i => $"/{i}"), _log.Read().Select(request => request.Path));
        Assert.Equal(250, _log.Total);
    }

    [Fact]
    public async Task It_can_be_read_and_cleared_while_requests_come_in()
    {
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++) await SendAsync(new() { Method = "GET", Path = "/api/v1/pods", Query = [new("watch", "1")] }, FuncHandler.Text("ok"));
        })));
        while (!sending.IsCompleted)
        {
            Assert.All(_log.Read(), request => Assert.Equal("watch", request.Verb));
            _log.Clear();
        }
        await sending;
        Assert.Empty(_log.OpenWatches);
    }

    private static Dictionary<string, string> Headers(params (string Name, string Value)[] headers) =>
        headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);

    private Task SendAsync(HttpRequest request, FuncHandler handler) => new LoggingHandler(handler, _log, _clock).HandleAsync(request, new RecordedResponse(), Cancel);
}
