using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Tests.Authorizing;

public sealed class RbacRulesTests : IDisposable
{
    private readonly RbacWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Nobody_may_do_anything_without_a_binding() => Assert.False(May("jane", "get", "pods", "shop"));

    [Fact]
    public void A_role_holds_in_its_namespace_only()
    {
        _world.Role("shop", "reader", RbacWorld.Rule("get list", "pods"));
        _world.Bind("shop", "Role/reader", "User/jane");
        Assert.True(May("jane", "list", "pods", "shop"));
        Assert.False(May("jane", "list", "pods", "bank"));
        Assert.False(May("jane", "list", "pods", ""));
        Assert.False(May("joe", "list", "pods", "shop"));
    }

    [Fact]
    public void A_cluster_role_holds_where_it_is_bound()
    {
        _world.ClusterRole("reader", RbacWorld.Rule("list", "pods nodes"));
        _world.Bind("shop", "ClusterRole/reader", "User/jane");
        _world.BindEverywhere("ClusterRole/reader", "User/joe");
        Assert.True(May("jane", "list", "pods", "shop"));
        Assert.False(May("jane", "list", "nodes", ""));
        Assert.True(May("joe", "list", "pods", "bank"));
        Assert.True(May("joe", "list", "nodes", ""));
    }

    [Fact]
    public void Groups_and_service_accounts_are_bound_too()
    {
        _world.Role("shop", "reader", RbacWorld.Rule("list", "pods"));
        _world.Bind("shop", "Role/reader", "Group/ops", "ServiceAccount/robot", "ServiceAccount/bank/auditor");
        Assert.True(_world.Rules.Allows(RbacWorld.User("eve", "ops"), List("shop")));
        Assert.True(May("system:serviceaccount:shop:robot", "list", "pods", "shop"));
        Assert.True(May("system:serviceaccount:bank:auditor", "list", "pods", "shop"));
        Assert.False(May("system:serviceaccount:bank:robot", "list", "pods", "shop"));
        Assert.False(May("ops", "list", "pods", "shop"));
    }

    [Fact]
    public void Masters_may_do_anything_without_any_role()
    {
        var decision = _world.Rules.Decide(RbacWorld.User("root", "system:masters"), new() { Verb = "eat", Resource = "pods" });
        Assert.True(decision.Allowed);
        Assert.Equal("", decision.Reason);
    }

    [Fact]
    public void A_yes_says_which_binding_gave_it()
    {
        _world.ClusterRole("reader", RbacWorld.Rule("list", "pods"));
        _world.Bind("shop", "ClusterRole/reader", "ServiceAccount/robot");
        _world.BindEverywhere("ClusterRole/reader", "User/jane");
        Assert.Equal(
            "RBAC: allowed by RoleBinding \"give-reader/shop\" of ClusterRole \"reader\" to ServiceAccount \"robot/shop\"",
            _world.Rules.Decide(RbacWorld.User("system:serviceaccount:shop:robot"), List("shop")).Reason);
        Assert.Equal(
            "RBAC: allowed by ClusterRoleBinding \"give-reader\" of ClusterRole \"reader\" to User \"jane\"",
            _world.Rules.Decide(RbacWorld.User("jane"), List("shop")).Reason);
    }

    [Fact]
    public void A_no_tells_of_roles_that_do_not_exist()
    {
        _world.Bind("shop", "Role/gone", "User/jane");
        Assert.Equal("RBAC: role.rbac.authorization.k8s.io \"gone\" not found", _world.Rules.Decide(RbacWorld.User("jane"), List("shop")).Reason);
        _world.BindEverywhere("ClusterRole/lost", "User/jane", "Group/system:authenticated");
        Assert.Equal(
            "RBAC: [clusterrole.rbac.authorization.k8s.io \"lost\" not found, role.rbac.authorization.k8s.io \"gone\" not found]",
            _world.Rules.Decide(RbacWorld.User("jane"), List("shop")).Reason);
    }

    [Fact]
    public void A_change_of_roles_and_bindings_counts_at_once()
    {
        Assert.False(May("jane", "list", "pods", "shop"));
        var binding = _world.Bind("shop", "Role/reader", "User/jane");
        Assert.False(May("jane", "list", "pods", "shop"));
        var role = _world.Role("shop", "reader", RbacWorld.Rule("list", "pods"));
        Assert.True(May("jane", "list", "pods", "shop"));
        _world.Simulation.Enter(() => _world.Cluster.Change(role, json => json["rules"] = new JsonArray { RbacWorld.Rule("get", "pods") }));
        Assert.False(May("jane", "list", "pods", "shop"));
        Assert.True(May("jane", "get", "pods", "shop"));
        _world.Delete(binding);
        Assert.False(May("jane", "get", "pods", "shop"));
    }

    [Fact]
    public void The_rules_of_a_user_are_those_of_all_his_bindings_each_binding_once()
    {
        _world.ClusterRole("reader", RbacWorld.Rule("list", "pods"), RbacWorld.UrlRule("get", "/metrics"));
        _world.BindEverywhere("ClusterRole/reader", "User/jane", "Group/system:authenticated");
        _world.Role("shop", "writer", RbacWorld.Rule("delete", "pods"));
        _world.Bind("shop", "Role/writer", "User/jane");
        Assert.Equal(3, _world.Rules.RulesFor(RbacWorld.User("jane"), "shop").Rules.Count);
        Assert.Equal(2, _world.Rules.RulesFor(RbacWorld.User("joe"), "shop").Rules.Count);
    }

