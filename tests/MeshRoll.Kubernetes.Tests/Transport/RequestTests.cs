using System.Net;
using System.Net.Http.Headers;
using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Transport;

public sealed class RequestTests
{
    [Theory]
    [InlineData("", "api/v1/pods?limit=5", "/api/v1/pods?limit=5")]
    [InlineData("", "/api/v1/pods", "/api/v1/pods")]
    [InlineData("k8s/clusters/c-1", "api/v1/pods", "/k8s/clusters/c-1/api/v1/pods")]
    [InlineData("k8s/clusters/c-1/", "/api/v1/pods?x=%2F", "/k8s/clusters/c-1/api/v1/pods?x=%2F")]
    public async Task The_servers_path_is_kept(string path, string asked, string seen)
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok());
        var connection = TransportBuilder.To(server) with { Server = new(server.Address, path) };
        await using var transport = new ClusterTransport(connection, TransportBuilder.Options);

        await transport.ReadAsync(asked);

        Assert.Equal(seen, Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task Another_servers_address_is_refused()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok());
        await using var transport = new ClusterTransport(TransportBuilder.To(server), TransportBuilder.Options);

        await Assert.ThrowsAsync<ArgumentException>(() => transport.SendAsync(() => new(HttpMethod.Get, "http://127.0.0.2/steal"), Replay.Safe, TransportBuilder.Cancelled));
    }

    [Fact]
    public async Task A_redirect_is_returned_and_not_followed()
    {
        await using var elsewhere = new LoopbackServer((_, _) => Reply.Ok());
        await using var server = new LoopbackServer((_, _) => Reply.Status(307, "", $"Location: {elsewhere.Address}"));
        await using var transport = Connect(server, new TokenCredential("s3cret"));

        using var response = await transport.GetAsync();

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Token_and_user_agent_are_sent()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok());
        await using var transport = new ClusterTransport(
            TransportBuilder.To(server) with { Credential = new TokenCredential("s3cret") }, TransportBuilder.Options with { UserAgent = "meshroll/1.2 (test)" });

        await transport.ReadAsync();

        var request = Assert.Single(server.Requests);
        Assert.Equal("Bearer s3cret", request.Header("Authorization"));
        Assert.Equal("meshroll/1.2 (test)", request.Header("User-Agent"));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(true, "gzip")]
    [InlineData(false, null)]
    public async Task Compression_is_asked_for_when_wanted_and_not_over_loopback(bool? wanted, string? header)
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok());
        await using var transport = new ClusterTransport(TransportBuilder.To(server), TransportBuilder.Options with { Compression = wanted });

        await transport.ReadAsync();

        Assert.Equal(header, Assert.Single(server.Requests).Header("Accept-Encoding"));
    }

    [Fact]
    public async Task Impersonation_is_sent_as_headers()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok());
        var connection = TransportBuilder.To(server) with
        {
            Impersonation = new("jörg")
            {
                Uid = "u-1",
                Groups = ["admins", "devs"],
                Extra = new Dictionary<string, IReadOnlyList<string>> { ["example.com/scope%"] = ["view", "edit"] },
            },
        };
        await using var transport = new ClusterTransport(connection, TransportBuilder.Options);

        await transport.ReadAsync();

        var request = Assert.Single(server.Requests);
        Assert.Equal("jörg", request.Header("Impersonate-User"));
        Assert.Equal("u-1", request.Header("Impersonate-Uid"));
        Assert.Equal(["admins", "devs"], request.Header("Impersonate-Group")!.Split('|', ','), TrimmedEquality);
        Assert.Equal(["view", "edit"], request.Header("Impersonate-Extra-example.com%2Fscope%25")!.Split('|', ','), TrimmedEquality);
    }

    [Fact]
    public async Task A_rejected_credential_is_refreshed_once_and_the_request_sent_again()
    {
        await using var server = new LoopbackServer((request, _) => request.Header("Authorization") == "Bearer new" ? Reply.Ok() : Reply.Status(401));
        await using var transport = Connect(server, new RefreshingCredential("old", "new"));

        using var response = await transport.PatchAsync(Replay.Never);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Bearer old", "Bearer new"], server.Requests.Select(request => request.Header("Authorization")));
        Assert.All(server.Requests, request => Assert.Equal("{}", request.Body));
    }

    [Fact]
    public async Task A_credential_rejected_twice_ends_with_the_401()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Status(401, "who are you"));
        await using var transport = Connect(server, new RefreshingCredential("old", "new"));

        using var response = await transport.GetAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("who are you", await response.Content.ReadAsStringAsync(TransportBuilder.Cancelled));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_credential_with_nothing_newer_is_not_tried_again()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Status(401));
        await using var transport = Connect(server, new TokenCredential("s3cret"));

        using var response = await transport.GetAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Http_1_1_carries_many_watches_at_once()
    {
        await using var server = new LoopbackServer((_, _) => new("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Hang: true));
        await using var transport = new ClusterTransport(TransportBuilder.To(server), TransportBuilder.Options);

        var watches = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => transport.GetAsync("watch")));

        Assert.Equal(40, server.Requests.Count);
        Array.ForEach(watches, watch => watch.Dispose());
    }

    private static ClusterTransport Connect(LoopbackServer server, ICredential credential) =>
        new(TransportBuilder.To(server) with { Credential = credential }, TransportBuilder.Options);

    private static bool TrimmedEquality(string? one, string? other) => one?.Trim() == other?.Trim();

    private sealed class RefreshingCredential(params string[] tokens) : ICredential
    {
        private int _current;

        public ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken) =>
            new(new CredentialMaterial(new AuthenticationHeaderValue("Bearer", tokens[_current]), null));

        public ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken) =>
            new(++_current < tokens.Length);
    }
}
