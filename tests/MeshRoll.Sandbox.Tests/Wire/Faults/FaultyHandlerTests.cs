using System.Net;
using System.Text;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Wire.Faults;
using MeshRoll.Sandbox.Wire.Requests;

namespace MeshRoll.Sandbox.Tests.Wire.Faults;

public sealed class FaultyHandlerTests : IAsyncDisposable
{
    private const string Expired =
        """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"The resourceVersion for the provided watch is too old.","reason":"Expired","code":410}}""" + "\n";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _clock = new();
    private readonly WireFaults _faults = new();
    private readonly RequestLog _log = new();
    private readonly HttpServer _server;

    public FaultyHandlerTests()
    {
        var handler = new FuncHandler(async (request, response, token) =>
        {
            if (request.Target.Verb != "watch")
            {
                await response.SendAsync(200, "application/json", """{"kind":"PodList"}"""u8.ToArray(), token);
                return;
            }
            response.Headers["Audit-Id"] = "7";
            await using var stream = await response.BeginAsync(200, "application/json", token);
            await stream.WriteAsync("event\n"u8.ToArray(), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        _server = HttpServer.Start(new LoggingHandler(new FaultyHandler(handler, _faults, _clock), _log, _clock), new());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void A_status_comes_as_a_Status_object_with_Retry_After()
    {
        _faults.Add(new() { Name = "sick", Action = new WireAction.Answer(503) { RetryAfter = 7 }, Count = 1 });
        using var client = Ask("/api/v1/pods");
        var (status, headers, body) = client.ReadAnswer();
        Assert.Equal("HTTP/1.1 503 Service Unavailable", status);
        Assert.Equal(("7", "application/json"), (headers["Retry-After"], headers["Content-Type"]));
        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the sandbox was told to refuse this request (fault sick)","reason":"ServiceUnavailable","details":{"retryAfterSeconds":7},"code":503}""",
            body);
        Assert.Equal(("sick", 503), (_log.Read()[0].Fault, _log.Read()[0].Status));

        Send(client, "/api/v1/pods");
        Assert.Equal("HTTP/1.1 200 OK", client.ReadAnswer().Status);
        Assert.Equal("", _log.Read()[1].Fault);
    }

    [Fact]
    public void Reason_and_message_can_be_given()
    {
        _faults.Add(new() { Action = new WireAction.Answer(409) { Reason = "AlreadyExists", Message = "pods \"a\" already exists" } });
        using var client = Ask("/api/v1/pods");
        Assert.Contains("""
            "message":"pods \"a\" already exists","reason":"AlreadyExists","code":409
            """.Trim(), client.ReadAnswer().Body);
    }

    [Fact]
    public void Throttling_has_the_words_of_a_real_server()
    {
        _faults.Add(new() { Action = new WireAction.Throttle() });
        using var client = Ask("/api/v1/pods");
        var (status, headers, body) = client.ReadAnswer();
        Assert.Equal("HTTP/1.1 429 Too Many Requests", status);
        Assert.Equal(("1", "text/plain; charset=utf-8"), (headers["Retry-After"], headers["Content-Type"]));
        Assert.Equal("Too many requests, please try again later.\n", body);
    }

    [Fact]
    public async Task Latency_is_waited_by_the_given_clock()
    {
        _faults.Add(new() { Latency = TimeSpan.FromSeconds(30) });
        using var client = Ask("/api/v1/pods");
        await _clock.WaitForTimerAsync(TimeSpan.FromSeconds(30)).WaitAsync(Soon, Cancel);
        Assert.Equal(0, client.Socket.Available);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("HTTP/1.1 200 OK", client.ReadAnswer().Status);
        Assert.Equal(30_000, (await EndedAsync()).DurationMilliseconds);
    }

    [Fact]
    public void A_cut_before_the_answer_resets_the_connection()
    {
        _faults.Add(new() { Action = new WireAction.Cut() });
        using var client = Ask("/api/v1/pods");
        Assert.True(client.EndsWithReset());
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(5, """{"kin""")]
    public void A_cut_in_the_middle_of_a_whole_answer_delivers_that_much(long bytes, string delivered)
    {
        _faults.Add(new() { Action = new WireAction.Cut(bytes) });
        using var client = Ask("/api/v1/pods");
        Assert.Equal("18", client.ReadHead().Headers["Content-Length"]);
        Assert.Equal(delivered, client.ReadToEnd());
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(3, "3\r\neve\r\n")]
    [InlineData(6, "6\r\nevent\n\r\n")]
    public void A_cut_in_the_middle_of_a_stream_delivers_that_much_and_no_end(long bytes, string delivered)
    {
        _faults.Add(new() { Action = new WireAction.Cut(bytes) });
        using var client = Ask("/api/v1/pods?watch=true");
        client.ReadHead();
        Assert.Equal(delivered, client.ReadToEnd());
    }

    [Fact]
    public void A_cut_beyond_the_end_harms_nobody()
    {
        _faults.Add(new() { Action = new WireAction.Cut(1000) });
        using var client = Ask("/api/v1/pods");
        Assert.Equal("""{"kind":"PodList"}""", client.ReadAnswer().Body);
        Send(client, "/api/v1/pods");
        Assert.Equal("""{"kind":"PodList"}""", client.ReadAnswer().Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HttpClient_takes_no_cut_answer_for_a_whole_one(bool isWatch)
    {
        _faults.Add(new() { Action = new WireAction.Cut(3) });
        using var http = new HttpClient();
        await Assert.ThrowsAnyAsync<Exception>(() => http.GetStringAsync($"http://127.0.0.1:{_server.Port}/api/v1/pods{(isWatch ? "?watch=1" : "")}", Cancel).WaitAsync(Soon, Cancel));
    }

    [Fact]
    public void A_new_watch_expires_at_once_and_the_connection_serves_on()
    {
        _faults.Add(new() { Name = "old", Action = new WireAction.Expire(), Count = 1 });
        using var client = Ask("/api/v1/pods?watch=true&resourceVersion=1");
        Assert.Equal("HTTP/1.1 200 OK", client.ReadHead().Status);
        Assert.Equal(Chunk(Expired) + "0\r\n\r\n", client.ReadExactly(Chunk(Expired).Length + 5));
        Send(client, "/api/v1/pods");
        Assert.Equal("HTTP/1.1 200 OK", client.ReadAnswer().Status);
        Assert.Equal("old", _log.Read()[0].Fault);
    }

    [Fact]
    public void An_open_watch_expires_as_soon_as_it_is_told_to()
    {
        using var client = OpenWatch();
        _faults.Add(new() { Name = "old", Action = new WireAction.Expire(), Match = new() { Resource = "pods" } });
        Assert.Equal(Chunk(Expired) + "0\r\n\r\n", client.ReadExactly(Chunk(Expired).Length + 5));
        Assert.Equal("old", _log.Read()[0].Fault);
        Assert.Equal(200, _log.Read()[0].Status);
    }

    [Fact]
    public async Task A_watch_may_live_a_while_before_it_expires()
    {
        _faults.Add(new() { Action = new WireAction.Expire(), Latency = TimeSpan.FromMinutes(5) });
        using var client = OpenWatch();
        await _clock.WaitForTimerAsync(TimeSpan.FromMinutes(5)).WaitAsync(Soon, Cancel);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(Chunk(Expired) + "0\r\n\r\n", client.ReadExactly(Chunk(Expired).Length + 5));
    }

    [Fact]
    public void An_open_watch_is_cut_as_soon_as_it_is_told_to_and_others_are_not()
    {
        using var pods = OpenWatch();
        using var nodes = OpenWatch("/api/v1/nodes?watch=true");
        _faults.Add(new() { Action = new WireAction.Cut(), Match = new() { Resource = "pods" } });
        Assert.True(pods.EndsWithReset());
        _faults.Clear();
        _faults.Add(new() { Action = new WireAction.Expire(), Match = new() { Resource = "nodes" } });
        Assert.Equal(Chunk(Expired), nodes.ReadExactly(Chunk(Expired).Length));
    }

    [Fact]
    public void A_count_is_used_up_by_open_watches_too()
    {
        using var first = OpenWatch();
        using var second = OpenWatch();
        _faults.Add(new() { Action = new WireAction.Expire(), Count = 1 });
        Assert.Empty(_faults.Active);
        Assert.Equal(1, _log.Read().Count(request => request.Fault.Length > 0));
    }

    [Fact]
    public void A_fault_is_not_spent_on_a_watch_from_before_a_reset()
    {
        using var before = OpenWatch();
        _faults.Reset();
        using var after = OpenWatch();
        _faults.Add(new() { Action = new WireAction.Expire(), Count = 1 });
        Assert.Equal(Chunk(Expired), after.ReadExactly(Chunk(Expired).Length));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/vnd.kubernetes.protobuf")]
    public async Task The_products_own_client_understands_an_expired_watch(string accept)
    {
        _faults.Add(new() { Action = new WireAction.Expire() });
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_server.Port}/api/v1/pods?watch=1");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await http.SendAsync(request, Cancel);
        Assert.StartsWith(accept, answer.Content.Headers.ContentType!.ToString());

        await using var client = new ClusterClient(new() { Name = "sandbox", Server = new($"http://127.0.0.1:{_server.Port}/") });
        var events = new List<WatchEvent<MeshRoll.Kubernetes.Models.Pod>>();
        await foreach (var change in client.WatchAsync(Resources.Pods, "shop", null, "1", TimeSpan.FromSeconds(300), Cancel)) events.Add(change);
        var error = Assert.Single(events).Error;
        Assert.Equal((HttpStatusCode.Gone, "Expired"), (error!.Code, error.Reason));
    }

    private static string Chunk(string text) => $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n";

    private static void Send(RawClient client, string url) => client.Send($"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n");

    private RawClient Ask(string url)
    {
        var client = new RawClient(_server.Port);
        Send(client, url);
        return client;
    }

    private RawClient OpenWatch(string url = "/api/v1/pods?watch=true")
    {
        var client = Ask(url);
        Assert.Equal("7", client.ReadHead().Headers["Audit-Id"]);
        Assert.Equal(Chunk("event\n"), client.ReadExactly(11));
        return client;
    }

    // The log is written after the answer: the client may be quicker than it.
    private async Task<SandboxRequest> EndedAsync()
    {
        while (_log.Read()[0].DurationMilliseconds is null) await Task.Yield();
        return _log.Read()[0];
    }
}
