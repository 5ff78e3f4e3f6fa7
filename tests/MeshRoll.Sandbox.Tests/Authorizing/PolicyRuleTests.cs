using System.Text.Json;
using MeshRoll.Sandbox.Authorizing;

namespace MeshRoll.Sandbox.Tests.Authorizing;

public sealed class PolicyRuleTests
{
    [Theory]
    [InlineData("get", "", "pods", "", "", true)]
    [InlineData("list", "", "pods", "", "", false)]
    [InlineData("get", "apps", "pods", "", "", false)]
    [InlineData("get", "", "pods", "log", "", false)]
    [InlineData("get", "", "services", "", "", false)]
    public void A_rule_names_verbs_groups_and_resources(string verb, string group, string resource, string subresource, string name, bool allowed) =>
        Check("get", "core", "pods", "", verb, group, resource, subresource, name, allowed);

    [Theory]
    [InlineData("*", "*", "*", "delete", "apps", "deployments", "scale", true)]
    [InlineData("get", "*", "pods", "get", "anything.io", "pods", "", true)]
    [InlineData("get", "core", "*", "get", "", "pods", "log", true)]
    [InlineData("*", "core", "pods", "eat", "", "pods", "", true)]
    [InlineData("get", "core", "pods/log", "get", "", "pods", "log", true)]
    [InlineData("get", "core", "pods/log", "get", "", "pods", "", false)]
    [InlineData("get", "apps", "*/scale", "get", "apps", "deployments", "scale", true)]
    [InlineData("get", "apps", "*/scale", "get", "apps", "deployments", "status", false)]
    [InlineData("get", "apps", "*/scale", "get", "apps", "deployments", "", false)]
    [InlineData("get", "core", "pods/*", "get", "", "pods", "log", false)]
    [InlineData("get", "core", "podsxlog", "get", "", "pods", "log", false)]
    public void Stars_stand_for_anything_where_the_real_server_lets_them(
        string verbs, string groups, string resources, string verb, string group, string resource, string subresource, bool allowed) =>
        Check(verbs, groups, resources, "", verb, group, resource, subresource, "x", allowed);

    [Theory]
    [InlineData("cart", true)]
    [InlineData("web", true)]
    [InlineData("other", false)]
    [InlineData("", false)]
    public void Names_narrow_a_rule_to_objects_so_a_list_without_one_is_not_allowed(string name, bool allowed) =>
        Check("get list", "core", "pods", "cart web", "list", "", "pods", "", name, allowed);

    [Theory]
    [InlineData("/healthz", "/healthz", true)]
    [InlineData("/healthz", "/healthz/ping", false)]
    [InlineData("/healthz/*", "/healthz/ping", true)]
    [InlineData("/healthz/*", "/healthz", false)]
    [InlineData("*", "/metrics", true)]
    [InlineData("/api*", "/apis/apps", true)]
    [InlineData("/*/logs", "/x/logs", false)]
    public void Paths_may_end_in_a_star(string url, string path, bool allowed)
    {
        var rule = Read(RbacWorld.UrlRule("get", url).ToJsonString());
        Assert.Equal(allowed, rule.Allows(new() { Verb = "get", Path = path }));
        Assert.False(rule.Allows(new() { Verb = "post", Path = path }));
    }

    [Fact]
    public void A_rule_about_resources_says_nothing_about_paths_and_the_other_way_round()
    {
        Assert.False(Read(RbacWorld.Rule("*", "*", "*").ToJsonString()).Allows(new() { Verb = "get", Path = "/metrics" }));
        Assert.False(Read(RbacWorld.UrlRule("*", "*").ToJsonString()).Allows(new() { Verb = "get", Resource = "pods" }));
    }

    [Fact]
    public void A_rule_is_written_as_refusals_write_it()
    {
        var rule = Read(RbacWorld.Rule("get list", "pods services", "core apps", "cart").ToJsonString());
        Assert.Equal("""{APIGroups:["" "apps"], Resources:["pods" "services"], ResourceNames:["cart"], Verbs:["get" "list"]}""", rule.ToString());
        Assert.Equal("""{NonResourceURLs:["/metrics"], Verbs:["get"]}""", Read(RbacWorld.UrlRule("get", "/metrics").ToJsonString()).ToString());
    }

    [Fact]
    public void What_is_not_of_the_right_type_is_not_read()
    {
        var rule = Read("""{"verbs":"get","resources":[1,"pods"],"apiGroups":null}""");
        Assert.Empty(rule.Verbs);
        Assert.Equal(["pods"], rule.Resources);
    }

    private static void Check(
        string verbs, string groups, string resources, string names, string verb, string group, string resource, string subresource, string name, bool allowed)
    {
        var rule = Read(RbacWorld.Rule(verbs, resources, groups, names).ToJsonString());
        var what = new AccessAttributes { Verb = verb, Group = group, Resource = resource, Subresource = subresource, Name = name };
        Assert.Equal(allowed, rule.Allows(what));
    }

    private static PolicyRule Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return PolicyRule.Read(document.RootElement);
    }
}
