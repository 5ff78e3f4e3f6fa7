using System.Net;
using System.Net.Sockets;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Transport;

public sealed class RetryTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<TransportRetry> _retries = [];

    [Theory]
    [InlineData(429, Replay.Safe, 2)]
    [InlineData(429, Replay.Never, 2)]
    [InlineData(503, Replay.Never, 2)]
    [InlineData(500, Replay.Safe, 2)]
    [InlineData(500, Replay.Never, 1)]
    [InlineData(504, Replay.Never, 1)]
    [InlineData(409, Replay.Safe, 1)]
    [InlineData(301, Replay.Safe, 1)]
    public async Task Retry_after_is_obeyed_where_the_answer_allows_it(int status, Replay replay, int attempts)
    {
        await using var server = new LoopbackServer((_, number) => number == 1 ? Reply.Status(status, "no", "Retry-After: 7", "Location: /elsewhere") : Reply.Ok());
        await using var transport = Connect(server);

        var sending = transport.PatchAsync(replay);
        if (attempts == 2)
        {
            await _clock.WaitForTimerAsync(TimeSpan.FromSeconds(7));
            _clock.Advance(TimeSpan.FromSeconds(7));
        }

        using var response = await sending;
        Assert.Equal(attempts == 2 ? 200 : status, (int)response.StatusCode);
        Assert.Equal(attempts, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal("{}", request.Body));
    }

    [Fact]
    public async Task A_request_that_paces_by_refusals_gets_them_at_once()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Status(429, "no", "Retry-After: 7"));
        await using var transport = Connect(server);

        using var response = await transport.SendAsync(() =>
        {
            var eviction = new HttpRequestMessage(HttpMethod.Post, new Uri("eviction", UriKind.Relative));
            eviction.Options.Set(RequestOptions.MaxRetries, 0);
            return eviction;
        }, Replay.Never, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Retry_after_may_be_a_time()
    {
        var at = _clock.GetUtcNow().AddSeconds(30).ToString("r", System.Globalization.CultureInfo.InvariantCulture);
        await using var server = new LoopbackServer((_, number) => number == 1 ? Reply.Status(503, "", "Retry-After: " + at) : Reply.Ok());
        await using var transport = Connect(server);

        var sending = transport.GetAsync();
        await _clock.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(30));

        using var response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Retry-After: soon")]
    [InlineData("Retry-After: -1")]
    [InlineData("Retry-After: 3600")]
    [InlineData("Retry-After: 99999999999999999999")]
    public async Task Without_a_sensible_retry_after_the_answer_stands(string header)
    {
        await using var server = new LoopbackServer((_, _) => header.Length == 0 ? Reply.Status(503) : Reply.Status(503, "", header));
        await using var transport = Connect(server);

        using var response = await transport.GetAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task After_the_allowed_retries_the_answer_stands()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Status(429, "", "Retry-After: 0"));
        await using var transport = Connect(server, options => options with { MaxRetries = 3 });

        using var response = await transport.GetAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(4, server.Requests.Count);
        Assert.Equal([1, 2, 3], _retries.Select(retry => retry.Attempt));
    }

    [Fact]
    public async Task A_caller_who_gives_up_ends_the_wait()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Status(429, "", "Retry-After: 7"));
        await using var transport = Connect(server);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TransportBuilder.Cancelled);

        var sending = transport.SendAsync(() => new(HttpMethod.Get, ""), Replay.Safe, caller.Token);
        await _clock.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_change_whose_connection_broke_is_sent_once()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Cut);
        await using var transport = Connect(server);

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.PatchAsync(Replay.Never));

        Assert.Equal(ClusterUnreachableException.Lost, error.Id);
        Assert.Contains("unknown", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_change_is_sent_once_on_a_reused_connection_too()
    {
        await using var server = new LoopbackServer((_, number) => number == 1 ? Reply.Ok() : Reply.Cut);
        await using var transport = Connect(server);
        await transport.ReadAsync();

        await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.PatchAsync(Replay.Never));

        Assert.Single(server.Requests, request => request.Method == "PATCH");
    }

    [Fact]
    public async Task A_change_without_content_is_sent_once_on_a_reused_connection_too()
    {
        // Here the sockets' handler would repeat it by itself.
        await using var server = new LoopbackServer((_, number) => number == 1 ? Reply.Ok() : Reply.Cut);
        await using var transport = Connect(server);
        await transport.ReadAsync();

        await TransportBuilder.FailsAsync<ClusterUnreachableException>(() =>
            transport.SendAsync(() => new(HttpMethod.Delete, new Uri("pods/x", UriKind.Relative)), Replay.Never, TransportBuilder.Cancelled));

        Assert.Single(server.Requests, request => request.Method == "DELETE");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    public async Task A_read_is_repeated_when_its_connection_breaks_before_the_headers_are_whole(string partial)
    {
        await using var server = new LoopbackServer((_, number) => number == 1 ? new(partial, Close: true) : Reply.Ok("whole"));
        await using var transport = Connect(server);

        // The sockets' handler repeats at once what got no answer at all; the rest is ours.
        var reading = transport.ReadAsync();
        await Task.WhenAny(reading, _clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(100)));
        _clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal("whole", await reading);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_body_that_breaks_is_the_callers_to_see()
    {
        await using var server = new LoopbackServer((_, _) => new("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Close: true));
        await using var transport = Connect(server);

        using var response = await transport.GetAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(TransportBuilder.Cancelled));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Reads_of_a_server_that_was_there_are_tried_for_a_while()
    {
        var server = new LoopbackServer((_, _) => new(Reply.Ok().Text, Close: true));
        await using var transport = Connect(server);
        await transport.ReadAsync();
        await server.DisposeAsync();

        var reading = transport.GetAsync();
        foreach (var milliseconds in new[] { 100, 200, 400, 800, 1600 })
        {
            await _clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => reading);
        Assert.Equal(ClusterUnreachableException.Unreachable, error.Id);
        Assert.Equal(5, _retries.Count);
    }

    [Theory]
    [InlineData(Replay.Safe)]
    [InlineData(Replay.Never)]
    public async Task A_server_never_seen_that_refuses_fails_after_three_tries(Replay replay)
    {
        var server = new LoopbackServer((_, _) => Reply.Ok());
        var port = server.Port;
        await using var transport = Connect(server);
        await server.DisposeAsync();

        var sending = transport.PatchAsync(replay);
        foreach (var milliseconds in new[] { 100, 200 })
        {
            await _clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => sending);
        Assert.Equal(ClusterUnreachableException.Unreachable, error.Id);
        Assert.Contains($"http://127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Replay.Safe)]
    [InlineData(Replay.Never)]
    public async Task A_connection_that_was_reset_as_soon_as_it_was_made_is_made_again(Replay replay)
    {
        using var handler = new ResetAtOnce { Resets = 2 };
        await using var transport = Connect(handler);

        var sending = transport.PatchAsync(replay);
        foreach (var milliseconds in new[] { 100, 200 })
        {
            await _clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        using var response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All(_retries, retry => Assert.Equal("the server cannot be reached", retry.Reason));
    }

    [Theory]
    [InlineData(SocketError.NotConnected, ClusterUnreachableException.Unreachable, "the connection broke as soon as it was made")]
    [InlineData(SocketError.ConnectionReset, ClusterUnreachableException.Lost, "broke before it answered")]
    public async Task A_sockets_own_error_is_explained(SocketError error, string id, string words)
    {
        using var handler = new ResetAtOnce { Resets = int.MaxValue, Error = error };
        await using var transport = Connect(handler, maxRetries: 0);

        var failure = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.PatchAsync(Replay.Safe));

        Assert.Equal(id, failure.Id);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sockets_own_error_after_the_caller_gave_up_is_his_giving_up()
    {
        using var caller = new CancellationTokenSource();
        using var handler = new ResetAtOnce { Resets = int.MaxValue, Before = caller.Cancel };
        await using var transport = Connect(handler);

        await Assert.ThrowsAsync<OperationCanceledException>(() => transport.SendAsync(() => new(HttpMethod.Get, ""), Replay.Safe, caller.Token));
    }

    private ClusterTransport Connect(LoopbackServer server, Func<TransportOptions, TransportOptions>? change = null)
    {
        var options = TransportBuilder.Options with { TimeProvider = _clock, OnRetry = _retries.Add };
        return new(TransportBuilder.To(server), change?.Invoke(options) ?? options);
    }

    private ClusterTransport Connect(ResetAtOnce handler, int maxRetries = 5) => new(
        new() { Name = "meshroll", Server = new("http://meshroll.invalid/") },
        TransportBuilder.Options with { TimeProvider = _clock, OnRetry = _retries.Add, PrimaryHandler = handler, MaxRetries = maxRetries });

    // What the sockets' handler does when the other end resets between connecting and the question for its address: seen in two of a thousand connections.
    private sealed class ResetAtOnce : HttpMessageHandler
    {
        public required int Resets { get; set; }

        public SocketError Error { get; init; } = SocketError.NotConnected;

        public Action? Before { get; init; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Before?.Invoke();
            return Resets-- > 0 ? throw new SocketException((int)Error) : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }
}
