using MeshRoll.Core.Permissions;

namespace MeshRoll.Core.Tests.Permissions;

public class PermissionPlanTests
{
    private static readonly PermissionPlaces s_shop = new() { Namespaces = ["shop"], Istio = ["istio-system"] };

    [Fact]
    public void Named_namespaces_need_no_list_of_them()
    {
        var rights = Rights("Get-MeshWorkload", s_shop);
        Assert.Contains("get namespaces in shop", rights);
        Assert.DoesNotContain("list namespaces in ", rights);
    }

    [Fact]
    public void Wildcards_need_the_list_of_namespaces_and_rights_in_each_that_fits()
    {
        var rights = Rights("Get-MeshWorkload", s_shop with { Namespaces = ["shop", "shop-2"], Searched = true });
        Assert.Contains("list namespaces in ", rights);
        Assert.Contains("list pods in shop", rights);
        Assert.Contains("list pods in shop-2", rights);
        Assert.DoesNotContain("list pods in ", rights);
    }

    [Fact]
    public void All_namespaces_need_rights_of_the_whole_cluster()
    {
        var rights = Rights("Get-MeshWorkload", s_shop with { Namespaces = [], All = true, Searched = true });
        Assert.Contains("list pods in ", rights);
        Assert.Contains("list configmaps in istio-system", rights);
    }

    [Fact]
    public void Only_the_meshes_that_are_there_are_read()
    {
        Assert.Contains("list configmaps in istio-system", Rights("Get-MeshWorkload", s_shop));
        var linkerd = Rights("Get-MeshWorkload", s_shop with { Istio = [], Linkerd = ["linkerd"] });
        Assert.Contains("get configmaps in linkerd", linkerd);
        Assert.DoesNotContain("list configmaps in istio-system", linkerd);
        Assert.Contains("list deployments.apps in consul", Rights("Get-MeshWorkload", s_shop with { Istio = [], Consul = ["consul"] }));
    }

    [Fact]
    public void Argo_Rollouts_need_rights_where_they_are_installed()
    {
        Assert.DoesNotContain("list rollouts.argoproj.io in shop", Rights("Get-MeshWorkload", s_shop));
        Assert.Contains("list rollouts.argoproj.io in shop", Rights("Get-MeshWorkload", s_shop with { ArgoRollouts = true }));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("Nodes", false)]
    [InlineData("Evict", true)]
    [InlineData("surge", true)]
    [InlineData("*", true)]
    public void What_serves_a_feature_is_needed_when_that_is_named(string feature, bool needed)
    {
        var features = PermissionPlan.Features(feature.Length == 0 ? [] : [feature]);
        var eviction = Assert.Single(PermissionPlan.Of(["Start-MeshRolloutRestart"], features, s_shop), planned => planned.Need.Resource == "pods/eviction");
        Assert.Equal(needed, eviction.Needed);
    }

    [Fact]
    public void Commands_are_found_by_name_and_wildcards_whatever_their_case()
    {
        Assert.Equal(["Get-MeshPermission", "Test-MeshPermission"], PermissionPlan.Cmdlets(["*-meshpermission"]));
        Assert.Equal(PermissionTable.Rows.Keys, PermissionPlan.Cmdlets([]));
        var error = Assert.Throws<InvalidRequestException>(() => PermissionPlan.Cmdlets(["Get-MeshWorkload", "Get-MeshNonsense"]));
        Assert.Equal("MeshRoll.CmdletUnknown", error.Id);
        Assert.Contains("Get-MeshNonsense", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_says_what_it_serves_and_uses_verbs_that_exist() => Assert.All(PermissionTable.Rows.Values.SelectMany(needs => needs), need =>
    {
        Assert.NotEmpty(need.For);
        Assert.False(need.For.EndsWith('.'), need.For);
        Assert.All(need.Verbs, verb => Assert.Contains(verb, new[] { "get", "list", "watch", "create", "update", "patch", "delete" }));
    });

    private static List<string> Rights(string cmdlet, PermissionPlaces places) =>
        [.. PermissionPlan.Of([cmdlet], [], places).Where(planned => planned.Needed).Select(planned => $"{planned.Verb} {planned.Need.FullName} in {planned.Namespace}")];
}
