using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts.Verbs;

public class RevisionRulesTests
{
    private static readonly RawObject s_web = Whole.Raw(Whole.Workload(Whole.Web, Whole.Template()));
    private static readonly RawObject s_db = Whole.Raw(Whole.Workload(Whole.Db, Whole.Template()));

    [Fact]
    public void A_Deployments_revisions_are_the_ReplicaSets_it_controls_in_the_order_of_their_numbers()
    {
        var revisions = OfSets(
            Whole.ReplicaSet("10", Whole.Template()), Whole.ReplicaSet("9", Whole.Template()), Whole.ReplicaSet("2", Whole.Template(), owner: "other"), Whole.ReplicaSet("x", Whole.Template()));
        Assert.Equal([9L, 10L], revisions.Select(revision => revision.Number));
    }

    [Fact]
    public void A_ReplicaSet_without_a_number_counts_as_0()
    {
        var set = Whole.ReplicaSet("1", Whole.Template());
        set["metadata"]!["annotations"] = null;
        Assert.Equal(0, Assert.Single(OfSets(set)).Number);
    }

    [Fact]
    public void A_StatefulSets_revisions_are_the_ControllerRevisions_it_controls()
    {
        var kept = new[] { Whole.ControllerRevision(2, Whole.Template("app:2")), Whole.ControllerRevision(1, Whole.Template()), Whole.ControllerRevision(3, Whole.Template(), owner: "other") };
        var revisions = RevisionRules.OfControllerRevisions(s_db, kept.Select(json => Whole.Raw(json).As(Resources.ControllerRevisions)));
        Assert.Equal([1L, 2L], revisions.Select(revision => revision.Number));
        Assert.Equal("app:2, init:1", string.Join(", ", TemplateContainers.Images(revisions[1].Template)));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(2, null)]
    public void Zero_means_the_one_before_the_newest(long number, int? expected)
    {
        var revisions = OfSets(Whole.ReplicaSet("1", Whole.Template()), Whole.ReplicaSet("3", Whole.Template()), Whole.ReplicaSet("4", Whole.Template()));
        Assert.Equal(expected, (int?)RevisionRules.Choose(revisions, number)?.Number);
    }

    [Fact]
    public void Without_a_past_there_is_nothing_before_the_newest()
    {
        Assert.Null(RevisionRules.Choose(OfSets(Whole.ReplicaSet("1", Whole.Template())), 0));
        Assert.Null(RevisionRules.Choose([], 0));
    }

    [Fact]
    public void The_current_revision_is_the_one_with_the_workloads_template()
    {
        var history = Whole.Facts(Whole.Workload(Whole.Web, Whole.Template("app:2")), Whole.ReplicaSet("1", Whole.Template(hash: "h1")), Whole.ReplicaSet("2", Whole.Template("app:2", hash: "h2"))).History;
        Assert.Equal(2, history.Current?.Number);
        Assert.Null(Whole.Facts(Whole.Workload(Whole.Web, Whole.Template("app:3")), Whole.ReplicaSet("1", Whole.Template())).History.Current);
    }

    [Fact]
    public void An_Argo_Rollout_names_its_current_revision_by_the_hash()
    {
        // Its template has none of the defaults that the ReplicaSets got.
        var rollout = Whole.Workload(Whole.Canary, new() { ["spec"] = new System.Text.Json.Nodes.JsonObject() });
        rollout["status"]!["currentPodHash"] = "h2";
        var sets = new[] { "1", "2" }.Select(number =>
        {
            var set = Whole.ReplicaSet(number, Whole.Template($"app:{number}"), owner: "canary", annotation: RevisionRules.ArgoRevision);
            set["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { ["rollouts-pod-template-hash"] = $"h{number}" };
            return Whole.Raw(set);
        });
        var whole = Whole.Raw(rollout);
        Assert.Equal(2, new WorkloadHistory(Whole.Canary, whole, RevisionRules.OfReplicaSets(whole, sets, RevisionRules.ArgoRevision)).Current?.Number);
    }

    [Fact]
    public void A_revisions_template_is_given_as_the_workload_had_it()
    {
        var template = RevisionRules.TemplateOf(Assert.Single(OfSets(Whole.ReplicaSet("1", Whole.Template(hash: "h1")))));
        Assert.Equal("""{"app":"web"}""", template["metadata"]!["labels"]!.ToJsonString());
        Assert.NotNull(template["spec"]!["volumes"]![0]!["emptyDir"]);
    }

    [Theory]
    [InlineData("uid-db", "db-h1", true)]
    [InlineData("uid-db", "h1", true)]
    [InlineData("uid-db", "db-h2", false)]
    [InlineData("uid-other", "h1", false)]
    public void Pods_carry_the_name_of_their_ControllerRevision_or_its_hash(string owner, string label, bool expected)
    {
        var revision = Assert.Single(RevisionRules.OfControllerRevisions(s_db, [Whole.Raw(Whole.ControllerRevision(1, Whole.Template())).As(Resources.ControllerRevisions)]));
        Assert.Equal(expected, RevisionRules.IsOf(Pod(owner, label), revision, s_db));
    }

    [Theory]
    [InlineData("uid-web-h1", true)]
    [InlineData("uid-web-h2", false)]
    public void Pods_of_a_Deployment_belong_to_the_ReplicaSet_that_made_them(string owner, bool expected)
    {
        var revision = Assert.Single(OfSets(Whole.ReplicaSet("1", Whole.Template())));
        Assert.Equal(expected, RevisionRules.IsOf(Pod(owner, ""), revision, s_web));
    }

    [Fact]
    public void A_selector_is_written_as_queries_want_it()
    {
        Assert.Null(SelectorText.Of(new()));
        Assert.Equal("app=web,tier in (a,b),zone notin (c),canary,!old", SelectorText.Of(new()
        {
            MatchLabels = new Dictionary<string, string> { ["app"] = "web" },
            MatchExpressions =
            [
                new() { Key = "tier", Operator = "In", Values = ["a", "b"] },
                new() { Key = "zone", Operator = "NotIn", Values = ["c"] },
                new() { Key = "canary", Operator = "Exists" },
                new() { Key = "old", Operator = "DoesNotExist" },
            ],
        }));
    }

    private static IReadOnlyList<WorkloadRevision> OfSets(params System.Text.Json.Nodes.JsonObject[] sets) =>
        RevisionRules.OfReplicaSets(s_web, sets.Select(Whole.Raw), RevisionRules.DeploymentRevision);

    private static Pod Pod(string owner, string hash) => new()
    {
        Metadata = new()
        {
            Name = "p",
            Labels = new Dictionary<string, string> { ["controller-revision-hash"] = hash },
            OwnerReferences = [new() { Uid = owner, Controller = true }],
        },
    };
}
