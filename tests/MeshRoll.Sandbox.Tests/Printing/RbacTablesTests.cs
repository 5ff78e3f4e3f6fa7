namespace MeshRoll.Sandbox.Tests.Printing;

public sealed class RbacTablesTests
{
    private const string Group = "rbac.authorization.k8s.io";
    private const string Metadata = "'metadata':{'name':'x'," + Table.Created + "}";

    [Theory]
    [InlineData("Role")]
    [InlineData("ClusterRole")]
    public void Roles_show_when_they_were_made(string kind)
    {
        Assert.Equal("Name | Created At", Table.Heading(Group, kind));
        Assert.Equal("x | 2026-01-01T13:00:00Z", Table.Row(Group, kind, $"{{{Metadata}}}"));
    }

    [Theory]
    [InlineData("RoleBinding")]
    [InlineData("ClusterRoleBinding")]
    public void Bindings_show_their_role_and_their_subjects_when_wide(string kind)
    {
        const string Item = $$"""
            {{{Metadata}},'roleRef':{'kind':'ClusterRole','name':'view'},'subjects':[
              {'kind':'User','name':'jane'},{'kind':'User','name':'joe'},{'kind':'Group','name':'ops'},{'kind':'ServiceAccount','namespace':'shop','name':'robot'}]}
            """;
        Assert.Equal("Name | Role | Age | Users+ | Groups+ | ServiceAccounts+", Table.Heading(Group, kind));
        Assert.Equal("x | ClusterRole/view | 5m", Table.Row(Group, kind, Item));
        Assert.Equal("x | ClusterRole/view | 5m | jane, joe | ops | shop/robot", Table.Row(Group, kind, Item, isWide: true));
    }
}
