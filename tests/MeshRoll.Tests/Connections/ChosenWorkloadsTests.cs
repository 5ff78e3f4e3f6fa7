using MeshRoll.Connections;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Tests.Connections;

public class ChosenWorkloadsTests
{
    private readonly MeshCluster _cluster = Clusters.Open("one");
    private readonly ChosenWorkloads _chosen = new();

    [Fact]
    public void Piped_pairs_of_one_namespace_become_one_question_and_stay_pairs()
    {
        Add("shop", "Deployment", "web");
        Add("shop", "StatefulSet", "db");
        Add("shop", "Deployment", "web");
        Add("pay", "Deployment", "api");

        Assert.Equal(["shop: Deployment/web StatefulSet/db", "pay: api of Deployment"], Questions());
    }

    [Fact]
    public void Whoever_asks_for_a_whole_namespace_gets_it_though_others_name_some()
    {
        Add("shop", "Deployment", "web");
        _chosen.Add([_cluster], new() { Namespaces = ["shop"] });
        Assert.Equal(["shop: "], Questions());
    }

    [Fact]
    public void A_kind_alone_goes_together_with_names()
    {
        _chosen.Add([_cluster], new() { Namespaces = ["shop"], Kinds = ["DaemonSet"] });
        _chosen.Add([_cluster], new() { Namespaces = ["shop"], Names = ["deploy/web"] });
        Assert.Equal(["shop: DaemonSet deploy/web"], Questions());
    }

    [Fact]
    public void Clusters_are_asked_separately()
    {
        _chosen.Add([_cluster, Clusters.Open("two")], new() { Namespaces = ["shop"] });
        Assert.Equal(["one", "two"], _chosen.Merge().Select(part => part.Cluster.Name));
    }

    [Theory]
    [InlineData("web", "Deployment", "shop Deployment web")]
    [InlineData("web", "sts", "shop StatefulSet web")]
    [InlineData("job-1", "Job", "shop Job job-1")]
    [InlineData("deploy/web", null, "shop Deployment web")]
    public void A_workload_named_in_full_needs_no_question(string name, string? kind, string expected)
    {
        var named = WorkloadTargets.NamedInFull(new() { Namespaces = ["shop"], Names = [name], Kinds = kind is null ? [] : [kind] }, "home");
        Assert.Equal([expected], named!.Select(workload => $"{workload.Namespace} {workload.Kind} {workload.Name}"));
    }

    [Fact]
    public void Without_a_namespace_the_connection_s_own_is_meant() =>
        Assert.Equal("home", Assert.Single(WorkloadTargets.NamedInFull(new() { Names = ["deploy/web"] }, "home")!).Namespace);

    [Theory]
    [InlineData("web")]
    [InlineData("deploy/web*")]
    [InlineData("deploy")]
    public void What_is_not_named_in_full_has_to_be_looked_up(string name) =>
        Assert.Null(WorkloadTargets.NamedInFull(new() { Namespaces = ["shop"], Names = [name] }, "home"));

    [Fact]
    public void Patterns_of_namespaces_and_labels_have_to_be_looked_up()
    {
        Assert.Null(WorkloadTargets.NamedInFull(new() { Namespaces = ["shop*"], Names = ["deploy/web"] }, "home"));
        Assert.Null(WorkloadTargets.NamedInFull(new() { AllNamespaces = true, Names = ["deploy/web"] }, "home"));
        Assert.Null(WorkloadTargets.NamedInFull(new() { Names = ["deploy/web"], LabelSelector = "app=web" }, "home"));
    }

    private void Add(string @namespace, string kind, string name) => _chosen.Add([_cluster], new() { Namespaces = [@namespace], Kinds = [kind], Names = [name] });

    private IEnumerable<string> Questions() => _chosen.Merge().Select(part => $"{string.Join(' ', part.Selection.Namespaces)}: {Names(part.Selection)}");

    private static string Names(WorkloadSelection selection) => string.Join(' ', selection.Names) + (selection.Kinds.Count > 0 ? $" of {string.Join(' ', selection.Kinds)}" : "");
}
