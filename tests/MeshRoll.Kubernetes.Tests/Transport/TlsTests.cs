using System.Security.Cryptography.X509Certificates;
using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Transport;

public sealed class TlsTests
{
    private static readonly CertificateBuilder s_authority = new("right root");

    [Fact]
    public async Task A_server_signed_by_the_given_authority_is_trusted()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok("hello"), s_authority.Server());
        await using var transport = Connect(server, new() { CertificateAuthority = s_authority.Roots });

        Assert.Equal("hello", await transport.ReadAsync());
    }

    [Fact]
    public async Task A_server_signed_by_another_authority_is_refused_and_named()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok(), new CertificateBuilder("wrong root").Server());
        await using var transport = Connect(server, new() { CertificateAuthority = s_authority.Roots });

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.Untrusted, error.Id);
        Assert.Contains("issuer CN=wrong root", error.Message, StringComparison.Ordinal);
        Assert.Contains("trusted is CN=right root", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Without_an_authority_the_systems_roots_decide()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok(), s_authority.Server());
        await using var transport = Connect(server, new());

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.Untrusted, error.Id);
        Assert.Contains("names no certificate authority", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_other_names_is_refused_and_the_names_are_told()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok(), s_authority.Server(["api.example.com", "10.1.2.3"]));
        await using var transport = Connect(server, new() { CertificateAuthority = s_authority.Roots });

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.NameMismatch, error.Id);
        Assert.Contains("api.example.com, 10.1.2.3, not for '127.0.0.1'", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Tls_server_name_is_asked_for_and_checked_instead_of_the_host()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok("hello"), s_authority.Server(["api.example.com"]));
        await using var transport = Connect(server, new() { CertificateAuthority = s_authority.Roots, ServerName = "api.example.com" });

        Assert.Equal("hello", await transport.ReadAsync());
        Assert.Equal(["api.example.com"], server.ServerNames);
    }

    [Fact]
    public async Task A_wrong_tls_server_name_is_refused()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok(), s_authority.Server());
        await using var transport = Connect(server, new() { CertificateAuthority = s_authority.Roots, ServerName = "other.example.com" });

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.NameMismatch, error.Id);
        Assert.Contains("not for 'other.example.com'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_with_its_dates()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok(), s_authority.Server(expiresIn: TimeSpan.FromDays(-1)));
        await using var transport = Connect(server, new() { CertificateAuthority = s_authority.Roots });

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.Expired, error.Id);
        Assert.Contains(DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Insecure_skip_tls_verify_accepts_anything()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok("hello"), s_authority.Server(["elsewhere"], TimeSpan.FromDays(-1)));
        await using var transport = Connect(server, new() { InsecureSkipVerify = true });

        Assert.Equal("hello", await transport.ReadAsync());
    }

    [Fact]
    public async Task The_client_certificate_is_presented()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok("hello"), s_authority.Server(), ClientCertificates.Accepted);
        var connection = TransportBuilder.To(server, new() { CertificateAuthority = s_authority.Roots }) with { Credential = new ClientCertificateCredential(s_authority.Client("jane")) };
        await using var transport = new ClusterTransport(connection, TransportBuilder.Options);

        Assert.Equal("hello", await transport.ReadAsync());
        Assert.Equal("CN=jane", Assert.Single(server.Requests).ClientSubject);
    }

    [Fact]
    public async Task A_new_client_certificate_gets_a_new_connection()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok(), s_authority.Server(), ClientCertificates.Accepted);
        var credential = new SwitchingCredential(s_authority.Client("old"), s_authority.Client("new"));
        await using var transport = new ClusterTransport(TransportBuilder.To(server, new() { CertificateAuthority = s_authority.Roots }) with { Credential = credential }, TransportBuilder.Options);

        await transport.ReadAsync();
        await transport.ReadAsync();
        credential.Switch();
        await transport.ReadAsync();

        Assert.Equal(["CN=old", "CN=old", "CN=new"], server.Requests.Select(request => request.ClientSubject));
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(42)] // bad_certificate
    [InlineData(46)] // certificate_unknown
    [InlineData(48)] // unknown_ca
    [InlineData(116)] // certificate_required
    public async Task A_servers_alert_about_our_certificate_is_told_apart(byte alert)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "How an alert is told differs by platform.");
        await using var server = new RawServer([21, 3, 3, 0, 2, 2, alert]);
        await using var transport = Connect(server.Port);

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.ClientCertificateRejected, error.Id);
    }

    [Fact]
    public async Task Https_to_a_plain_server_is_told_as_failed_tls()
    {
        await using var server = new RawServer("HTTP/1.1 400 Bad Request\r\n\r\n");
        await using var transport = Connect(server.Port);

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.Unreachable, error.Id);
        Assert.Contains("TLS failed", error.Message, StringComparison.Ordinal);
    }

    private static ClusterTransport Connect(int port) =>
        new(new() { Name = "test", Server = new($"https://127.0.0.1:{port}/") }, TransportBuilder.Options);

    private static ClusterTransport Connect(LoopbackServer server, TlsSettings tls) => new(TransportBuilder.To(server, tls), TransportBuilder.Options);

    private sealed class SwitchingCredential(X509Certificate2 before, X509Certificate2 after) : ICredential
    {
        private X509Certificate2 _current = before;

        public void Switch() => _current = after;

        public ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken) => new(new CredentialMaterial(null, _current));

        public ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken) => new(false);
    }
}