    [Fact]
    public void An_aggregated_role_gathers_what_carries_its_label()
    {
        _ = new RoleAggregation(_world.Cluster);
        _world.Create(ApiResources.ClusterRoles, "", "all", new JsonObject
        {
            ["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray { new JsonObject { ["matchLabels"] = new JsonObject { ["to"] = "all" } } } },
        });
        _world.BindEverywhere("ClusterRole/all", "User/jane");
        var part = _world.ClusterRole("part", RbacWorld.Rule("list", "pods"));
        Settle();
        Assert.False(May("jane", "list", "pods", "shop"));

        _world.Simulation.Enter(() => _world.Cluster.Change(part, json => json.Object("metadata", "labels")["to"] = "all"));
        Settle();
        Assert.True(May("jane", "list", "pods", "shop"));

        _world.Delete(part);
        Settle();
        Assert.False(May("jane", "list", "pods", "shop"));
    }

    [Theory]
    [InlineData("view")]
    [InlineData("edit")]
    [InlineData("admin")]
    public void A_built_in_aggregated_role_has_all_that_it_would_gather(string name)
    {
        BuiltInRoles.Give(_world.Cluster);
        var role = _world.Cluster.Store.Find(ApiResources.ClusterRoles, "", name)!;

        _world.Simulation.Enter(() => RoleAggregation.Gather(_world.Cluster, role));

        Assert.Equal(role.Version, _world.Cluster.Store.Find(ApiResources.ClusterRoles, "", name)!.Version);
        Assert.NotEmpty(role.ToJson()["rules"]!.AsArray());
    }

    [Fact]
    public void The_built_in_roles_are_what_users_know_from_a_real_cluster()
    {
        BuiltInRoles.Give(_world.Cluster);
        _world.Bind("shop", "ClusterRole/view", "User/viewer");
        _world.Bind("shop", "ClusterRole/edit", "User/editor");
        _world.Bind("shop", "ClusterRole/admin", "User/boss");

        Assert.True(May("viewer", "watch", "deployments", "shop", "apps"));
        Assert.False(May("viewer", "get", "secrets", "shop"));
        Assert.False(May("viewer", "patch", "deployments", "shop", "apps"));
        Assert.True(May("editor", "patch", "deployments", "shop", "apps"));
        Assert.True(May("editor", "list", "pods", "shop"));
        Assert.True(May("editor", "patch", "rollouts", "shop", "argoproj.io"));
        Assert.False(May("editor", "create", "rolebindings", "shop", "rbac.authorization.k8s.io"));
        Assert.True(May("boss", "create", "rolebindings", "shop", "rbac.authorization.k8s.io"));
        Assert.True(May("boss", "delete", "pods", "shop"));
        Assert.False(May("boss", "delete", "nodes", ""));

        Assert.True(May("viewer", "create", "selfsubjectaccessreviews", "", "authorization.k8s.io"));
        Assert.True(_world.Rules.Allows(RbacWorld.User("viewer"), new() { Verb = "get", Path = "/apis/apps/v1" }));
        Assert.False(_world.Rules.Allows(RbacWorld.User("viewer"), new() { Verb = "get", Path = "/metrics" }));
        Assert.True(_world.Rules.Allows(Identity.Anonymous, new() { Verb = "get", Path = "/version" }));
        Assert.False(_world.Rules.Allows(Identity.Anonymous, new() { Verb = "get", Path = "/apis" }));
    }

    [Fact]
    public void The_built_in_roles_are_there_when_somebody_reads_them_as_old_as_the_cluster_and_always_the_same()
    {
        BuiltInRoles.Give(_world.Cluster);
        var (version, since) = (_world.Cluster.Store.Version, _world.Cluster.Now);
        _world.Simulation.SetTime(since + TimeSpan.FromHours(1));
        Assert.Equal(version, _world.Cluster.Store.Version);

        var roles = _world.Cluster.Store.List(ApiResources.ClusterRoles).ToList();
        Assert.Equal(14, roles.Count);
        Assert.Equal(version + 14, _world.Cluster.Store.Version);
        Assert.Equal(5, _world.Cluster.Store.Count(ApiResources.ClusterRoleBindings));
        Assert.All(roles, role => Assert.Equal(JsonAccess.Timestamp(since), JsonAccess.Timestamp(role.Metadata.Created)));
        Settle();
        Assert.Equal(version + 14 + 5, _world.Cluster.Store.Version);

        using var other = new RbacWorld();
        BuiltInRoles.Give(other.Cluster);
        var (bindings, later) = (other.Cluster.Store.List(ApiResources.ClusterRoleBindings), other.Cluster.Store.List(ApiResources.ClusterRoles));
        Assert.Equal(roles.Select(role => role.Uid), later.Select(role => role.Uid));
        Assert.Equal(_world.Cluster.Store.List(ApiResources.ClusterRoleBindings).Select(binding => binding.Uid), bindings.Select(binding => binding.Uid));
    }

    private bool May(string user, string verb, string resource, string @namespace, string group = "") =>
        _world.Rules.Allows(RbacWorld.User(user), new() { Verb = verb, Resource = resource, Namespace = @namespace, Group = group });

    private void Settle() => _world.Simulation.Settle(TimeSpan.FromSeconds(1));

    private static AccessAttributes List(string @namespace) => new() { Verb = "list", Resource = "pods", Namespace = @namespace };
}
