using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Transport;

public sealed class EnvironmentProxyTests
{
    [Theory]
    [InlineData("https://api.example.com", "HTTPS_PROXY=http://proxy:3128", "http://proxy:3128/")]
    [InlineData("https://api.example.com", "https_proxy=http://proxy:3128", "http://proxy:3128/")]
    [InlineData("https://api.example.com", "HTTPS_PROXY=proxy:3128", "http://proxy:3128/")]
    [InlineData("https://api.example.com", "HTTPS_PROXY=socks5://proxy:1080", "socks5://proxy:1080/")]
    [InlineData("https://api.example.com", "HTTP_PROXY=http://proxy:3128", null)]
    [InlineData("http://api.example.com", "HTTP_PROXY=http://proxy:3128", "http://proxy:3128/")]
    [InlineData("https://localhost:6443", "HTTPS_PROXY=http://proxy:3128", null)]
    [InlineData("https://127.0.0.1:6443", "HTTPS_PROXY=http://proxy:3128", null)]
    [InlineData("https://[::1]:6443", "HTTPS_PROXY=http://proxy:3128", null)]
    [InlineData("https://api.example.com", "HTTPS_PROXY=http://upper:1;https_proxy=http://lower:2", "http://upper:1/")]
    public void The_proxy_follows_scheme_and_variable(string server, string variables, string? proxy) =>
        Assert.Equal(proxy, Proxy(server, variables)?.AbsoluteUri);

    [Theory]
    [InlineData("https://api.example.com", "*", true)]
    [InlineData("https://api.example.com", "example.com", true)]
    [InlineData("https://api.example.com", ".example.com", true)]
    [InlineData("https://api.example.com", "*.example.com", true)]
    [InlineData("https://example.com", ".example.com", false)]
    [InlineData("https://example.com", "example.com", true)]
    [InlineData("https://notexample.com", "example.com", false)]
    [InlineData("https://API.Example.com", "a, api.example.COM ,b", true)]
    [InlineData("https://api.example.com:6443", "api.example.com:6443", true)]
    [InlineData("https://api.example.com:6443", "api.example.com:443", false)]
    [InlineData("https://10.1.2.3:6443", "10.0.0.0/8", true)]
    [InlineData("https://11.1.2.3:6443", "10.0.0.0/8", false)]
    [InlineData("https://10.1.2.3:6443", "10.1.2.3", true)]
    [InlineData("https://10.1.2.3:6443", "10.1.2.3:443", false)]
    [InlineData("https://110.1.2.3", "10.1.2.3", false)]
    [InlineData("https://[fd00::1]:6443", "fd00::/8", true)]
    [InlineData("https://[fd00::1]:6443", "fd00::1", true)]
    [InlineData("https://[fd00::1]:6443", "[fd00::1]:6443", true)]
    [InlineData("https://api.example.com", "", false)]
    [InlineData("https://api.example.com", ",,/,*:", false)]
    public void No_proxy_excludes_as_kubectl_does(string server, string exclusions, bool excluded) =>
        Assert.Equal(excluded, Proxy(server, $"HTTPS_PROXY=http://proxy:3128;NO_PROXY={exclusions}") is null);

    [Theory]
    [InlineData("ftp://proxy")]
    [InlineData("http://")]
    [InlineData("user:s3cret@")]
    public void A_variable_that_holds_no_address_is_told_without_its_value(string value)
    {
        var error = Assert.Throws<ClusterUnreachableException>(() => Proxy("https://api.example.com", "HTTPS_PROXY=" + value));

        Assert.Equal(ClusterUnreachableException.ProxyFailed, error.Id);
        Assert.Contains("HTTPS_PROXY", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    private static Uri? Proxy(string server, string variables)
    {
        var known = variables.Split(';').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return EnvironmentProxy.For(new(server), name => known.GetValueOrDefault(name));
    }
}
