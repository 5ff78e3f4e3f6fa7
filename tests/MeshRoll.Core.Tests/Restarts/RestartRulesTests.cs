using MeshRoll.Core.Restarts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Restarts;

public sealed class RestartRulesTests
{
    private static readonly WorkloadReference Web = new("shop", "Deployment", "web");

    private static readonly DateTimeOffset Now = Some.Start;

    private static readonly JudgedPod Outdated = new(Some.WebPod("a", "h1"), Sidecar("1.7.8", true), true);
    private static readonly JudgedPod Current = new(Some.WebPod("b"), Sidecar("1.11.8", false), true);
    private static readonly JudgedPod Bare = new(Some.WebPod("c"), null, true);

    [Theory]
    [InlineData("Pod", "delete it and create it anew")]
    [InlineData("Job", "its next run gets the new sidecar")]
    [InlineData("CronJob", "its next run gets the new sidecar")]
    [InlineData("CloneSet", "does not know how to restart a CloneSet")]
    public void Other_kinds_are_refused_with_the_way_out(string kind, string words) =>
        AssertRefused("MeshRoll.NotRestartable", words, new(new("shop", kind, "x"), null, []));

    [Fact]
    public void What_is_not_there_is_refused() =>
        AssertRefused("MeshRoll.WorkloadNotFound", "there is none of that name", new(Web, null, []));

    [Fact]
    public void What_is_being_deleted_is_refused() =>
        AssertRefused("MeshRoll.WorkloadBeingDeleted", "being deleted", new(Web, Some.Deployment() with { Metadata = new() { DeletionTimestamp = Some.Start } }, [Outdated]));

    [Fact]
    public void A_paused_deployment_is_refused_and_told_to_be_resumed_first() =>
        AssertRefused("MeshRoll.WorkloadPaused", "kubectl rollout resume deployment/web -n shop)", new(Web, Some.Deployment(paused: true), [Outdated]));

    [Fact]
    public void A_paused_argo_rollout_is_refused() =>
        AssertRefused("MeshRoll.WorkloadPaused", "resume it first", new(new("shop", "Rollout", "canary"), Some.Argo(paused: true), [Outdated]));

    [Fact]
    public void On_delete_is_refused_with_the_way_out()
    {
        AssertRefused("MeshRoll.OnDelete", "-Strategy Evict (or Auto) replaces its pods one by one", new(new("shop", "StatefulSet", "db"), Some.StatefulSet(strategy: "OnDelete"), [Outdated]));
        AssertRefused("MeshRoll.OnDelete", "-Strategy Evict (or Auto) replaces its pods one by one", new(new("shop", "DaemonSet", "agent"), Some.DaemonSet(strategy: "OnDelete"), [Outdated]));
    }

    [Theory]
    [InlineData(3, "its partition 3 holds all its pods back")]
    [InlineData(9, "lower spec.updateStrategy.rollingUpdate.partition first")]
    public void A_partition_above_all_pods_is_refused_because_nothing_would_restart(int partition, string words) =>
        AssertRefused("MeshRoll.PartitionAboveAll", words, new(new("shop", "StatefulSet", "db"), Some.StatefulSet(replicas: 3, partition: partition), [Outdated]));

    [Fact]
    public void No_pods_are_skipped_even_by_force()
    {
        Assert.Equal("no pods: nothing to restart", Skipped(new(Web, Some.Deployment(replicas: 0), []), force: true));
        Assert.Equal("no pods: nothing to restart", Skipped(new(Web, Some.StatefulSet(replicas: 0, partition: 1), []), force: true));
        Assert.Equal("no pods: nothing to restart", Skipped(new(Web, Some.DaemonSet(nodes: 0), []), force: true));
    }

    [Fact]
    public void An_object_of_a_kind_without_replicas_has_no_pods_to_restart() =>
        Assert.Equal("no pods: nothing to restart", Skipped(new(Web, new Pod(), []), force: true));

    [Fact]
    public void What_is_up_to_date_is_skipped_unless_forced()
    {
        var facts = new RestartFacts(Web, Some.Deployment(), [Current, Current]);

        Assert.Equal("up to date: all 2 pods carry 1.11.8", Skipped(facts));
        Assert.IsType<RestartVerdict.Go>(RestartRules.Decide(facts, new(Web), new() { Force = true }, Now));
    }

    [Fact]
    public void What_is_up_to_date_by_its_whole_image_is_skipped_though_that_names_no_version() =>
        Assert.Equal("up to date", Skipped(new(Web, Some.Deployment(), [new(Some.WebPod("a"), Sidecar(null, false), true)])));

    [Fact]
    public void One_pod_that_is_not_up_to_date_is_reason_enough()
    {
        foreach (var pod in new[] { Outdated, Bare, new JudgedPod(Some.WebPod("d"), Sidecar("1.11.8", null), true) })
        {
            Assert.IsType<RestartVerdict.Go>(RestartRules.Decide(new(Web, Some.Deployment(), [Current, pod]), new(Web), new(), Now));
        }
    }

    [Fact]
    public void A_workload_whose_pods_are_all_missing_is_restarted() =>
        Assert.IsType<RestartVerdict.Go>(RestartRules.Decide(new(Web, Some.Deployment(), []), new(Web), new(), Now));

