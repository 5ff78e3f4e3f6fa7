using MeshRoll.Core.Permissions;

namespace MeshRoll.Core.Tests.Permissions;

public class RoleTextTests
{
    [Fact]
    public void A_role_for_each_namespace_a_ClusterRole_for_the_rest_and_as_few_rules_as_can_be()
    {
        PlannedPermission[] rights =
        [
            Right("shop", "pods", "list", "watch"), Right("shop", "deployments", "list", group: "apps"), Right("shop", "statefulsets", "list", group: "apps"),
            Right("", "webhooks", "list", group: "hooks.io"), Right("linkerd", "configmaps", "get") with { Verb = "get" },
        ];
        Assert.Equal(
            """
            # What these commands of MeshRoll need, and nothing else: Get-MeshThing
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: meshroll
            rules:
              - apiGroups: [hooks.io]
                resources: [webhooks]
                verbs: [list]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata:
              name: meshroll
              namespace: linkerd
            rules:
              - apiGroups: [""]
                resources: [configmaps]
                verbs: [get]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata:
              name: meshroll
              namespace: shop
            rules:
              - apiGroups: [""]
                resources: [pods]
                verbs: [list, watch]
              - apiGroups: [apps]
                resources: [deployments, statefulsets]
                verbs: [list]

            """.ReplaceLineEndings("\n"),
            RoleText.Of(Spread(rights), "meshroll", null));
    }

    [Fact]
    public void The_order_of_the_rights_does_not_matter()
    {
        var rights = Spread([Right("shop", "pods", "list", "watch", "get"), Right("shop", "events", "list"), Right("bank", "pods", "list"), Right("", "nodes", "list", "watch")]).ToList();
        var text = RoleText.Of(rights, "meshroll", new("Group", "sre"));
        rights.Reverse();
        Assert.Equal(text, RoleText.Of(rights, "meshroll", new("Group", "sre")));
        Assert.Contains("verbs: [get, list, watch]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_whole_cluster_gives_is_not_given_again_in_a_namespace()
    {
        var text = RoleText.Of(Spread([Right("", "pods", "list"), Right("istio-system", "pods", "list"), Right("istio-system", "configmaps", "get")]), "meshroll", null);
        Assert.Equal(1, text.Split("pods").Length - 1);
        Assert.Contains("namespace: istio-system", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_are_rules_of_their_own()
    {
        var text = RoleText.Of(Spread([Right("", "/version", "get"), Right("", "nodes", "list")]), "meshroll", null);
        Assert.Contains("  - nonResourceURLs: [/version]\n    verbs: [get]\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("meshroll", "name: meshroll\n")]
    [InlineData("true", "name: \"true\"\n")]
    [InlineData("2024", "name: \"2024\"\n")]
    [InlineData("a: b\n#", "name: \"a: b\\n#\"\n")]
    [InlineData("system:masters", "name: \"system:masters\"\n")]
    public void Names_that_YAML_would_read_as_something_else_are_quoted(string name, string expected) =>
        Assert.Contains(expected, RoleText.Of(Spread([Right("shop", "pods", "list")]), name, null), StringComparison.Ordinal);

    [Theory]
    [InlineData("ops/restarter", "ServiceAccount", "restarter", "ops")]
    [InlineData("user:jane@example.org", "User", "jane@example.org", "")]
    [InlineData("user:https://issuer#jane", "User", "https://issuer#jane", "")]
    [InlineData("GROUP:sre", "Group", "sre", "")]
    public void Whom_a_role_is_bound_to_is_read(string text, string kind, string name, string @namespace) => Assert.Equal(new(kind, name, @namespace), RoleSubject.Parse(text));

    [Theory]
    [InlineData("jane")]
    [InlineData("")]
    [InlineData("ops/")]
    [InlineData("user:")]
    [InlineData("a/b/c")]
    [InlineData("robot:x")]
    public void Nobody_else_is(string text) => Assert.Equal("MeshRoll.SubjectInvalid", Assert.Throws<InvalidRequestException>(() => RoleSubject.Parse(text)).Id);

    private static IEnumerable<PlannedPermission> Spread(IEnumerable<PlannedPermission> rights) => rights.SelectMany(right => right.Need.Verbs.Select(verb => right with { Verb = verb }));

    private static PlannedPermission Right(string @namespace, string resource, string verb, string? second = null, string? third = null, string group = "")
    {
        var need = new PermissionNeed { Verbs = [.. new[] { verb, second, third }.OfType<string>()], Group = group, Resource = resource, Scope = PermissionScope.InNamespace, For = "test" };
        return new("Get-MeshThing", need, verb, @namespace, Needed: true);
    }
}
