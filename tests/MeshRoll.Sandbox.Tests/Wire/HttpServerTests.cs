using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire;

public sealed class HttpServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task It_listens_on_loopback_only()
    {
        await using var server = HttpServer.Start(FuncHandler.Text("hello"), new());
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<SocketException>(() => other.Connect(IPAddress.Parse("127.0.0.2"), server.Port));
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_its_number_and_the_way_out()
    {
        await using var first = HttpServer.Start(FuncHandler.Text("hello"), new());
        var error = Assert.Throws<SandboxException>(() => HttpServer.Start(FuncHandler.Text("hello"), new() { Port = first.Port }));
        Assert.Equal("MeshRoll.SandboxPortInUse", error.Id);
        Assert.Equal($"The sandbox cannot listen on port {first.Port} of this machine because it is in use: choose another port, or none to get a free one.", error.Message);
    }

    [Fact]
    public async Task The_port_is_free_again_at_once_after_the_end()
    {
        var first = HttpServer.Start(FuncHandler.Text("hello"), new());
        using var http = new HttpClient();
        await http.GetStringAsync($"http://127.0.0.1:{first.Port}/", Cancel);
        await first.DisposeAsync();
        await using var second = HttpServer.Start(FuncHandler.Text("again"), new() { Port = first.Port });
        using var client = new RawClient(second.Port);
        client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("again", client.ReadAnswer().Body);
    }

    [Fact]
    public async Task The_end_of_the_server_ends_open_watches_properly_and_idle_connections_too()
    {
        var handler = new FuncHandler(async (_, response, token) =>
        {
            await using var stream = await response.BeginAsync(200, "application/json", token);
            await stream.WriteAsync("event"u8.ToArray(), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        var server = HttpServer.Start(handler, new());
        var clients = Enumerable.Range(0, 20).Select(_ => new RawClient(server.Port)).ToList();
        using var idle = new RawClient(server.Port);
        foreach (var client in clients)
        {
            client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            client.ReadHead();
            Assert.Equal("5\r\nevent\r\n", client.ReadExactly(10));
        }

        var clock = Stopwatch.StartNew();
        await server.DisposeAsync();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(0, server.ConnectionCount);
        Assert.All(clients, client => Assert.Equal("0\r\n\r\n", client.ReadToEnd()));
        foreach (var client in clients) client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task The_end_of_the_server_does_not_wait_for_a_handler_that_does_not_care()
    {
        var release = new TaskCompletionSource();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = HttpServer.Start(
            new FuncHandler((_, _, _) =>
            {
                entered.SetResult();
                return release.Task;
            }),
            new());
        using var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await entered.Task.WaitAsync(Soon, Cancel);
        await server.DisposeAsync().AsTask().WaitAsync(Soon, Cancel);
        release.SetResult();
    }

    [Fact]
    public async Task The_end_of_the_server_does_not_wait_for_a_client_that_does_not_read()
    {
        var handler = new FuncHandler(async (_, response, token) =>
        {
            await using var stream = await response.BeginAsync(200, "application/json", token);
            while (true) await stream.WriteAsync(new byte[64 * 1024], CancellationToken.None);
        });
        var server = HttpServer.Start(handler, new());
        using var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadHead();
        await server.DisposeAsync().AsTask().WaitAsync(Soon, Cancel);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_hangs_up_ends_its_watch(bool withReset)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new FuncHandler(async (_, response, token) =>
        {
            using var registration = token.Register(ended.SetResult);
            await using var stream = await response.BeginAsync(200, "application/json", token);
            began.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var server = HttpServer.Start(handler, new());
        var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await began.Task.WaitAsync(Soon, Cancel);
        Assert.False(ended.Task.IsCompleted);
        if (withReset) client.Socket.LingerState = new(true, 0);
        client.Dispose();
        await ended.Task.WaitAsync(Soon, Cancel);
    }

    [Fact]
    public async Task A_client_that_asks_on_during_its_watch_and_then_hangs_up_ends_it_too()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new FuncHandler(async (_, response, token) =>
        {
            using var registration = token.Register(ended.SetResult);
            await using var stream = await response.BeginAsync(200, "application/json", token);
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var server = HttpServer.Start(handler, new());
        var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadHead();
        client.Send("GET /next HTTP/1.1\r\nHost: x\r\n");
        client.Send("\r\n");
        client.Dispose();
        await ended.Task.WaitAsync(Soon, Cancel);
    }

    [Fact]
    public async Task A_request_sent_during_another_one_is_answered_after_it()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new FuncHandler(async (request, response, token) =>
        {
            entered.TrySetResult();
            await release.Task;
            await response.SendAsync(200, "text/plain", System.Text.Encoding.UTF8.GetBytes(request.Path), token);
        });
        await using var server = HttpServer.Start(handler, new());
        using var client = new RawClient(server.Port);
        client.Send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
        await entered.Task.WaitAsync(Soon, Cancel);
        client.Send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHo");
        release.SetResult();
        Assert.Equal("/1", client.ReadAnswer().Body);
        Assert.Equal("/2", client.ReadAnswer().Body);
        client.Send("st: x\r\n\r\n");
        Assert.Equal("/3", client.ReadAnswer().Body);
    }

    [Fact]
    public async Task Clients_that_never_finish_their_request_do_not_hinder_others()
    {
        await using var server = HttpServer.Start(FuncHandler.Text("hello"), new());
        var hung = Enumerable.Range(0, 200).Select(_ => new RawClient(server.Port)).ToList();
        foreach (var client in hung) client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
        using var http = new HttpClient { Timeout = Soon };
        for (var i = 0; i < 100; i++) Assert.Equal("hello", await http.GetStringAsync($"http://127.0.0.1:{server.Port}/", Cancel));
        foreach (var client in hung) client.Dispose();
    }

    [Fact]
    public async Task Many_clients_at_once_get_their_own_answers()
    {
        await using var server = HttpServer.Start(FuncHandler.Echo(), new());
        using var http = new HttpClient();
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, token) =>
            Assert.Equal($"GET /{i} [n]=[{i}] ", await http.GetStringAsync($"http://127.0.0.1:{server.Port}/{i}?n={i}", token)));
    }

    [Fact]
    public async Task An_answer_larger_than_every_buffer_arrives_whole()
    {
        var body = new byte[10_000_000];
        Random.Shared.NextBytes(body);
        await using var server = HttpServer.Start(new FuncHandler((_, response, token) => response.SendAsync(200, "application/octet-stream", body, token)), new());
        using var http = new HttpClient();
        Assert.Equal(body, await http.GetByteArrayAsync($"http://127.0.0.1:{server.Port}/", Cancel));
    }

    [Fact]
    public async Task A_large_body_arrives_whole()
    {
        var body = new byte[8 * 1024 * 1024];
        Random.Shared.NextBytes(body);
        byte[]? seen = null;
        var handler = new FuncHandler((request, response, token) =>
        {
            seen = request.Body.ToArray();
            return response.SendAsync(200, "", default, token);
        });
        await using var server = HttpServer.Start(handler, new());
        using var http = new HttpClient();
        using var answer = await http.PostAsync($"http://127.0.0.1:{server.Port}/", new ByteArrayContent(body), Cancel);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(body, seen);
    }
}
