using System.Net;
using System.Text;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.PortForwarding;
using MeshRoll.Kubernetes.Tests.Transport;
using static MeshRoll.Kubernetes.Tests.PortForwarding.Frames;

namespace MeshRoll.Kubernetes.Tests.PortForwarding;

/// <summary>The stream itself, against recorded frames.</summary>
public sealed class PortForwardTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_comes_without_channels_and_without_the_ports_number()
    {
        await using var server = new FrameServer(Begin, Data("Hello, "), Data("world"), Goodbye);
        Assert.Equal("Hello, world", await ReadAsync(server));

        var request = Assert.Single(server.Requests);
        Assert.Equal(("GET", "/api/v1/namespaces/istio-system/pods/istiod-1/portforward?ports=15014"), (request.Method, request.Target));
        Assert.Equal(("websocket", "13", "v4.channel.k8s.io"), (request.Header("Upgrade"), request.Header("Sec-WebSocket-Version"), request.Header("Sec-WebSocket-Protocol")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task It_does_not_matter_where_the_network_cuts(int piece)
    {
        var long_ = new string('x', 200);
        await using var server = new FrameServer(Begin, Data("a"), Ping, Data(long_), Goodbye) { Piece = piece };
        Assert.Equal("a" + long_, await ReadAsync(server));
    }

    [Fact]
    public async Task It_does_not_matter_where_messages_are_cut_into_frames()
    {
        await using var server = new FrameServer(InFragments(0, [Port & 0xff, Port >> 8, .. "He"u8]), InFragments(1, [Port & 0xff, Port >> 8]), InFragments(0, [.. "llo"u8]), Goodbye);
        Assert.Equal("Hello", await ReadAsync(server));
    }

    [Fact]
    public async Task The_ports_number_may_come_in_two_messages_or_with_the_first_data()
    {
        await using var server = new FrameServer(Message(0, Port & 0xff), Message(0, Port >> 8), Data("Hel"), Message(1, Port & 0xff, Port >> 8), Data("lo"), Goodbye);
        Assert.Equal("Hello", await ReadAsync(server));
    }

    [Fact]
    public async Task Messages_bigger_than_a_read_come_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:D5},"));
        await using var server = new FrameServer(Begin, Data(text), Goodbye) { Piece = 4000 };
        Assert.Equal(text, await ReadAsync(server));
    }

    [Fact]
    public async Task What_is_written_arrives_as_messages_of_the_data_channel()
    {
        await using var server = new FrameServer(Begin) { Stays = true };
        await using var client = server.NewClient();
        await using (var stream = await client.ForwardPortAsync("istio-system", "istiod-1", Port, Cancelled))
        {
            await stream.WriteAsync("GET /ready"u8.ToArray(), Cancelled);
            Assert.Equal("GET /ready", await server.FirstMessage.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
        }
        await server.ClientClosed.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
    }

    [Theory]
    [InlineData("error forwarding port 15014 to pod istiod-1, uid : dial tcp4 127.0.0.1:15014: connect: connection refused", true, "Nothing listens on port 15014 of pod istio-system/istiod-1")]
    [InlineData("exit status 1: 2026/11/22 socat[9]: E connect(5, AF=2 127.0.0.1:15014, 16): Connection refused", true, "Nothing listens")]
    [InlineData("network namespace for sandbox \"9f\" is closed", false, "network namespace for sandbox")]
    public async Task What_the_node_complains_about_is_the_cause(string words, bool nobodyListens, string told)
    {
        await using var server = new FrameServer(Begin, Error(words), Goodbye);
        var cause = await FailsAsync(server);
        Assert.Equal((PortForwardException.Refused, nobodyListens), (cause.Id, cause.NobodyListens));
        Assert.Contains(told, cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_complaint_in_fragments_is_told_whole_and_steers_no_terminal()
    {
        await using var server = new FrameServer(Begin, InFragments(1, Encoding.UTF8.GetBytes("bad \u001b[31m\u202enode")), Goodbye);
        var cause = await FailsAsync(server);
        Assert.Contains("bad [31m node", cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_complaint_is_cut()
    {
        await using var server = new FrameServer([.. Begin, .. Error(new string('e', 100_000))]) { Stays = true };
        Assert.InRange((await FailsAsync(server)).Message.Length, 200, 600);
    }

    [Fact]
    public async Task An_empty_message_of_the_error_channel_is_none()
    {
        await using var server = new FrameServer(Begin, Message(1), Data("fine"), Message(0), Goodbye);
        Assert.Equal("fine", await ReadAsync(server));
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_is_not_an_end()
    {
        await using var server = new FrameServer(Begin, Data("half"));
        Assert.Equal(PortForwardException.Lost, (await FailsAsync(server)).Id);
    }

    [Fact]
    public async Task A_frame_that_breaks_in_the_middle_is_not_an_end()
    {
        await using var server = new FrameServer(Begin, Data("a longer one")[..6]);
        Assert.Equal(PortForwardException.Lost, (await FailsAsync(server)).Id);
    }

    [Fact]
    public async Task An_unfriendly_goodbye_is_told_with_its_words()
    {
        await using var server = new FrameServer(Begin, Data("x"), Close(1011, "etcd fell over"));
        var cause = await FailsAsync(server);
        Assert.Contains("InternalServerError: etcd fell over", cause.Message, StringComparison.Ordinal);
    }

    public static TheoryData<byte[], string> Nonsense => new()
    {
        { Message(0, 0x90, 0x1f), "forwards port 8080 instead" },
        { Text("hello"), "text came" },
        { Message(7, 1, 2, 3), "channel 7" },
        { [0xff, 0xff, 0xff, 0xff], "cut in the middle" },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task What_the_protocol_does_not_have_is_refused(byte[] frames, string told)
    {
        await using var server = new FrameServer(frames);
        Assert.Contains(told, (await FailsAsync(server)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v4.base64.channel.k8s.io", "speaks 'v4.base64.channel.k8s.io'")]
    [InlineData("", "does not speak v4.channel.k8s.io")]
    public async Task A_server_of_another_protocol_is_refused(string protocol, string told)
    {
        await using var server = new FrameServer(Begin) { Subprotocol = protocol };
        var error = await Assert.ThrowsAsync<PortForwardException>(() => ConnectAsync(server));
        Assert.Equal(PortForwardException.Unsupported, error.Id);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "was 200")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n", "was 302")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: SPDY/3.1\r\nConnection: Upgrade\r\n\r\n", "switched to 'SPDY/3.1'")]
    public async Task A_server_without_WebSockets_is_told_apart(string answer, string told)
    {
        await using var server = new FrameServer { Instead = answer };
        var error = await Assert.ThrowsAsync<PortForwardException>(() => ConnectAsync(server));
        Assert.Equal(PortForwardException.Unsupported, error.Id);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agreement_to_another_request_is_refused()
    {
        await using var server = new FrameServer(Begin) { Accept = "c29tZWJvZHkgZWxzZSdzIQ==" };
        var error = await Assert.ThrowsAsync<PortForwardException>(() => ConnectAsync(server));
        Assert.Contains("not the answer to this request", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "Forbidden", "pods \"istiod-1\" is forbidden: User \"ann\" cannot get resource \"pods/portforward\"", "MeshRoll.Forbidden", "get pods/portforward")]
    [InlineData(404, "NotFound", "pods \"istiod-1\" not found", "MeshRoll.NotFound", "not found")]
    [InlineData(400, "BadRequest", "pod istiod-1 does not have a host assigned", "MeshRoll.BadRequest", "host assigned")]
    [InlineData(500, "InternalError", "error dialing backend: dial tcp 10.0.0.9:10250: i/o timeout", "MeshRoll.ServerError", "dialing backend")]
    public async Task A_refusal_is_the_servers_own(int code, string reason, string message, string id, string told)
    {
        var status = $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":{{System.Text.Json.JsonSerializer.Serialize(message)}},"reason":"{{reason}}","details":{"name":"istiod-1"},"code":{{code}}}""";
        await using var server = new FrameServer { Instead = Http(status, $"{code} {reason}") };
        var error = await Assert.ThrowsAsync<ApiException>(() => ConnectAsync(server));
        Assert.Equal((id, (HttpStatusCode)code), (error.Id, error.Code));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_acts_as_somebody_else_does_so_here_too()
    {
        await using var server = new FrameServer(Begin, Goodbye);
        var connection = new ClusterConnection { Name = "test", Server = server.Address, Impersonation = new("ann") { Groups = ["ops"], Uid = "7" } };
        await using var client = new ClusterClient(connection, TransportBuilder.Options);
        await using var stream = await client.ForwardPortAsync("istio-system", "istiod-1", Port, Cancelled);

        var request = Assert.Single(server.Requests);
        Assert.Equal(("ann", "ops", "7"), (request.Header("Impersonate-User"), request.Header("Impersonate-Group"), request.Header("Impersonate-Uid")));
    }

    [Fact]
    public async Task Waiting_for_data_ends_when_it_is_cancelled()
    {
        await using var server = new FrameServer(Begin) { Stays = true };
        await using var client = server.NewClient();
        await using var stream = await client.ForwardPortAsync("istio-system", "istiod-1", Port, Cancelled);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var reading = stream.ReadAsync(new byte[10], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static async Task ConnectAsync(FrameServer server)
    {
        await using var client = server.NewClient();
        await using var _ = await client.ForwardPortAsync("istio-system", "istiod-1", Port, Cancelled);
    }

    private static async Task<string> ReadAsync(FrameServer server)
    {
        await using var client = server.NewClient();
        await using var stream = await client.ForwardPortAsync("istio-system", "istiod-1", Port, Cancelled);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancelled);
    }

    private static async Task<PortForwardException> FailsAsync(FrameServer server)
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => ReadAsync(server));
        return Assert.IsType<PortForwardException>(failure.InnerException);
    }
}
