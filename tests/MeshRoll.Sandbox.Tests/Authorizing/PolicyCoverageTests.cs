using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Authorizing;

namespace MeshRoll.Sandbox.Tests.Authorizing;

public sealed class PolicyCoverageTests
{
    [Theory]
    [InlineData("get list", "pods", "get", "pods")]
    [InlineData("*", "pods", "get watch", "pods")]
    [InlineData("*", "*", "*", "*")]
    [InlineData("get", "*", "get", "pods pods/log")]
    [InlineData("get", "*/scale", "get", "deployments/scale")]
    public void Holding_as_much_or_more_covers(string heldVerbs, string heldResources, string verbs, string resources) =>
        Assert.Empty(Missing([RbacWorld.Rule(heldVerbs, heldResources)], RbacWorld.Rule(verbs, resources)));

    [Fact]
    public void Several_rules_cover_together() =>
        Assert.Empty(Missing([RbacWorld.Rule("get", "pods"), RbacWorld.Rule("list", "pods services"), RbacWorld.Rule("get", "services")], RbacWorld.Rule("get list", "pods services")));

    [Theory]
    [InlineData("get", "pods", "*", "pods", """{APIGroups:[""], Resources:["pods"], Verbs:["*"]}""")]
    [InlineData("get", "pods", "get delete list", "pods", """{APIGroups:[""], Resources:["pods"], Verbs:["delete" "list"]}""")]
    [InlineData("get", "pods", "get", "pods/log", """{APIGroups:[""], Resources:["pods/log"], Verbs:["get"]}""")]
    public void What_is_missing_is_told_by_resource_with_its_verbs(string heldVerbs, string heldResources, string verbs, string resources, string missing) =>
        Assert.Equal(missing, Assert.Single(Missing([RbacWorld.Rule(heldVerbs, heldResources)], RbacWorld.Rule(verbs, resources))).ToString());

    [Fact]
    public void One_object_does_not_cover_all_but_all_cover_one()
    {
        Assert.Single(Missing([RbacWorld.Rule("get", "pods", "core", "cart")], RbacWorld.Rule("get", "pods")));
        Assert.Single(Missing([RbacWorld.Rule("get", "pods", "core", "cart")], RbacWorld.Rule("get", "pods", "core", "web")));
        Assert.Empty(Missing([RbacWorld.Rule("get", "pods")], RbacWorld.Rule("get", "pods", "core", "web cart")));
    }

    [Fact]
    public void Paths_are_covered_by_paths()
    {
        Assert.Empty(Missing([RbacWorld.UrlRule("get", "/healthz/*")], RbacWorld.UrlRule("get", "/healthz/ping")));
        Assert.Single(Missing([RbacWorld.UrlRule("get", "/healthz/*")], RbacWorld.UrlRule("get", "/metrics")));
        Assert.Single(Missing([RbacWorld.Rule("*", "*", "*")], RbacWorld.UrlRule("get", "/metrics")));
    }

    private static IReadOnlyList<PolicyRule> Missing(JsonObject[] held, params JsonObject[] wanted) => PolicyCoverage.Missing([.. held.Select(Read)], wanted.Select(Read));

    private static PolicyRule Read(JsonObject rule)
    {
        using var document = JsonDocument.Parse(rule.ToJsonString());
        return PolicyRule.Read(document.RootElement);
    }
}
