using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Kubernetes.Tests.Configuration;

public sealed class KubeConfigContextTests : IDisposable
{
    private readonly ConfigDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_context_resolves_to_server_user_and_namespace()
    {
        var connection = Resolve(KubeConfigText.With(cluster: "server: https://rancher.example.com/k8s/c-1", context: "namespace: shop"));

        Assert.Equal("one", connection.Name);
        Assert.Equal("one", connection.Context);
        Assert.Equal("one-user", connection.User);
        Assert.Equal("shop", connection.Namespace);
        Assert.Equal("https://rancher.example.com/k8s/c-1/", connection.Server.AbsoluteUri);
    }

    [Fact]
    public void Without_a_namespace_it_is_default() => Assert.Equal("default", Resolve(KubeConfigText.With()).Namespace);

    [Fact]
    public void An_unknown_context_lists_those_there_are()
    {
        var config = _files.Load(_files.Write("config", "contexts: [{name: blue, context: {}}, {name: green, context: {}}]"));

        var error = Assert.Throws<KubeConfigException>(() => config.Resolve("red"));

        Assert.Equal(KubeConfigException.ContextNotFound, error.Id);
        Assert.Contains("'red'", error.Message, StringComparison.Ordinal);
        Assert.Contains("blue, green", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_current_context_one_must_be_named()
    {
        var error = _files.Fails("contexts: [{name: blue, context: {}}]");

        Assert.Equal(KubeConfigException.ContextNotFound, error.Id);
        Assert.Contains("blue", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "names no cluster")]
    [InlineData("{cluster: gone}", "the cluster 'gone'")]
    [InlineData("{cluster: c, user: gone}", "the user 'gone'")]
    public void A_context_that_leads_nowhere_says_what_is_missing(string context, string problem)
    {
        var error = _files.Fails($"current-context: x\nclusters: [{{name: c, cluster: {{server: 'https://x'}}}}]\ncontexts:\n- name: x\n  context: {context}");

        Assert.Equal(KubeConfigException.ContextIncomplete, error.Id);
        Assert.Equal(5, error.Line);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_without_user_is_anonymous() =>
        Assert.Null(Resolve("current-context: x\nclusters: [{name: c, cluster: {server: 'http://127.0.0.1:8001'}}]\ncontexts: [{name: x, context: {cluster: c}}]").Credential);

    [Fact]
    public void An_entry_nobody_asks_for_may_be_broken() =>
        Assert.Equal("one", Resolve(KubeConfigText.With() + "\n- name: broken\n  user: {token: [1], exec: 5}").Name);

    [Theory]
    [InlineData("server: https://10.0.0.1:6443", "https://10.0.0.1:6443/")]
    [InlineData("server: http://127.0.0.1:8001", "http://127.0.0.1:8001/")]
    [InlineData("server: https://[fd00::1]:6443", "https://[fd00::1]:6443/")]
    [InlineData("server: localhost:8080", "http://localhost:8080/")]
    [InlineData("server: localhost:6443\ninsecure-skip-tls-verify: true", "https://localhost:6443/")]
    public void A_servers_address_is_read_as_kubectl_does(string cluster, string address) =>
        Assert.Equal(address, Resolve(KubeConfigText.With(cluster)).Server.AbsoluteUri);

    [Theory]
    [InlineData("tls-server-name: x", "has no 'server'")]
    [InlineData("server: ftp://x", "'server'")]
    [InlineData("server: 'https://'", "'server'")]
    [InlineData("server: [a]", "'server' of cluster 'one-cluster' must be a text")]
    [InlineData("server: https://jane:s3cret@x", "user name or password")]
    [InlineData("server: https://x/?a=s3cret", "query")]
    [InlineData("server: https://x\nproxy-url: ftp://s3cret", "'proxy-url'")]
    [InlineData("server: https://x\ninsecure-skip-tls-verify: perhaps", "true or false")]
    [InlineData("server: https://x\ncertificate-authority-data: '%%%'", "Base64")]
    [InlineData("server: https://x\ncertificate-authority-data: aGVsbG8=", "no certificate")]
    [InlineData("server: https://x\ncertificate-authority: gone.crt", "gone.crt")]
    [InlineData("server: https://x\ninsecure-skip-tls-verify: true\ncertificate-authority-data: aGVsbG8=", "contradicts")]
    public void A_cluster_that_makes_no_sense_is_told_with_its_line(string cluster, string problem)
    {
        var error = _files.Fails(KubeConfigText.With(cluster));

        Assert.Equal(KubeConfigException.Invalid, error.Id);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Line!.Value, 10, 14);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://proxy:3128")]
    [InlineData("https://proxy:3128")]
    [InlineData("socks5://proxy:1080")]
    public void A_cluster_may_have_its_own_proxy(string proxy) =>
        Assert.Equal(new Uri(proxy), Resolve(KubeConfigText.With($"server: https://x\nproxy-url: {proxy}")).Proxy);

    [Fact]
    public void The_authority_is_read_from_data_or_from_a_file_beside_the_kubeconfig()
    {
        var authority = new CertificateBuilder("inline");
        _files.Write("sub/pki/ca.crt", new CertificateBuilder("beside").RootPem);

        var data = Resolve(KubeConfigText.With($"server: https://x\ncertificate-authority-data: {Convert.ToBase64String(authority.RootPemBytes)}\ncertificate-authority: gone"));
        var file = _files.Load(_files.Write("sub/config", KubeConfigText.With("server: https://x\ncertificate-authority: pki/ca.crt"))).Resolve();

        Assert.Equal("CN=inline", Assert.Single(data.Tls.CertificateAuthority!).Subject);
        Assert.Equal("CN=beside", Assert.Single(file.Tls.CertificateAuthority!).Subject);
    }

    [Fact]
    public void Tls_fields_are_read()
    {
        var tls = Resolve(KubeConfigText.With("server: https://x\ntls-server-name: kubernetes\ninsecure-skip-tls-verify: true")).Tls;

        Assert.Equal("kubernetes", tls.ServerName);
        Assert.True(tls.InsecureSkipVerify);
        Assert.Null(tls.CertificateAuthority);
    }

    private ClusterConnection Resolve(string content) => _files.Load(_files.Write("config", content)).Resolve();
}
