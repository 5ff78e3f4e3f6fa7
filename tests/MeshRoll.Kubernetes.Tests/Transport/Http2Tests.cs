using System.Net;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Transport;

public sealed class Http2Tests
{
    [Fact]
    public async Task Http2_is_used_where_offered_and_more_watches_than_streams_open_more_connections()
    {
        var authority = new CertificateBuilder();
        await using var server = new Http2Server(authority.Server(), streams: 5);
        await using var transport = new ClusterTransport(
            new() { Name = "test", Server = server.Address, Tls = new() { CertificateAuthority = authority.Roots } }, TransportBuilder.Options);

        // Only after the first answer does the client know the server's limit.
        using var first = await transport.GetAsync("watch");
        var watches = await Task.WhenAll(Enumerable.Range(0, 11).Select(_ => transport.GetAsync("watch")));

        Assert.All(watches, watch => Assert.Equal(HttpVersion.Version20, watch.Version));
        Assert.Equal(12, server.Requests);
        Assert.InRange(server.Connections, 2, 12);
        Array.ForEach(watches, watch => watch.Dispose());
    }

    [Fact]
    public async Task A_request_may_insist_on_http_1_1()
    {
        var authority = new CertificateBuilder();
        await using var server = new LoopbackServer((_, _) => Reply.Ok(), authority.Server(), offersHttp2: true);
        await using var transport = new ClusterTransport(TransportBuilder.To(server, new() { CertificateAuthority = authority.Roots }), TransportBuilder.Options);

        using var response = await transport.SendAsync(
            () => new(HttpMethod.Get, "") { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact }, Replay.Safe, TransportBuilder.Cancelled);

        Assert.Equal(HttpVersion.Version11, response.Version);
    }
}
