using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Wire.Faults;

namespace MeshRoll.Sandbox.Tests.Wire.Faults;

public sealed class WireMatchTests
{
    private const string Pods = "/api/v1/namespaces/shop/pods";

    [Theory]
    [InlineData("*", "GET", Pods, true)]
    [InlineData("list", "GET", Pods, true)]
    [InlineData("List", "GET", Pods, true)]
    [InlineData("get", "GET", Pods, false)]
    [InlineData("GET", "GET", Pods, true)]
    [InlineData("GET", "POST", Pods, false)]
    [InlineData("watch", "GET", Pods + "?watch=1", true)]
    [InlineData("GET", "GET", Pods + "?watch=1", true)]
    [InlineData("delete*", "DELETE", Pods, true)]
    [InlineData("delete", "DELETE", Pods, false)]
    [InlineData("DELETE", "DELETE", Pods, true)]
    [InlineData("get", "GET", "/version", true)]
    public void Verbs_are_the_APIs_and_in_capitals_HTTPs(string verb, string method, string path, bool fits) =>
        Assert.Equal(fits, new WireMatch { Verb = verb }.Fits(Request(method, path)));

    [Theory]
    [InlineData("", Pods + "/a/eviction", true)]
    [InlineData("", "/version", true)]
    [InlineData("pods", Pods, true)]
    [InlineData("pods", Pods + "/a", true)]
    [InlineData("pods", Pods + "/a/eviction", false)]
    [InlineData("pods/eviction", Pods + "/a/eviction", true)]
    [InlineData("pods/*", Pods + "/a/eviction", true)]
    [InlineData("pods/*", Pods + "/a", false)]
    [InlineData("*/scale", "/apis/apps/v1/namespaces/shop/deployments/cart/scale", true)]
    [InlineData("*/*", Pods, true)]
    [InlineData("*", Pods, true)]
    [InlineData("*", "/version", false)]
    [InlineData("pod*", Pods, true)]
    [InlineData("deployments", "/apis/apps/v1/deployments", true)]
    [InlineData("deployments.apps", "/apis/apps/v1/deployments", true)]
    [InlineData("Deployments.Apps", "/apis/apps/v1/deployments", true)]
    [InlineData("deployments.extensions", "/apis/apps/v1/deployments", false)]
    [InlineData("*.apps", "/apis/apps/v1/deployments", true)]
    [InlineData("*.apps", Pods, false)]
    [InlineData("pods.", Pods, true)]
    [InlineData("deployments.apps/scale", "/apis/apps/v1/namespaces/shop/deployments/cart/scale", true)]
    public void Resources_are_named_as_in_kubectl_and_RBAC(string resource, string path, bool fits) =>
        Assert.Equal(fits, new WireMatch { Resource = resource }.Fits(Request("GET", path)));

    [Theory]
    [InlineData("*", "*", "/api/v1/pods", true)]
    [InlineData("shop", "*", Pods, true)]
    [InlineData("sh?p", "*", Pods, true)]
    [InlineData("shop-*", "*", Pods, false)]
    [InlineData("shop", "*", "/api/v1/pods", false)]
    [InlineData("*", "cart-*", Pods + "/cart-1", true)]
    [InlineData("*", "cart-*", Pods, false)]
    [InlineData("*", "cart", Pods + "?fieldSelector=metadata.name=cart", true)]
    public void Namespaces_and_names_take_wildcards(string space, string name, string path, bool fits) =>
        Assert.Equal(fits, new WireMatch { Namespace = space, Name = name }.Fits(Request("GET", path)));

    [Theory]
    [InlineData("/debug/*", "/debug/syncz", true)]
    [InlineData("/version", "/version", true)]
    [InlineData("/version", Pods, false)]
    public void Paths_serve_for_what_is_no_resource(string pattern, string path, bool fits) => Assert.Equal(fits, new WireMatch { Path = pattern }.Fits(Request("GET", path)));

    internal static HttpRequest Request(string method, string url)
    {
        var (path, query) = TargetText.Read(System.Text.Encoding.UTF8.GetBytes(url));
        return new() { Method = method, Path = path, Query = query };
    }
}
