using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Authorizing;

public sealed class EscalationCheckTests : IDisposable
{
    private readonly RbacWorld _world = new();
    private readonly Identity _jane = RbacWorld.User("jane");

    public EscalationCheckTests()
    {
        _world.Cluster.Add(new EscalationCheck(_world.Cluster, _world.Rules));
        _world.Role("shop", "held", RbacWorld.Rule("get list", "pods"));
        _world.Bind("shop", "Role/held", "User/jane");
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_one_has_one_may_hand_on()
    {
        Write(ApiResources.Roles, "a", Rules(RbacWorld.Rule("get", "pods")));
        Write(ApiResources.RoleBindings, "a", RbacWorld.Binding("Role/held", "User/joe"));
    }

    [Fact]
    public void A_role_with_more_than_its_writer_has_is_refused()
    {
        var refusal = Assert.Throws<ApiStatusException>(() => Write(ApiResources.Roles, "a", Rules(RbacWorld.Rule("get delete list create", "pods secrets"))));
        Assert.Equal(403, refusal.Code);
        Assert.Equal(
            "roles.rbac.authorization.k8s.io \"a\" is forbidden: user \"jane\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
            + "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"delete\" \"create\"]}\n"
            + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"delete\" \"list\" \"create\"]}",
            refusal.Message);
    }

    [Fact]
    public void Binding_a_role_takes_what_it_allows()
    {
        _world.Role("shop", "strong", RbacWorld.Rule("delete", "pods"));
        var refusal = Assert.Throws<ApiStatusException>(() => Write(ApiResources.RoleBindings, "a", RbacWorld.Binding("Role/strong", "User/joe")));
        Assert.EndsWith("not currently held:\n{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"delete\"]}", refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("rolebindings.rbac.authorization.k8s.io \"a\" is forbidden: user \"jane\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_that_does_not_exist_cannot_be_bound()
    {
        var refusal = Assert.Throws<ApiStatusException>(() => Write(ApiResources.RoleBindings, "a", RbacWorld.Binding("ClusterRole/gone", "User/joe")));
        Assert.Equal((404, "clusterroles.rbac.authorization.k8s.io \"gone\" not found"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void The_verb_bind_lets_hand_on_a_certain_role()
    {
        _world.Role("shop", "strong", RbacWorld.Rule("delete", "pods"));
        _world.Role("shop", "stronger", RbacWorld.Rule("delete", "nodes"));
        _world.Role("shop", "binder", RbacWorld.Rule("bind", "roles", ApiResources.RbacGroup, "strong"));
        _world.Bind("shop", "Role/binder", "User/jane");
        Write(ApiResources.RoleBindings, "a", RbacWorld.Binding("Role/strong", "User/joe"));
        Assert.Throws<ApiStatusException>(() => Write(ApiResources.RoleBindings, "b", RbacWorld.Binding("Role/stronger", "User/joe")));
    }

    [Fact]
    public void The_verb_escalate_lets_write_any_role()
    {
        _world.Role("shop", "escalator", RbacWorld.Rule("escalate", "roles", ApiResources.RbacGroup));
        _world.Bind("shop", "Role/escalator", "User/jane");
        Write(ApiResources.Roles, "a", Rules(RbacWorld.Rule("*", "*", "*")));
    }

    [Fact]
    public void Masters_and_the_sandboxs_own_components_may_write_any_role()
    {
        _world.Create(ApiResources.Roles, "shop", "a", Rules(RbacWorld.Rule("*", "*", "*")));
        _world.Create(ApiResources.Roles, "shop", "b", Rules(RbacWorld.Rule("*", "*", "*")), new() { By = RbacWorld.User("root", "system:masters") });
    }

    [Fact]
    public void Gathering_what_others_have_takes_everything()
    {
        var refusal = Assert.Throws<ApiStatusException>(() => _world.Create(ApiResources.ClusterRoles, "", "a", Gathering(), new() { By = _jane }));
        Assert.Equal("clusterroles.rbac.authorization.k8s.io \"a\" is forbidden: must have cluster-admin privileges to use the aggregationRule", refusal.Message);

        _world.ClusterRole("everything", RbacWorld.Rule("*", "*", "*"), RbacWorld.UrlRule("*", "*"));
        _world.BindEverywhere("ClusterRole/everything", "User/jane");
        _world.Create(ApiResources.ClusterRoles, "", "a", Gathering(), new() { By = _jane });

        static JsonObject Gathering() => new() { ["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray { new JsonObject() } } };
    }

    [Fact]
    public void A_role_may_lose_rules_and_change_its_labels_but_not_gain()
    {
        var role = _world.Role("shop", "strong", RbacWorld.Rule("delete", "pods"), RbacWorld.Rule("get", "pods"));
        role = Change(role, json => json.Object("metadata", "labels")["a"] = "b");
        Assert.Throws<ApiStatusException>(() => Change(role, json => json.List("rules").Add(RbacWorld.Rule("get", "nodes"))));
        role = Change(role, json => json.List("rules").RemoveAt(0));
        Assert.Single(role.As<RoleView>().Rules);
    }

    [Fact]
    public void A_binding_of_a_stronger_role_may_be_given_up_but_not_widened()
    {
        _world.Role("shop", "strong", RbacWorld.Rule("delete", "pods"));
        var binding = _world.Bind("shop", "Role/strong", "User/joe");
        binding = Change(binding, json => json.List("metadata", "finalizers").Add("example.com/hold"));
        Assert.Throws<ApiStatusException>(() => Change(binding, json => json.List("subjects").Add(new JsonObject { ["kind"] = "User", ["name"] = "jane" })));
    }

    private static JsonObject Rules(params JsonObject[] rules) => new() { ["rules"] = new JsonArray([.. rules]) };

    private StoredObject Write(ApiResource resource, string name, JsonObject body) => _world.Create(resource, "shop", name, body, new() { By = _jane });

    private StoredObject Change(StoredObject stored, Action<JsonObject> change)
    {
        var json = stored.ToJson();
        change(json);
        return _world.Simulation.Enter(() => _world.Cluster.Update(stored, json, UpdatePart.Main, new() { By = _jane }));
    }
}
