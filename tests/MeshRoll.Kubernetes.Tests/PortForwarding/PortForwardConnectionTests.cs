using System.Net.Http.Headers;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Kubernetes.Tests.Transport;
using MeshRoll.Kubernetes.Transport;
using static MeshRoll.Kubernetes.Tests.PortForwarding.Frames;

namespace MeshRoll.Kubernetes.Tests.PortForwarding;

/// <summary>The WebSocket is asked for as anything else is: with the same TLS, credentials and proxies.</summary>
public sealed class PortForwardConnectionTests
{
    private const string Name = "api.example.com";

    private readonly CertificateBuilder _authority = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_TLS_the_authority_is_checked_the_client_certificate_shown_and_HTTP_2_declined()
    {
        await using var server = NewServer(_authority, "127.0.0.1");
        var connection = To(server) with { Credential = new ClientCertificateCredential(_authority.Client("jane")) };

        Assert.Equal("hello", await ReadAsync(connection));
        Assert.Contains("jane", Assert.Single(server.Requests).ClientSubject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_another_authority_signed_is_refused()
    {
        await using var server = NewServer(new CertificateBuilder("wrong root"), "127.0.0.1");
        var error = await Assert.ThrowsAsync<ClusterUnreachableException>(() => ReadAsync(To(server)));
        Assert.Equal(ClusterUnreachableException.Untrusted, error.Id);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_name_of_the_kubeconfig_is_checked_instead_of_the_host()
    {
        await using var server = NewServer(_authority, Name);
        Assert.Equal("hello", await ReadAsync(To(server) with { Tls = new() { CertificateAuthority = _authority.Roots, ServerName = Name } }));
        Assert.Equal(ClusterUnreachableException.NameMismatch, (await Assert.ThrowsAsync<ClusterUnreachableException>(() => ReadAsync(To(server)))).Id);
    }

    [Fact]
    public async Task The_clusters_proxy_is_used()
    {
        await using var server = NewServer(_authority, Name);
        await using var proxy = new LoopbackProxy(server.Port);
        var connection = To(server) with { Server = new($"https://{Name}:6443/"), Proxy = new($"http://127.0.0.1:{proxy.Port}") };

        Assert.Equal("hello", await ReadAsync(connection));
        Assert.Equal($"{Name}:6443", Assert.Single(proxy.Requests).Target);
    }

    [Fact]
    public async Task A_token_that_has_expired_is_renewed_once()
    {
        await using var server = new FrameServer(Begin, Data("hello"), Goodbye) { Authorization = "Bearer new" };
        Assert.Equal("hello", await ReadAsync(To(server) with { Credential = new Renewed() }));
        Assert.Equal(["Bearer old", "Bearer new"], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task The_path_of_the_server_is_kept()
    {
        await using var server = new FrameServer(Begin, Data("hello"), Goodbye);
        Assert.Equal("hello", await ReadAsync(To(server) with { Server = new(server.Address, "k8s/clusters/c-1") }));
        Assert.StartsWith("/k8s/clusters/c-1/api/v1/namespaces/istio-system/pods/istiod-1/portforward?", Assert.Single(server.Requests).Target, StringComparison.Ordinal);
    }

    private static FrameServer NewServer(CertificateBuilder authority, string name) => new(Begin, Data("hello"), Goodbye) { Certificate = authority.Server([name]) };

    private ClusterConnection To(FrameServer server) => new() { Name = "test", Server = server.Address, Tls = new() { CertificateAuthority = _authority.Roots } };

    private static async Task<string> ReadAsync(ClusterConnection connection)
    {
        await using var client = new ClusterClient(connection, TransportBuilder.Options);
        await using var stream = await client.ForwardPortAsync("istio-system", "istiod-1", Frames.Port, Cancelled);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancelled);
    }

    private sealed class Renewed : ICredential
    {
        private string _token = "old";

        public ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken) => new(new CredentialMaterial(new AuthenticationHeaderValue("Bearer", _token), null));

        public ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken)
        {
            _token = "new";
            return new(true);
        }
    }
}
