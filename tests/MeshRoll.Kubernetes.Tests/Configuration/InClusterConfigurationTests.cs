using System.Text;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Kubernetes.Tests.Configuration;

public sealed class InClusterConfigurationTests
{
    private const string Directory = "/var/run/secrets/kubernetes.io/serviceaccount/";

    private readonly Dictionary<string, string> _variables = new() { ["KUBERNETES_SERVICE_HOST"] = "10.96.0.1", ["KUBERNETES_SERVICE_PORT"] = "443" };
    private readonly Dictionary<string, string> _files = new() { [Directory + "token"] = "t1\n", [Directory + "namespace"] = "shop\n" };
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task A_pods_service_account_is_used_where_there_is_no_kubeconfig()
    {
        _files[Directory + "ca.crt"] = new CertificateBuilder("cluster root").RootPem;

        var config = KubeConfig.Load(null, Environment);
        var connection = config.Resolve();

        Assert.True(config.IsInCluster);
        Assert.Empty(config.ContextNames);
        Assert.Equal("https://10.96.0.1/", connection.Server.AbsoluteUri);
        Assert.Equal("shop", connection.Namespace);
        Assert.Equal("in-cluster", connection.Name);
        Assert.Equal("CN=cluster root", Assert.Single(connection.Tls.CertificateAuthority!).Subject);
        Assert.Equal("t1", (await connection.Credential!.GetAsync(TestContext.Current.CancellationToken)).Authorization?.Parameter);
    }

    [Fact]
    public void An_ipv6_address_is_bracketed()
    {
        _variables["KUBERNETES_SERVICE_HOST"] = "fd00::1";

        Assert.Equal("https://[fd00::1]/", InClusterConfiguration.Resolve(Environment).Server.AbsoluteUri);
    }

    [Fact]
    public void A_kubeconfig_goes_before_the_service_account()
    {
        _variables["KUBECONFIG"] = "/home/config";
        _files["/home/config"] = KubeConfigText.With();

        Assert.False(KubeConfig.Load(null, Environment with { CurrentDirectory = () => "/" }).IsInCluster);
    }

    [Theory]
    [InlineData("KUBERNETES_SERVICE_HOST")]
    [InlineData("KUBERNETES_SERVICE_PORT")]
    public void Without_the_address_this_is_no_pod(string variable)
    {
        _variables.Remove(variable);

        Assert.False(InClusterConfiguration.IsAvailable(Environment));
        Assert.Throws<KubeConfigException>(() => KubeConfig.Load(null, Environment));
    }

    [Fact]
    public void A_context_cannot_be_named_in_a_pod() =>
        Assert.Equal(KubeConfigException.ContextNotFound, Assert.Throws<KubeConfigException>(() => KubeConfig.Load(null, Environment).Resolve("blue")).Id);

    [Fact]
    public void A_broken_root_certificate_is_told()
    {
        _files[Directory + "ca.crt"] = "nonsense";

        var error = Assert.Throws<KubeConfigException>(() => InClusterConfiguration.Resolve(Environment));

        Assert.Equal(KubeConfigException.Invalid, error.Id);
        Assert.Contains("ca.crt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_none_is_told()
    {
        _variables["KUBERNETES_SERVICE_PORT"] = "https";

        Assert.Equal(KubeConfigException.Invalid, Assert.Throws<KubeConfigException>(() => InClusterConfiguration.Resolve(Environment)).Id);
    }

    private ConfigurationEnvironment Environment => new()
    {
        IsWindows = false,
        Variable = name => _variables.GetValueOrDefault(name),
        FileExists = _files.ContainsKey,
        OpenRead = path => _files.TryGetValue(path, out var text) ? new MemoryStream(Encoding.UTF8.GetBytes(text)) : throw new FileNotFoundException(),
        TimeProvider = _clock,
    };
}
