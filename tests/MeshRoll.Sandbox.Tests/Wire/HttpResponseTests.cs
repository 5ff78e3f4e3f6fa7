using System.IO.Compression;
using System.Net;
using System.Text;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire;

public sealed class HttpResponseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_carries_its_headers_and_the_time_of_the_given_clock()
    {
        var handler = new FuncHandler((_, response, token) =>
        {
            response.Headers["Audit-Id"] = "7";
            return response.SendAsync(201, "application/json", "{}"u8.ToArray(), token);
        });
        await using var server = HttpServer.Start(handler, new() { TimeProvider = new ManualTimeProvider() });
        using var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        var (status, headers, body) = client.ReadAnswer();
        Assert.Equal("HTTP/1.1 201 Created", status);
        Assert.Equal("7", headers["Audit-Id"]);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.Equal("Sun, 01 Mar 2026 12:00:00 GMT", headers["Date"]);
        Assert.Equal("{}", body);
    }

    [Fact]
    public async Task A_streamed_answer_reaches_the_client_write_by_write_and_ends_with_an_empty_chunk()
    {
        var next = new SemaphoreSlim(0);
        var handler = new FuncHandler(async (_, response, token) =>
        {
            await using var stream = await response.BeginAsync(200, "application/json", token);
            await next.WaitAsync(token);
            await stream.WriteAsync("first"u8.ToArray(), token);
            await next.WaitAsync(token);
            stream.Write("second and long"u8);
            await stream.WriteAsync(ReadOnlyMemory<byte>.Empty, token);
        });
        await using var server = HttpServer.Start(handler, new());
        using var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("chunked", client.ReadHead().Headers["Transfer-Encoding"]);
        next.Release();
        Assert.Equal("5\r\nfirst\r\n", client.ReadExactly(10));
        next.Release();
        Assert.Equal("f\r\nsecond and long\r\n0\r\n\r\n", client.ReadExactly(25));
    }

    [Fact]
    public async Task The_connection_serves_on_after_a_streamed_answer()
    {
        var handler = new FuncHandler(async (request, response, token) =>
        {
            await using var stream = await response.BeginAsync(200, "text/plain", token);
            await Task.Yield();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request.Path), token);
        });
        await using var server = HttpServer.Start(handler, new());
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 });
        for (var i = 0; i < 200; i++) Assert.Equal($"/{i}", await http.GetStringAsync($"http://127.0.0.1:{server.Port}/{i}", Cancel));
        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task A_HEAD_request_gets_the_length_but_no_body()
    {
        await using var server = HttpServer.Start(FuncHandler.Text("hello"), new());
        using var client = new RawClient(server.Port);
        client.Send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("5", client.ReadHead().Headers["Content-Length"]);
        Assert.Equal("hello", client.ReadAnswer().Body);
    }

    [Fact]
    public async Task A_HEAD_request_gets_nothing_of_a_stream()
    {
        var handler = new FuncHandler(async (_, response, token) =>
        {
            await using var stream = await response.BeginAsync(200, "text/plain", token);
            await stream.WriteAsync("hello"u8.ToArray(), token);
        });
        await using var server = HttpServer.Start(handler, new());
        using var client = new RawClient(server.Port);
        client.Send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("HTTP/1.1 200 OK", client.ReadHead().Status);
        Assert.Equal("HTTP/1.1 200 OK", client.ReadHead().Status);
    }

    [Theory]
    [InlineData("HTTP/1.1", "close", false)]
    [InlineData("HTTP/1.1", "Keep-Alive", true)]
    [InlineData("HTTP/1.0", "close", false)]
    [InlineData("HTTP/1.0", "", false)]
    [InlineData("HTTP/1.0", "keep-alive", true)]
    public async Task The_connection_stays_open_as_the_client_asked(string version, string connection, bool staysOpen)
    {
        await using var server = HttpServer.Start(FuncHandler.Text("hello"), new());
        using var client = new RawClient(server.Port);
        var request = $"GET / {version}\r\nHost: x\r\nConnection: {connection}\r\n\r\n";
        client.Send(request);
        Assert.Equal("hello", client.ReadAnswer().Body);
        if (!staysOpen)
        {
            Assert.Equal("", client.ReadToEnd());
            return;
        }
        client.Send(request);
        Assert.Equal("hello", client.ReadAnswer().Body);
    }

    [Fact]
    public async Task An_HTTP_1_0_client_gets_a_stream_without_chunks_until_the_connection_ends()
    {
        var handler = new FuncHandler(async (_, response, token) =>
        {
            await using var stream = await response.BeginAsync(200, "text/plain", token);
            await stream.WriteAsync("one"u8.ToArray(), token);
            await stream.WriteAsync("two"u8.ToArray(), token);
        });
        await using var server = HttpServer.Start(handler, new());
        using var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.0\r\n\r\n");
        Assert.False(client.ReadHead().Headers.ContainsKey("Transfer-Encoding"));
        Assert.Equal("onetwo", client.ReadToEnd());
    }

    [Theory]
    [InlineData(128 * 1024 + 1, "gzip", true)]
    [InlineData(128 * 1024, "gzip", false)]
    [InlineData(200_000, "deflate, gzip;q=0.5", true)]
    [InlineData(200_000, "gzip;q=0", false)]
    [InlineData(200_000, "gzip;q=0.0, deflate", false)]
    [InlineData(200_000, "", false)]
    public async Task Large_answers_are_compressed_for_those_who_can_read_it(int size, string accepted, bool isCompressed)
    {
        var text = string.Concat(Enumerable.Range(0, size).Select(i => (char)('a' + (i % 26))));
        await using var server = HttpServer.Start(FuncHandler.Text(text), new());
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/");
        if (accepted.Length > 0) request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var answer = await http.SendAsync(request, Cancel);
        Assert.Equal(isCompressed, answer.Content.Headers.ContentEncoding.Contains("gzip"));
        Assert.Equal(isCompressed, answer.Headers.Vary.Contains("Accept-Encoding"));

        Stream body = await answer.Content.ReadAsStreamAsync(Cancel);
        if (isCompressed) body = new GZipStream(body, CompressionMode.Decompress);
        Assert.Equal(text, await new StreamReader(body).ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task A_handler_that_fails_is_a_500_with_a_Status()
    {
        await using var server = HttpServer.Start(new FuncHandler((_, _, _) => throw new InvalidOperationException("the \"store\" is <gone>")), new());
        using var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        var (status, _, body) = client.ReadAnswer();
        Assert.Equal("HTTP/1.1 500 Internal Server Error", status);
        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Internal error occurred: the \"store\" is <gone>","reason":"InternalError","code":500}""",
            body);
    }

    [Fact]
    public async Task A_handler_that_answers_nothing_is_a_500()
    {
        await using var server = HttpServer.Start(new FuncHandler((_, _, _) => Task.CompletedTask), new());
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.InternalServerError, (await http.GetAsync($"http://127.0.0.1:{server.Port}/", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_handler_that_fails_in_the_middle_breaks_the_connection_off()
    {
        var handler = new FuncHandler(async (_, response, token) =>
        {
            var stream = await response.BeginAsync(200, "text/plain", token);
            await stream.WriteAsync("half"u8.ToArray(), token);
            throw new InvalidOperationException("no more");
        });
        await using var server = HttpServer.Start(handler, new());
        using var http = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetStringAsync($"http://127.0.0.1:{server.Port}/", Cancel));
    }
}
