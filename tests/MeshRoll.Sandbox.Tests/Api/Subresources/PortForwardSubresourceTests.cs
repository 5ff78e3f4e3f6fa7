using System.Net.WebSockets;
using System.Text;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Api.Subresources;

public sealed class PortForwardSubresourceTests
{
    private const string Binary = "v4.channel.k8s.io";

    private readonly TestServer _server = new(ports: new FakePorts());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Binary)]
    [InlineData("v4.base64.channel.k8s.io")]
    public async Task A_port_has_two_channels_that_begin_with_its_number(string protocol)
    {
        await using var http = Serve();
        using var client = await ConnectAsync(http, "ports=7000", protocol);

        Assert.Equal((0, "88-27"), Hex(await ReceiveAsync(client)));
        Assert.Equal((1, "88-27"), Hex(await ReceiveAsync(client)));
        await SendAsync(client, 0, "hello");
        Assert.Equal((0, "HELLO"), Text(await ReceiveAsync(client)));
        await SendAsync(client, 0, "bye");
        Assert.Equal((0, "BYE"), Text(await ReceiveAsync(client)));
        Assert.Equal(WebSocketMessageType.Close, (await client.ReceiveAsync(new byte[10], Cancel)).MessageType);
    }

    [Fact]
    public async Task Several_ports_go_side_by_side_and_one_without_a_listener_says_so()
    {
        await using var http = Serve();
        using var client = await ConnectAsync(http, "ports=9999&ports=7000", Binary);
        for (var i = 0; i < 4; i++) await ReceiveAsync(client);

        Assert.Equal((1, "error forwarding port 9999 to pod a, uid : dial tcp4 127.0.0.1:9999: connect: connection refused"), Text(await ReceiveAsync(client)));
        await SendAsync(client, 2, "hello");
        Assert.Equal((2, "HELLO"), Text(await ReceiveAsync(client)));
    }

    [Fact]
    public async Task Http_is_spoken_through_a_port()
    {
        await using var http = Serve();
        using var client = await ConnectAsync(http, "ports=8080", Binary);
        for (var i = 0; i < 2; i++) await ReceiveAsync(client);

        await SendAsync(client, 0, "GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /two");
        await SendAsync(client, 0, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Equal((0, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n/one"), Text(await ReceiveAsync(client)));
        Assert.Equal((0, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\n/two"), Text(await ReceiveAsync(client)));
        Assert.Equal(WebSocketMessageType.Close, (await client.ReceiveAsync(new byte[10], Cancel)).MessageType);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_conversation()
    {
        await using var http = Serve();
        using (var client = await ConnectAsync(http, "ports=7000", Binary)) await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);

        for (var i = 0; i < 200 && http.ConnectionCount > 0; i++) await Task.Delay(20, Cancel);
        Assert.Equal(0, http.ConnectionCount);
    }

    [Theory]
    [InlineData("a", "ports=7000", 400, "Upgrade request required")]
    [InlineData("a", "ports=none", 400, "unable to parse \"none\" as a port")]
    [InlineData("b", "ports=7000", 404, "pods \"b\" not found")]
    public async Task What_cannot_be_forwarded_is_refused(string pod, string query, int status, string message)
    {
        Pod();
        var answer = await _server.GetAsync($"{Manifests.Pods}/{pod}/portforward?{query}");

        Assert.Equal((status, message), (answer.Status, answer.Message()));
    }

    private HttpServer Serve()
    {
        Pod();
        return HttpServer.Start(_server.Server, new());
    }

    private void Pod() => _server.Cluster.Write(_server.Add(ApiResources.Pods, "a", Manifests.Pod("a")), json => json.Object("spec")["nodeName"] = "node-1");

    private static async Task<ClientWebSocket> ConnectAsync(HttpServer server, string query, string protocol)
    {
        var client = new ClientWebSocket();
        client.Options.AddSubProtocol(protocol);
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}{Manifests.Pods}/a/portforward?{query}"), Cancel);
        return client;
    }

    private static async Task<(int Channel, byte[] Data)> ReceiveAsync(ClientWebSocket client)
    {
        var buffer = new byte[4096];
        var part = await client.ReceiveAsync(buffer, Cancel);
        Assert.True(part.EndOfMessage);
        return part.MessageType == WebSocketMessageType.Text
            ? (buffer[0] - '0', Convert.FromBase64String(Encoding.ASCII.GetString(buffer, 1, part.Count - 1)))
            : (buffer[0], buffer[1..part.Count]);
    }

    private static Task SendAsync(ClientWebSocket client, int channel, string text) => client.SubProtocol == Binary
        ? client.SendAsync((byte[])[(byte)channel, .. Encoding.UTF8.GetBytes(text)], WebSocketMessageType.Binary, true, Cancel)
        : client.SendAsync(Encoding.ASCII.GetBytes(channel + Convert.ToBase64String(Encoding.UTF8.GetBytes(text))), WebSocketMessageType.Text, true, Cancel);

    private static (int Channel, string Data) Text((int Channel, byte[] Data) message) => (message.Channel, Encoding.UTF8.GetString(message.Data));

    private static (int Channel, string Data) Hex((int Channel, byte[] Data) message) => (message.Channel, $"{message.Data[0]}-{message.Data[1]}");

    /// <summary>On 7000 somebody shouts back until "bye", on 8080 a web server tells the path.</summary>
    private sealed class FakePorts : IPodPorts
    {
        public PodListener? Find(StoredObject pod, int port) => port switch
        {
            7000 => ShoutAsync,
            8080 => (stream, cancellationToken) => StreamHttp.ServeAsync(stream, head => new(200, "text/plain", Encoding.UTF8.GetBytes(head.Path)), cancellationToken),
            _ => null,
        };

        private static async Task ShoutAsync(Stream stream, CancellationToken cancellationToken)
        {
            var buffer = new byte[100];
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                var text = Encoding.UTF8.GetString(buffer, 0, count);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToUpperInvariant()), cancellationToken);
                if (text == "bye") return;
            }
        }
    }
}
