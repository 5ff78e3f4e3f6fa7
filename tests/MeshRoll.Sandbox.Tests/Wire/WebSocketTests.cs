using System.Net.WebSockets;
using System.Text;
using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire;

public sealed class WebSocketTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_go_both_ways(bool acceptsLate)
    {
        await using var server = HttpServer.Start(Echo(acceptsLate), new());
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("v4.channel.k8s.io");
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/exec"), Cancel);
        Assert.Equal("v4.channel.k8s.io", client.SubProtocol);

        foreach (var text in new[] { "hello", new string('x', 100_000), "" })
        {
            await client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Cancel);
            Assert.Equal(text, await ReceiveAsync(client));
        }
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Cancel);
        Assert.Equal(WebSocketState.Closed, client.State);
    }

    [Fact]
    public void The_accept_header_is_that_of_the_RFC()
    {
        var head = new RequestHeadReader().Read(Encoding.ASCII.GetBytes(Upgrade("dGhlIHNhbXBsZSBub25jZQ==")));
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketHandshake.Accept(head));
    }

    [Fact]
    public async Task What_came_together_with_the_upgrade_is_read_from_the_WebSocket()
    {
        await using var server = HttpServer.Start(Echo(false), new());
        using var client = new RawClient(server.Port);
        // A masked text frame "hi" with an empty mask, in one piece with the request.
        client.Send(Upgrade("dGhlIHNhbXBsZSBub25jZQ==") + "\x81\x82\0\0\0\0hi");
        Assert.Equal("HTTP/1.1 101 Switching Protocols", client.ReadHead().Status);
        Assert.Equal("\x81\x02hi", client.ReadExactly(4));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n")]
    public async Task A_request_that_asks_for_no_WebSocket_properly_is_refused(string request)
    {
        await using var server = HttpServer.Start(Echo(false), new());
        using var client = new RawClient(server.Port);
        client.Send(request);
        Assert.Equal("HTTP/1.1 400 Bad Request", client.ReadHead().Status);
    }

    [Fact]
    public async Task The_end_of_the_server_ends_open_WebSockets()
    {
        var server = HttpServer.Start(Echo(false), new());
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/exec"), Cancel);
        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Equal(0, server.ConnectionCount);
    }

    private static string Upgrade(string key) =>
        $"GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n";

    private static FuncHandler Echo(bool acceptsLate) => new(async (request, response, token) =>
    {
        if (acceptsLate) await Task.Yield();
        var protocol = request.Header("Sec-WebSocket-Protocol");
        using var socket = await response.AcceptWebSocketAsync(protocol.Length == 0 ? null : protocol, token);
        var buffer = new byte[1000];
        for (; ; )
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), token);
            if (part.MessageType == WebSocketMessageType.Close) break;
            await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, token);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", token);
    });

    private static async Task<string> ReceiveAsync(ClientWebSocket client)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        for (; ; )
        {
            var part = await client.ReceiveAsync(buffer.AsMemory(), Cancel);
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (part.EndOfMessage) return text.ToString();
        }
    }
}
