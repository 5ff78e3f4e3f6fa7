using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Transport;

public sealed class ProxyTests
{
    private const string Name = "api.example.com";

    private readonly CertificateBuilder _authority = new();

    [Fact]
    public async Task The_clusters_proxy_gets_the_name_and_the_server_the_tls()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok("hello"), _authority.Server([Name]));
        await using var proxy = new LoopbackProxy(server.Port);
        await using var transport = new ClusterTransport(Connection($"http://127.0.0.1:{proxy.Port}"), TransportBuilder.Options);

        Assert.Equal("hello", await transport.ReadAsync());
        Assert.Equal($"{Name}:6443", Assert.Single(proxy.Requests).Target);
        Assert.Equal([Name], server.ServerNames);
    }

    [Fact]
    public async Task The_environments_proxy_is_used_unless_no_proxy_excludes_the_server()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok("hello"), _authority.Server([Name]));
        await using var proxy = new LoopbackProxy(server.Port);
        var options = TransportBuilder.Options with { EnvironmentVariable = name => name == "HTTPS_PROXY" ? $"127.0.0.1:{proxy.Port}" : null };
        await using var transport = new ClusterTransport(Connection(null), options);

        Assert.Equal("hello", await transport.ReadAsync());
        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task The_proxys_password_is_sent_when_asked_for_and_never_shown()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok("hello"), _authority.Server([Name]));
        await using var proxy = new LoopbackProxy(server.Port, "407 Who\r\nProxy-Authenticate: Basic realm=x");
        await using var transport = new ClusterTransport(Connection($"http://jane:s3cret%21@127.0.0.1:{proxy.Port}"), TransportBuilder.Options);

        Assert.Equal("hello", await transport.ReadAsync());
        Assert.Equal("Basic " + Convert.ToBase64String("jane:s3cret!"u8), proxy.Requests.Last().Header("Proxy-Authorization"));
    }

    [Fact]
    public async Task A_proxy_that_refuses_is_told_by_its_status_and_without_its_password()
    {
        await using var proxy = new LoopbackProxy(1, "403 Forbidden");
        await using var transport = new ClusterTransport(Connection($"http://jane:s3cret@127.0.0.1:{proxy.Port}"), TransportBuilder.Options);

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync(), "s3cret");

        Assert.Equal(ClusterUnreachableException.ProxyFailed, error.Id);
        Assert.Contains("403", error.Message, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{proxy.Port}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("socks5")]
    public async Task A_proxy_that_is_not_there_is_told_as_the_proxys_failure(string scheme)
    {
        var proxy = new LoopbackProxy(1);
        var port = proxy.Port;
        await proxy.DisposeAsync();
        await using var transport = new ClusterTransport(Connection($"{scheme}://jane:s3cret@127.0.0.1:{port}"), TransportBuilder.Options);

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync(), "s3cret");

        Assert.Equal(ClusterUnreachableException.ProxyFailed, error.Id);
        Assert.Contains("refused", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_name_behind_a_proxy_is_still_explained()
    {
        await using var server = new LoopbackServer((_, _) => Reply.Ok(), _authority.Server(["other.example.com"]));
        await using var proxy = new LoopbackProxy(server.Port);
        await using var transport = new ClusterTransport(Connection($"http://127.0.0.1:{proxy.Port}"), TransportBuilder.Options);

        var error = await TransportBuilder.FailsAsync<ClusterUnreachableException>(() => transport.GetAsync());

        Assert.Equal(ClusterUnreachableException.NameMismatch, error.Id);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("socks5://proxy", "socks5://proxy:1080/")]
    [InlineData("socks5h://proxy:99", "socks5://proxy:99/")]
    [InlineData("http://jane:s3cret@proxy:3128/path", "http://proxy:3128/")]
    public void A_proxys_address_is_brought_into_the_handlers_form(string given, string address) =>
        Assert.Equal(address, ProxySettings.Address(new(given)).AbsoluteUri);

    private ClusterConnection Connection(string? proxy) => new()
    {
        Name = "test",
        Server = new($"https://{Name}:6443/"),
        Tls = new() { CertificateAuthority = _authority.Roots },
        Proxy = proxy is null ? null : new(proxy),
    };
}
