using System.Net;
using System.Net.Sockets;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Transport;

public sealed class BrokenServerTests
{
    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_after_the_response_timeout()
    {
        var clock = new ManualTimeProvider();
        var arrived = new TaskCompletionSource();
        await using var server = new LoopbackServer((_, _) =>
        {
            arrived.SetResult();
            return Reply.Silent;
        });
        await using var transport = new ClusterTransport(TransportBuilder.To(server), TransportBuilder.Options with { TimeProvider = clock });

        var reading = transport.GetAsync();
        await arrived.Task;
        clock.Advance(TimeSpan.FromSeconds(60));

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => reading);
        Assert.Equal(ClusterUnreachableException.Silent, error.Id);
        Assert.Contains("within 60 s", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_response_timeout_does_not_cut_a_body_that_flows()
    {
        var clock = new ManualTimeProvider();
        await using var server = new LoopbackServer((_, _) => new("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", Hang: true));
        await using var transport = new ClusterTransport(TransportBuilder.To(server), TransportBuilder.Options with { TimeProvider = clock });

        using var response = await transport.GetAsync();
        clock.Advance(TimeSpan.FromHours(1));
        await using var body = await response.Content.ReadAsStreamAsync(TransportBuilder.Cancelled);
        var first = new byte[2];
        await body.ReadExactlyAsync(first, TransportBuilder.Cancelled);

        Assert.Equal("hi"u8.ToArray(), first);
    }

    [Fact]
    public async Task A_handshake_that_never_ends_is_given_up_after_the_connect_timeout()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        await using var transport = new ClusterTransport(new() { Name = "test", Server = server }, TransportBuilder.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(150) });

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.Unreachable, error.Id);
        Assert.Contains("no connection within 0.15 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    public async Task What_is_not_http_is_told_as_such(string answer)
    {
        await using var server = new RawServer(answer);
        await using var transport = Connect(server);

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.Broken, error.Id);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nX-Long: " + new string('x', 1_000_000));
        await using var transport = Connect(server);

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.Broken, error.Id);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_named()
    {
        await using var transport = new ClusterTransport(new() { Name = "test", Server = new("https://nowhere.invalid:6443/") }, TransportBuilder.Options);

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.Unreachable, error.Id);
        Assert.Contains("'nowhere.invalid' cannot be resolved", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transport_that_was_disposed_says_so()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok());
        var transport = new ClusterTransport(TransportBuilder.To(server), TransportBuilder.Options);
        await transport.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => transport.GetAsync());
    }

    private static ClusterTransport Connect(RawServer server) =>
        new(new() { Name = "test", Server = new($"http://127.0.0.1:{server.Port}/") }, TransportBuilder.Options);
}
