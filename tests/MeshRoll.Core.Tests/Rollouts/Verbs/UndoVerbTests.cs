using System.Text.Json.Nodes;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Tests.Rollouts.Verbs;

public class UndoVerbTests
{
    [Theory]
    [InlineData("Rollout", "kubectl argo rollouts undo x -n shop")]
    [InlineData("Pod", "keeps no revisions")]
    [InlineData("Job", "keeps no revisions")]
    public void Kinds_without_revisions_of_Kubernetes_own_are_refused_with_the_way_out(string kind, string expected)
    {
        var refusal = new UndoVerb().RefuseKind(new WorkloadReference("shop", kind, "x"))!;
        Assert.Equal(VerbRefusedException.NotSupported, refusal.Id);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public void Kinds_with_revisions_are_not(string kind) => Assert.Null(new UndoVerb().RefuseKind(new WorkloadReference("shop", kind, "x")));

    [Fact]
    public void The_template_comes_back_as_it_was_and_the_ReplicaSets_annotations_with_it()
    {
        var facts = Whole.Facts(
            Whole.Workload(Whole.Web, Whole.Template("app:2"), annotations: new()
            {
                ["deployment.kubernetes.io/revision"] = "2",
                ["kubectl.kubernetes.io/last-applied-configuration"] = "mine",
                ["kubernetes.io/change-cause"] = "second",
                ["added"] = "later",
                ["meshroll.io/run"] = "of now",
            }),
            Whole.ReplicaSet("1", Whole.Template(hash: "h1"), annotations: new()
            {
                ["deployment.kubernetes.io/desired-replicas"] = "2",
                ["deployment.kubernetes.io/max-replicas"] = "3",
                ["deployment.kubernetes.io/revision-history"] = "1",
                ["kubectl.kubernetes.io/last-applied-configuration"] = "old",
                ["kubernetes.io/change-cause"] = "first",
                ["meshroll.io/run"] = "of then",
            }),
            Whole.ReplicaSet("2", Whole.Template("app:2", hash: "h2")));

        var change = Assert.IsType<VerbVerdict.Change>(new UndoVerb().Decide(facts));

        Assert.Equal(PatchKind.Json, change.Patch.Kind);
        var operations = JsonNode.Parse(change.Patch.Json.Span)!.AsArray();
        Assert.Equal(["replace /spec/template", "add /metadata/annotations"], operations.Select(operation => $"{operation!["op"]} {operation["path"]}"));
        Assert.True(JsonNode.DeepEquals(Whole.Template(), operations[0]!["value"]), operations[0]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(new JsonObject
        {
            ["deployment.kubernetes.io/revision"] = "2",
            ["kubectl.kubernetes.io/last-applied-configuration"] = "mine",
            ["kubernetes.io/change-cause"] = "first",
            ["meshroll.io/run"] = "of now",
        }, operations[1]!["value"]), operations[1]!.ToJsonString());
    }

    [Fact]
    public void A_StatefulSet_gets_its_ControllerRevisions_own_patch()
    {
        var whole = Whole.Raw(Whole.Workload(Whole.Db, Whole.Template("app:2")));
        var kept = new[] { Whole.ControllerRevision(1, Whole.Template()), Whole.ControllerRevision(2, Whole.Template("app:2")) };
        var revisions = RevisionRules.OfControllerRevisions(whole, kept.Select(json => Whole.Raw(json).As(Resources.ControllerRevisions)));

        var change = Assert.IsType<VerbVerdict.Change>(new UndoVerb().Decide(new(new(Whole.Db, whole, revisions), whole.As(Resources.StatefulSets))));

        Assert.Equal(PatchKind.StrategicMerge, change.Patch.Kind);
        Assert.True(JsonNode.DeepEquals(kept[0]["data"], JsonNode.Parse(change.Patch.Json.Span)));
    }

    [Fact]
    public void What_it_says_names_the_revision_its_images_and_that_the_proxy_stays()
    {
        var change = Assert.IsType<VerbVerdict.Change>(new UndoVerb().Decide(Whole.Facts(
            Whole.Workload(Whole.Web, Whole.Template("app:2")), Whole.ReplicaSet("1", Whole.Template()), Whole.ReplicaSet("2", Whole.Template("app:2")))));
        Assert.Equal("Undo to revision 1 (app:1, init:1); this does not bring the old proxy back: new pods get the one that is injected now", change.Action);
        Assert.Equal("undone to revision 1; this does not bring the old proxy back: new pods get the one that is injected now", change.Message);
    }

    [Fact]
    public void After_a_restart_it_says_that_nothing_but_the_pods_changes()
    {
        var restarted = "2026-03-01T10:00:00Z";
        var change = Assert.IsType<VerbVerdict.Change>(new UndoVerb().Decide(Whole.Facts(
            Whole.Workload(Whole.Web, Whole.Template(restartedAt: restarted)), Whole.ReplicaSet("1", Whole.Template()), Whole.ReplicaSet("2", Whole.Template(restartedAt: restarted)))));
        Assert.Contains("by the time of a restart alone", change.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_is_there_already_leaves_nothing_to_do()
    {
        var facts = Whole.Facts(Whole.Workload(Whole.Web, Whole.Template()), Whole.ReplicaSet("1", Whole.Template(hash: "h1")), Whole.ReplicaSet("2", Whole.Template("app:2")));
        Assert.Equal("nothing to undo: its template is that of revision 1 already", Assert.IsType<VerbVerdict.Skip>(new UndoVerb(1).Decide(facts)).Because);
    }

    [Theory]
    [InlineData(0, "1", "MeshRoll.RevisionNotFound", "shop deployment/web has no revision before the one it has now, so there is nothing to undo to: there is only 1.")]
    [InlineData(0, "", "MeshRoll.RevisionNotFound", "shop deployment/web has no revision before the one it has now, so there is nothing to undo to: none is kept.")]
    [InlineData(7, "1 3", "MeshRoll.RevisionNotFound", "shop deployment/web has no revision 7: there are 1, 3.")]
    [InlineData(0, "1 2 paused", "MeshRoll.WorkloadPaused", "shop deployment/web cannot be undone: it is paused; resume it first (Resume-MeshRollout, or kubectl rollout resume deployment/web -n shop).")]
    [InlineData(7, "1 2 paused", "MeshRoll.RevisionNotFound", "shop deployment/web has no revision 7: there are 1, 2.")]
    public void What_cannot_be_undone_is_refused_in_one_sentence(long revision, string past, string id, string message)
    {
        var words = past.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var sets = words.Where(word => word != "paused").Select(word => Whole.ReplicaSet(word, Whole.Template($"app:{word}")));
        var refusal = Assert.Throws<VerbRefusedException>(() => new UndoVerb(revision).Decide(Whole.Facts(Whole.Workload(Whole.Web, Whole.Template("app:9"), words.Contains("paused")), [.. sets])));
        Assert.Equal((id, message), (refusal.Id, refusal.Message));
    }
}
