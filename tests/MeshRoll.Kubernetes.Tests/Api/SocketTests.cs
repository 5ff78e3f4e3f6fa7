using System.Globalization;
using System.Text;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Kubernetes.Tests.Transport;

namespace MeshRoll.Kubernetes.Tests.Api;

/// <summary>What only real sockets do: lengths that are not kept, chunks that are not finished.</summary>
public sealed class SocketTests
{
    private static readonly byte[] Whole = TestPod.ProtobufList([new("a"), new("b")]);

    [Fact]
    public async Task A_list_comes_over_a_real_connection()
    {
        await using var server = new RawServer(Http($"Content-Length: {Whole.Length}", Whole));

        Assert.Equal(["a", "b"], await NamesAsync(server));
    }

    [Fact]
    public async Task A_chunked_list_comes_over_a_real_connection()
    {
        await using var server = new RawServer(Http("Transfer-Encoding: chunked", [.. Whole.Chunk(50).SelectMany(Chunk), .. "0\r\n\r\n"u8]));

        Assert.Equal(["a", "b"], await NamesAsync(server));
    }

    [Fact]
    public async Task A_body_shorter_than_announced_is_asked_for_again_and_then_an_error()
    {
        await using var server = new RawServer(Http($"Content-Length: {Whole.Length}", Whole[..^20]));

        await Assert.ThrowsAsync<ApiProtocolException>(() => NamesAsync(server));

        Assert.InRange(server.Connections, 2, 8);
    }

    [Fact]
    public async Task A_body_longer_than_announced_is_an_error()
    {
        await using var server = new RawServer(Http($"Content-Length: {Whole.Length - 20}", Whole));

        await Assert.ThrowsAsync<ApiProtocolException>(() => NamesAsync(server));
    }

    [Fact]
    public async Task Chunks_that_stop_in_the_middle_are_an_error()
    {
        await using var server = new RawServer(Http("Transfer-Encoding: chunked", [.. Whole.Chunk(50).SelectMany(Chunk)]));

        await Assert.ThrowsAsync<ApiProtocolException>(() => NamesAsync(server));
    }

    [Fact]
    public async Task Chunks_of_nonsense_are_an_error()
    {
        await using var server = new RawServer(Http("Transfer-Encoding: chunked", [.. Chunk(Whole[..50]), .. "zz\r\nxx"u8]));

        await Assert.ThrowsAsync<ApiProtocolException>(() => NamesAsync(server));
    }

    private static byte[] Chunk(byte[] part) => [.. Encoding.ASCII.GetBytes(part.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. part, .. "\r\n"u8];

    private static byte[] Http(string length, byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.kubernetes.protobuf\r\nConnection: close\r\n{length}\r\n\r\n"), .. body];

    private static async Task<List<string>> NamesAsync(RawServer server)
    {
        await using var client = new ClusterClient(new ClusterConnection { Name = "loopback", Server = new($"http://127.0.0.1:{server.Port}/") });
        var names = new List<string>();
        await foreach (var pod in client.ListAsync(Resources.Pods, "shop", cancellationToken: TestContext.Current.CancellationToken)) names.Add(pod.Metadata.Name);
        return names;
    }
}