    [Fact]
    public void What_the_caller_wants_goes_before_what_the_mesh_gives()
    {
        var facts = new RestartFacts(Web, Some.Deployment(), [Outdated]);

        Assert.Equal("up to date: its pod carries 1.7.8", Skipped(facts, new(Web, "1.7.8")));
        Assert.IsType<RestartVerdict.Go>(RestartRules.Decide(facts, new(Web, "1.7.8", "other"), new(), Now));
        Assert.NotNull(Skipped(new(Web, Some.Deployment(), [Current]), new(Web, null, "a-tag-of-it")));
    }

    [Fact]
    public void A_rollout_under_way_that_mends_it_is_left_alone()
    {
        var old = Outdated with { OfNewTemplate = false };

        Assert.Equal("a rollout is under way that replaces the outdated pod already, and its new pods are up to date", Skipped(new(Web, Some.Deployment(updated: 1), [old, Current])));
        Assert.Equal("a rollout is under way that replaces the 2 older pods already, and its new pods are up to date", Skipped(new(Web, Some.Deployment(updated: 1), [old, old, Current])));
        Assert.IsType<RestartVerdict.Go>(RestartRules.Decide(new(Web, Some.Deployment(updated: 1), [old, Outdated]), new(Web), new(), Now));
        Assert.IsType<RestartVerdict.Go>(RestartRules.Decide(new(Web, Some.Deployment(updated: 0), [old]), new(Web), new(), Now));
        Assert.IsType<RestartVerdict.Go>(RestartRules.Decide(new(Web, Some.Deployment(), [old, Current]), new(Web), new(), Now));
    }

    [Fact]
    public void The_proposal_says_what_will_be_done_and_how_long_it_takes()
    {
        var proposal = Proposed(Some.Deployment(replicas: 3));

        Assert.Equal(("Rolling restart of 3 pods, about 9 s", 3, TimeSpan.FromSeconds(9)), (proposal.Action, proposal.Replicas, proposal.ExpectedDuration));
        Assert.Equal("Rolling restart of 2 pods, about 16 s", Proposed(Some.DaemonSet(nodes: 2)).Action);
        Assert.Equal("Rolling restart of 3 pods, about 24 s", Proposed(Some.Argo()).Action);
        Assert.Equal("Rolling restart of 1 pod, about 8 s", Proposed(Some.Argo() with { Spec = new() }).Action);
    }

    [Fact]
    public void Pods_that_a_partition_holds_back_are_not_counted_as_restarted() =>
        Assert.Equal("Rolling restart of 1 pod, about 8 s; partition 2: ordinals below keep their pods", Proposed(Some.StatefulSet(replicas: 3, partition: 2)).Action);

    [Fact]
    public void The_proposal_warns_where_pods_stop_before_new_ones_start()
    {
        var recreate = Some.Deployment(replicas: 2);
        recreate = recreate with { Spec = recreate.Spec with { Strategy = new() { Type = "Recreate" } } };
        var single = recreate with { Spec = recreate.Spec with { Replicas = 1 } };
        var noSurge = Some.Deployment(replicas: 1);
        noSurge = noSurge with { Spec = noSurge.Spec with { Strategy = new() { RollingUpdate = new() { MaxSurge = new(0, false) } } } };

        Assert.EndsWith("; strategy Recreate: all pods stop before new ones start", Proposed(recreate).Action, StringComparison.Ordinal);
        Assert.EndsWith("; strategy Recreate: its only pod stops before the new one starts", Proposed(single).Action, StringComparison.Ordinal);
        Assert.EndsWith("; maxSurge 0: its only pod stops before the new one starts", Proposed(noSurge).Action, StringComparison.Ordinal);
        Assert.EndsWith("; its only pod stops before the new one starts", Proposed(Some.StatefulSet(replicas: 1)).Action, StringComparison.Ordinal);
        Assert.EndsWith("; partition 2: ordinals below keep their pods", Proposed(Some.StatefulSet(partition: 2)).Action, StringComparison.Ordinal);
        Assert.Equal("Rolling restart of 1 pod, about 3 s", Proposed(Some.Deployment(replicas: 1)).Action);
    }

    private static RestartProposal Proposed(IKubernetesObject workload) =>
        Assert.IsType<RestartVerdict.Go>(RestartRules.Decide(new(Web, workload, [Outdated]), new(Web), new(), Now)).Proposal;

    private static string Skipped(RestartFacts facts, RestartTarget? target = null, bool force = false) =>
        Assert.IsType<RestartVerdict.Skip>(RestartRules.Decide(facts, target ?? new(facts.Workload), new() { Force = force }, Now)).Because;

    private static void AssertRefused(string id, string words, RestartFacts facts)
    {
        var refusal = Assert.IsType<RestartVerdict.Refuse>(RestartRules.Decide(facts, new(facts.Workload), new() { Force = true }, Now)).Error;
        Assert.Equal(id, refusal.Id);
        Assert.StartsWith(facts.Workload.ToString(), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    private static MeshSidecar Sidecar(string? version, bool? outdated) => new()
    {
        Cluster = "c",
        Namespace = "shop",
        Pod = "p",
        Kind = "Deployment",
        Name = "web",
        Mesh = "Istio",
        Container = "istio-proxy",
        Image = "",
        Version = version,
        Revision = "default",
        Outdated = outdated,
    };
}
