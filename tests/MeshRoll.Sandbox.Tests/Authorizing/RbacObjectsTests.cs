using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Authorizing;

public sealed class RbacObjectsTests : IDisposable
{
    private readonly RbacWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_binding_is_completed_with_the_groups_it_left_out()
    {
        var json = _world.Bind("shop", "Role/reader", "User/jane", "Group/ops", "ServiceAccount/robot").ToJson();
        Assert.Equal("rbac.authorization.k8s.io", json.Text("roleRef", "apiGroup"));
        Assert.Equal(["rbac.authorization.k8s.io", "rbac.authorization.k8s.io", null], json.Items("subjects").Select(subject => subject.Text("apiGroup")));
    }

    [Fact]
    public void The_role_of_a_binding_cannot_be_changed()
    {
        var binding = _world.Bind("shop", "Role/reader", "User/jane");
        var refusal = Assert.Throws<ApiStatusException>(() => _world.Simulation.Enter(() => _world.Cluster.Change(binding, json => json.Object("roleRef")["name"] = "writer")));
        Assert.Equal(
            "RoleBinding.rbac.authorization.k8s.io \"give-reader\" is invalid: roleRef: Invalid value: "
            + "rbac.RoleRef{APIGroup:\"rbac.authorization.k8s.io\", Kind:\"Role\", Name:\"writer\"}: cannot change roleRef",
            refusal.Message);
        Assert.Equal(422, refusal.Code);
    }

    [Theory]
    [InlineData("Role/reader", "Robot/jane", "subjects[0].kind: Unsupported value: \"Robot\": supported values: \"ServiceAccount\", \"User\", \"Group\"")]
    [InlineData("Rolle/reader", "User/jane", "roleRef.kind: Unsupported value: \"Rolle\": supported values: \"Role\", \"ClusterRole\"")]
    [InlineData("Role/", "User/jane", "roleRef.name: Required value")]
    [InlineData("Role/reader", "ServiceAccount/", "subjects[0].name: Required value")]
    public void A_wrong_binding_is_refused_in_the_servers_words(string role, string subject, string message) =>
        AssertInvalid(ApiResources.RoleBindings, "shop", RbacWorld.Binding(role, subject), message);

    [Fact]
    public void A_cluster_role_binding_takes_cluster_roles_and_service_accounts_with_a_namespace()
    {
        AssertInvalid(ApiResources.ClusterRoleBindings, "", RbacWorld.Binding("Role/reader", "User/jane"), "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"");
        AssertInvalid(ApiResources.ClusterRoleBindings, "", RbacWorld.Binding("ClusterRole/reader", "ServiceAccount/robot"), "subjects[0].namespace: Required value");
    }

    [Fact]
    public void A_rule_needs_verbs_groups_and_resources()
    {
        AssertInvalid(ApiResources.ClusterRoles, "", Role(new JsonObject()), """
            [rules[0].verbs: Required value: verbs must contain at least one value,
             rules[0].apiGroups: Required value: resource rules must supply at least one api group,
             rules[0].resources: Required value: resource rules must supply at least one resource]
            """.ReplaceLineEndings(""));
        AssertInvalid(
            ApiResources.Roles, "shop", Role(RbacWorld.UrlRule("get", "/metrics")),
            "rules[0].nonResourceURLs: Invalid value: []string{\"/metrics\"}: namespaced rules cannot apply to non-resource URLs");
    }

    [Theory]
    [InlineData("system:node:a_B", null)]
    [InlineData("a/b", "may not contain '/'")]
    [InlineData("..", "may not be '..'")]
    [InlineData("50%", "may not contain '%'")]
    public void Roles_may_have_any_name_that_fits_into_a_path(string name, string? wrong)
    {
        if (wrong is null)
        {
            Assert.Equal(name, _world.ClusterRole(name).Name);
            return;
        }
        var refusal = Assert.Throws<ApiStatusException>(() => _world.ClusterRole(name));
        Assert.Equal($"ClusterRole.rbac.authorization.k8s.io \"{name}\" is invalid: metadata.name: Invalid value: \"{name}\": {wrong}", refusal.Message);
    }

    private static JsonObject Role(params JsonObject[] rules) => new() { ["rules"] = new JsonArray([.. rules]) };

    private void AssertInvalid(ApiResource resource, string @namespace, JsonObject body, string message)
    {
        var refusal = Assert.Throws<ApiStatusException>(() => _world.Create(resource, @namespace, "x", body));
        Assert.Equal($"{resource.Kind}.rbac.authorization.k8s.io \"x\" is invalid: {message}", refusal.Message);
    }
}
