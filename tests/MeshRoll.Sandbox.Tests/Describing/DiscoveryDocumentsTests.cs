using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Describing;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Tests.Describing;

public sealed class DiscoveryDocumentsTests
{
    private const string Address = "127.0.0.1:16443";

    private static readonly DiscoveryDocuments Documents = new(ApiResources.All);

    [Fact]
    public void The_core_group_names_its_version_and_where_the_server_is()
    {
        var document = Read("/api");

        Assert.Equal("APIVersions", document["kind"]!.GetValue<string>());
        Assert.Equal("v1", document["versions"]![0]!.GetValue<string>());
        Assert.Equal(Address, document["serverAddressByClientCIDRs"]![0]!["serverAddress"]!.GetValue<string>());
    }

    [Fact]
    public void Groups_come_in_the_order_of_the_real_server_custom_ones_last()
    {
        var groups = Read("/apis")["groups"]!.AsArray();

        Assert.Equal(
            ["apps", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch", "policy", "rbac.authorization.k8s.io", "admissionregistration.k8s.io", "coordination.k8s.io", "argoproj.io"],
            groups.Select(group => group!["name"]!.GetValue<string>()));
        var policy = groups[5]!;
        Assert.Equal(["policy/v1", "policy/v1beta1"], policy["versions"]!.AsArray().Select(version => version!["groupVersion"]!.GetValue<string>()));
        Assert.Equal("v1", policy["preferredVersion"]!["version"]!.GetValue<string>());
    }

    [Fact]
    public void A_group_can_be_asked_for_alone()
    {
        var document = Read("/apis/autoscaling");

        Assert.Equal("APIGroup", document["kind"]!.GetValue<string>());
        Assert.Equal("autoscaling/v2", document["preferredVersion"]!["groupVersion"]!.GetValue<string>());
    }

    [Fact]
    public void A_version_lists_its_resources_with_what_can_be_done_with_them()
    {
        var document = Read("/apis/apps/v1");
        var deployments = Resource(document, "deployments");

        Assert.Equal("apps/v1", document["groupVersion"]!.GetValue<string>());
        Assert.Equal("deployment", deployments["singularName"]!.GetValue<string>());
        Assert.Equal("Deployment", deployments["kind"]!.GetValue<string>());
        Assert.True(deployments["namespaced"]!.GetValue<bool>());
        Assert.Equal(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"], Texts(deployments["verbs"]));
        Assert.Equal(["deploy"], Texts(deployments["shortNames"]));
        Assert.Equal(["all"], Texts(deployments["categories"]));
        Assert.Null(Resource(document, "controllerrevisions")["shortNames"]);
    }

    [Theory]
    [InlineData("/apis/apps/v1", "deployments/scale", "Scale", "autoscaling", "v1")]
    [InlineData("/apis/apps/v1", "daemonsets/status", "DaemonSet", null, null)]
    [InlineData("/apis/argoproj.io/v1alpha1", "rollouts/scale", "Scale", "autoscaling", "v1")]
    [InlineData("/api/v1", "pods/eviction", "Eviction", "policy", "v1")]
    [InlineData("/api/v1", "pods/log", "Pod", null, null)]
    public void Subresources_say_what_is_written_there(string path, string name, string kind, string? group, string? version)
    {
        var subresource = Resource(Read(path), name);

        Assert.Equal(kind, subresource["kind"]!.GetValue<string>());
        Assert.Equal((group, version), (subresource["group"]?.GetValue<string>(), subresource["version"]?.GetValue<string>()));
    }

    [Fact]
    public void Namespaces_are_not_deleted_all_at_once() => Assert.DoesNotContain("deletecollection", Texts(Resource(Read("/api/v1"), "namespaces")["verbs"]));

    [Fact]
    public void What_is_only_asked_can_only_be_created() => Assert.Equal(["create"], Texts(Resource(Read("/apis/authorization.k8s.io/v1"), "selfsubjectaccessreviews")["verbs"]));

    [Fact]
    public void An_older_version_lists_only_what_is_served_in_it() =>
        Assert.Equal(["horizontalpodautoscalers", "horizontalpodautoscalers/status"], Read("/apis/autoscaling/v1")["resources"]!.AsArray().Select(resource => resource!["name"]!.GetValue<string>()));

    [Theory]
    [InlineData("/api/v2")]
    [InlineData("/apis/none")]
    [InlineData("/apis/apps/v2")]
    [InlineData("/apis//v1")]
    [InlineData("/other")]
    [InlineData("/apis/apps/v1/deployments")]
    public void Other_paths_have_no_document(string path) => Assert.Null(Documents.Find(path, Address));

    [Theory]
    [InlineData("v2")]
    [InlineData("v2beta1")]
    public void Everything_comes_in_one_document_when_asked_for(string version)
    {
        var core = JsonNode.Parse(Documents.Aggregated("/api", version))!;
        var others = JsonNode.Parse(Documents.Aggregated("/apis", version))!;

        Assert.Equal($"apidiscovery.k8s.io/{version}", core["apiVersion"]!.GetValue<string>());
        Assert.Equal("", Assert.Single(core["items"]!.AsArray())!["metadata"]!["name"]!.GetValue<string>());
        var apps = others["items"]![0]!;
        Assert.Equal("apps", apps["metadata"]!["name"]!.GetValue<string>());
        var deployments = apps["versions"]![0]!["resources"]!.AsArray().Single(resource => resource!["resource"]!.GetValue<string>() == "deployments")!;
        Assert.Equal("Namespaced", deployments["scope"]!.GetValue<string>());
        Assert.Equal("Deployment", deployments["responseKind"]!["kind"]!.GetValue<string>());
        Assert.Equal(["scale", "status"], deployments["subresources"]!.AsArray().Select(subresource => subresource!["subresource"]!.GetValue<string>()));
        Assert.Equal("autoscaling", deployments["subresources"]![0]!["responseKind"]!["group"]!.GetValue<string>());
        Assert.DoesNotContain(others["items"]!.AsArray(), group => group!["metadata"]!["name"]!.GetValue<string>().Length == 0);
    }

    private static JsonNode Read(string path) => JsonNode.Parse(Documents.Find(path, Address))!;

    private static JsonNode Resource(JsonNode document, string name) => document["resources"]!.AsArray().Single(resource => resource!["name"]!.GetValue<string>() == name)!;

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(text => text!.GetValue<string>());
}
