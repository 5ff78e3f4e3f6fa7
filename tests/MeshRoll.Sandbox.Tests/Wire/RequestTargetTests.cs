using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire;

public sealed class RequestTargetTests
{
    // The rows of resource paths follow the table of k8s.io/apiserver's own requestinfo_test.go in substance: method, path, and what it means.
    [Theory]
    [InlineData("GET", "/api/v1/namespaces", "list", "", "", "namespaces", "", "")]
    [InlineData("GET", "/api/v1/namespaces/other", "get", "", "other", "namespaces", "other", "")]
    [InlineData("DELETE", "/api/v1/namespaces/other", "delete", "", "other", "namespaces", "other", "")]
    [InlineData("PUT", "/api/v1/namespaces/other/finalize", "update", "", "other", "namespaces", "other", "finalize")]
    [InlineData("GET", "/api/v1/namespaces/other/status", "get", "", "other", "namespaces", "other", "status")]
    [InlineData("GET", "/api/v1/namespaces/other/pods", "list", "", "other", "pods", "", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods/foo", "get", "", "other", "pods", "foo", "")]
    [InlineData("HEAD", "/api/v1/namespaces/other/pods/foo", "get", "", "other", "pods", "foo", "")]
    [InlineData("GET", "/api/v1/pods", "list", "", "", "pods", "", "")]
    [InlineData("HEAD", "/api/v1/pods", "list", "", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods/", "list", "", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/nodes/n1", "get", "", "", "nodes", "n1", "")]
    [InlineData("GET", "/api/v1/watch/pods", "watch", "", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/watch/namespaces/other/pods", "watch", "", "other", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?watch=true", "watch", "", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?watch=1", "watch", "", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?watch", "watch", "", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?watch=false", "list", "", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?watch=0", "list", "", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods?watch=FALSE&watch=true", "list", "", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods/foo?watch=true", "get", "", "other", "pods", "foo", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods?fieldSelector=metadata.name=foo", "list", "", "other", "pods", "foo", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods?watch=true&fieldSelector=status.phase%3D%3DRunning,metadata.name%3D%3Dfoo", "watch", "", "other", "pods", "foo", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods?fieldSelector=metadata.name!=foo", "list", "", "other", "pods", "", "")]
    [InlineData("GET", "/api/v1/namespaces/other/pods?fieldSelector=metadata.name=foo/bar", "list", "", "other", "pods", "", "")]
    [InlineData("POST", "/api/v1/namespaces/other/pods", "create", "", "other", "pods", "", "")]
    [InlineData("POST", "/api/v1/namespaces/other/pods/foo/eviction", "create", "", "other", "pods", "foo", "eviction")]
    [InlineData("DELETE", "/api/v1/namespaces/other/pods", "deletecollection", "", "other", "pods", "", "")]
    [InlineData("DELETE", "/api/v1/namespaces/other/pods/foo", "delete", "", "other", "pods", "foo", "")]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/shop/deployments/cart", "patch", "apps", "shop", "deployments", "cart", "")]
    [InlineData("PUT", "/apis/apps/v1/namespaces/shop/deployments/cart/scale", "update", "apps", "shop", "deployments", "cart", "scale")]
    [InlineData("GET", "/apis/apps/v1/deployments", "list", "apps", "", "deployments", "", "")]
    [InlineData("GET", "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio", "get", "admissionregistration.k8s.io", "", "mutatingwebhookconfigurations", "istio", "")]
    [InlineData("OPTIONS", "/api/v1/pods", "", "", "", "pods", "", "")]
    public async Task A_resource_path_is_read_as_the_API_server_reads_it(string method, string url, string verb, string group, string space, string resource, string name, string subresource)
    {
        var target = await TargetOf(method, url);
        Assert.True(target.IsResource);
        Assert.Equal((verb, group, "v1", space, resource, name, subresource), (target.Verb, target.Group, target.Version, target.Namespace, target.Resource, target.Name, target.Subresource));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/apis")]
    [InlineData("/apis/apps")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/apis/apps/v1/")]
    [InlineData("/healthz")]
    [InlineData("/version")]
    [InlineData("/openapi/v2")]
    [InlineData("/debug/syncz/a/b/c")]
    [InlineData("/apiextra/v1/pods")]
    public async Task Anything_else_is_a_path_and_a_method(string path)
    {
        var target = await TargetOf("GET", path);
        Assert.False(target.IsResource);
        Assert.Equal(("get", "", "", ""), (target.Verb, target.Group, target.Resource, target.Namespace));
    }

    [Fact]
    public async Task What_follows_a_subresource_is_kept_for_proxies()
    {
        var target = await TargetOf("GET", "/api/v1/namespaces/istio-system/services/istiod:15014/proxy/debug/syncz");
        Assert.Equal(("services", "istiod:15014", "proxy", "debug/syncz"), (target.Resource, target.Name, target.Subresource, target.Rest));
    }

    [Fact]
    public void A_copy_of_a_request_with_another_path_is_about_something_else()
    {
        var pods = new HttpRequest { Method = "GET", Path = "/api/v1/pods" };
        Assert.Equal("pods", pods.Target.Resource);
        Assert.Equal("nodes", (pods with { Path = "/api/v1/nodes" }).Target.Resource);
    }

    [Theory]
    [InlineData("/api/v1/pods", "pods")]
    [InlineData("/apis/apps/v1/deployments", "deployments.apps")]
    public async Task The_resource_is_named_with_its_group(string path, string name) => Assert.Equal(name, (await TargetOf("GET", path)).QualifiedResource);

    private static async Task<RequestTarget> TargetOf(string method, string url)
    {
        RequestTarget? target = null;
        await using var server = HttpServer.Start(
            new FuncHandler((request, response, token) =>
            {
                target = request.Target;
                return response.SendAsync(200, "", default, token);
            }),
            new());
        using var client = new RawClient(server.Port);
        client.Send($"{method} {url} HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadHead();
        return target!;
    }
}
