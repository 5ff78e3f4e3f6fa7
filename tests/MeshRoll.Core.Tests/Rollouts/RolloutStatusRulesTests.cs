using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts;

/// <summary>One row per branch of the rules, in the order of the rules.</summary>
public sealed class RolloutStatusRulesTests
{
    private sealed record Row(IKubernetesObject Workload, RolloutState State, string Message, RolloutExpectation? Expected = null, Pod[]? Pods = null);

    private static readonly RolloutExpectation Patched = new() { Generation = 2, Since = Some.Start, Uid = "uid-web" };

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["Deployment: made again under its name"] = new(Some.Deployment(uid: "other"), RolloutState.Failed, "was deleted and made again under the same name: this is another workload now", Patched),
        ["Deployment: being deleted"] = new(Some.Deployment() with { Metadata = Some.Meta("web") with { DeletionTimestamp = Some.Start } }, RolloutState.Failed, "is being deleted"),
        ["Deployment: not observed"] = new(Some.Deployment(generation: 3, observed: 2), RolloutState.Pending, "waiting for the controller to see the change"),
        ["Deployment: an object from before our change"] = new(Some.Deployment(generation: 1, observed: 1), RolloutState.Pending, "waiting for the controller to see the change", Patched),
        ["Deployment: changed again since"] = new(Some.Deployment(generation: 5, updated: 1), RolloutState.Progressing, "1 of 3 pods updated", Patched),
        ["Deployment: deadline exceeded"] = new(Some.Deployment(updated: 1, available: 2, conditions: [Some.DeadlineExceeded(Some.Start.AddMinutes(10))]), RolloutState.Failed, "made no progress within its deadline of 10 min (1 of 3 pods updated, 2 available)", Patched),
        ["Deployment: deadline exceeded, whenever"] = new(Some.Deployment(updated: 1, available: 2, conditions: [Some.DeadlineExceeded(Some.Start.AddDays(-1))]), RolloutState.Failed, "made no progress within its deadline of 10 min (1 of 3 pods updated, 2 available)"),
        ["Deployment: deadline exceeded before our change"] = new(Some.Deployment(updated: 1, conditions: [Some.DeadlineExceeded(Some.Start.AddMinutes(-1))]), RolloutState.Progressing, "1 of 3 pods updated", Patched),
        ["Deployment: deadline exceeded, told by a server that gives no time of update"] = new(Some.Deployment(updated: 1, available: 2, conditions: [Some.DeadlineExceeded(Some.Start.AddMinutes(10)) with { LastUpdateTime = null, LastTransitionTime = Some.Start.AddMinutes(10) }]), RolloutState.Failed, "made no progress within its deadline of 10 min (1 of 3 pods updated, 2 available)", Patched),
        ["Deployment: deadline exceeded before our change, by its transition"] = new(Some.Deployment(updated: 1, conditions: [Some.DeadlineExceeded(Some.Start) with { LastUpdateTime = null, LastTransitionTime = Some.Start.AddMinutes(-1) }]), RolloutState.Progressing, "1 of 3 pods updated", Patched),
        ["Deployment: deadline exceeded, behind other conditions"] = new(Some.Deployment(updated: 1, available: 2, conditions: [new() { Type = "Available", Status = "True", Reason = "MinimumReplicasAvailable" }, Some.DeadlineExceeded(Some.Start.AddMinutes(10))]), RolloutState.Failed, "made no progress within its deadline of 10 min (1 of 3 pods updated, 2 available)", Patched),
        ["Deployment: another condition"] = new(Some.Deployment(updated: 1, conditions: [new() { Type = "Progressing", Status = "True", Reason = "ReplicaSetUpdated" }]), RolloutState.Progressing, "1 of 3 pods updated", Patched),
        ["Deployment: pods not updated"] = new(Some.Deployment(updated: 2), RolloutState.Progressing, "2 of 3 pods updated"),
        ["Deployment: paused in the middle"] = new(Some.Deployment(updated: 2, paused: true), RolloutState.Paused, "paused by somebody (2 of 3 pods updated); it goes on when it is resumed"),
        ["Deployment: old pod left"] = new(Some.Deployment(total: 4), RolloutState.Progressing, "1 old pod is still terminating"),
        ["Deployment: old pods left"] = new(Some.Deployment(total: 5), RolloutState.Progressing, "2 old pods are still terminating"),
        ["Deployment: not available"] = new(Some.Deployment(available: 2), RolloutState.Progressing, "2 of 3 updated pods available"),
        ["Deployment: done"] = new(Some.Deployment(), RolloutState.Complete, "done: all 3 pods are new and available", Patched),
        ["Deployment: done though paused afterwards"] = new(Some.Deployment(paused: true), RolloutState.Complete, "done: all 3 pods are new and available"),
        ["Deployment: done with one pod"] = new(Some.Deployment(replicas: null), RolloutState.Complete, "done: the pod is new and available"),
        ["Deployment: done with none"] = new(Some.Deployment(replicas: 0), RolloutState.Complete, "done: no pods are wanted"),

        ["StatefulSet: being deleted"] = new(Some.StatefulSet() with { Metadata = Some.Meta("db") with { DeletionTimestamp = Some.Start } }, RolloutState.Failed, "is being deleted"),
        ["StatefulSet: OnDelete, not observed"] = new(Some.StatefulSet(strategy: "OnDelete", observed: 1), RolloutState.Pending, "waiting for the controller to see the change"),
        ["StatefulSet: OnDelete, never observed"] = new(Some.StatefulSet(strategy: "OnDelete", observed: 0, generation: 0), RolloutState.Pending, "waiting for the controller to see the change"),
        ["StatefulSet: OnDelete, old pods"] = new(Some.StatefulSet(replicas: 2, strategy: "OnDelete"), RolloutState.Progressing,
            "update strategy OnDelete: 1 pod is still of an older template; it is replaced when somebody deletes it (1 of 2 pods updated)", null, [Some.DbPod("db-0", "db-1"), Some.DbPod("db-1")]),
        ["StatefulSet: OnDelete, an old pod on its way out"] = new(Some.StatefulSet(replicas: 2, strategy: "OnDelete"), RolloutState.Progressing, "1 of 2 pods updated", null, [Some.DbPod("db-0", "db-1", deleting: true), Some.DbPod("db-1")]),
        ["StatefulSet: OnDelete, a pod is missing beside an old one"] = new(Some.StatefulSet(replicas: 3, strategy: "OnDelete"), RolloutState.Progressing,
            "update strategy OnDelete: 1 pod is still of an older template; it is replaced when somebody deletes it (1 of 3 pods updated)", null, [Some.DbPod("db-0", "db-1"), Some.DbPod("db-1")]),
        ["StatefulSet: OnDelete, more old pods than are wanted"] = new(Some.StatefulSet(replicas: 1, strategy: "OnDelete"), RolloutState.Progressing,
            "update strategy OnDelete: 2 pods are still of an older template; each is replaced when somebody deletes it (0 of 1 pod updated)", null, [Some.DbPod("db-0", "db-1"), Some.DbPod("db-1", "db-1")]),
        ["StatefulSet: OnDelete, not ready"] = new(Some.StatefulSet(replicas: 2, ready: 1, strategy: "OnDelete"), RolloutState.Progressing, "1 of 2 pods ready", null, [Some.DbPod("db-0"), Some.DbPod("db-1")]),
        ["StatefulSet: OnDelete, done"] = new(Some.StatefulSet(replicas: 2, strategy: "OnDelete"), RolloutState.Complete, "done: all 2 pods are new and available", null, [Some.DbPod("db-0"), Some.DbPod("db-1")]),
        ["StatefulSet: never observed"] = new(Some.StatefulSet(observed: 0, generation: 0), RolloutState.Pending, "waiting for the controller to see the change"),
        ["StatefulSet: not observed"] = new(Some.StatefulSet(observed: 1), RolloutState.Pending, "waiting for the controller to see the change"),
        ["StatefulSet: not ready"] = new(Some.StatefulSet(ready: 2, updated: 1), RolloutState.Progressing, "2 of 3 pods ready, 1 updated"),
        ["StatefulSet: pods not updated"] = new(Some.StatefulSet(updated: 1, partition: 0), RolloutState.Progressing, "1 of 3 pods updated"),
        ["StatefulSet: partition, pods not updated"] = new(Some.StatefulSet(updated: 1, partition: 1), RolloutState.Progressing, "1 of 2 pods updated (partition: from ordinal 1 up)"),
        ["StatefulSet: partition, done"] = new(Some.StatefulSet(updated: 2, partition: 1, current: "db-1"), RolloutState.Complete, "done: 2 pods are new (partition: from ordinal 1 up), the others keep the old template"),
        ["StatefulSet: partition above all"] = new(Some.StatefulSet(updated: 0, partition: 9, current: "db-1"), RolloutState.Complete, "done: 0 pods are new (partition: from ordinal 9 up), the others keep the old template"),
        ["StatefulSet: partition 0, done"] = new(Some.StatefulSet(partition: 0, current: "db-1"), RolloutState.Complete, "done: all 3 pods are new and available"),
        ["StatefulSet: revisions differ"] = new(Some.StatefulSet(updated: 1, current: "db-1"), RolloutState.Progressing, "1 of 3 pods updated"),
        ["StatefulSet: done"] = new(Some.StatefulSet(), RolloutState.Complete, "done: all 3 pods are new and available"),

        ["DaemonSet: being deleted"] = new(Some.DaemonSet() with { Metadata = Some.Meta("agent") with { DeletionTimestamp = Some.Start } }, RolloutState.Failed, "is being deleted"),
        ["DaemonSet: OnDelete, not observed"] = new(Some.DaemonSet(strategy: "OnDelete", observed: 1), RolloutState.Pending, "waiting for the controller to see the change"),
        ["DaemonSet: OnDelete, old pods"] = new(Some.DaemonSet(nodes: 3, strategy: "OnDelete"), RolloutState.Progressing,
            "update strategy OnDelete: 2 pods are still of an older template; each is replaced when somebody deletes it (1 of 3 pods updated)", null, [Some.AgentPod("a", "1", "h1"), Some.AgentPod("b", "1", "h1"), Some.AgentPod("c")]),
        ["DaemonSet: OnDelete, a pod is missing"] = new(Some.DaemonSet(nodes: 2, strategy: "OnDelete"), RolloutState.Progressing, "1 of 2 pods updated", null, [Some.AgentPod("c")]),
        ["DaemonSet: OnDelete, not available"] = new(Some.DaemonSet(nodes: 1, available: 0, strategy: "OnDelete"), RolloutState.Progressing, "0 of 1 updated pod available", null, [Some.AgentPod("c")]),
        ["DaemonSet: OnDelete, done"] = new(Some.DaemonSet(nodes: 1, strategy: "OnDelete"), RolloutState.Complete, "done: the pod is new and available", null, [Some.AgentPod("c")]),
        ["DaemonSet: not observed"] = new(Some.DaemonSet(observed: 1), RolloutState.Pending, "waiting for the controller to see the change"),
        ["DaemonSet: pods not updated"] = new(Some.DaemonSet(updated: 1), RolloutState.Progressing, "1 of 3 pods updated"),
        ["DaemonSet: not available"] = new(Some.DaemonSet(available: 2), RolloutState.Progressing, "2 of 3 updated pods available"),
        ["DaemonSet: done"] = new(Some.DaemonSet(), RolloutState.Complete, "done: all 3 pods are new and available"),

        ["Rollout: being deleted"] = new(Some.Argo() with { Metadata = Some.Meta("canary") with { DeletionTimestamp = Some.Start } }, RolloutState.Failed, "is being deleted"),
        ["Rollout: not observed"] = new(Some.Argo(observed: "1"), RolloutState.Pending, "waiting for the controller to see the change"),
        ["Rollout: an old controller's hash for a generation"] = new(Some.Argo(observed: "6d8f"), RolloutState.Complete, "done: all 3 pods are new and available"),
        ["Rollout: degraded"] = new(Some.Argo("Degraded", "ProgressDeadlineExceeded: timed out"), RolloutState.Failed, "its controller reports it as degraded: ProgressDeadlineExceeded: timed out"),
        ["Rollout: paused by its owner"] = new(Some.Argo(paused: true), RolloutState.Paused, "paused; it goes on when it is resumed or promoted"),
        ["Rollout: paused at a step"] = new(Some.Argo("Paused", "CanaryPauseStep"), RolloutState.Paused, "paused: CanaryPauseStep; it goes on when it is resumed or promoted"),
        ["Rollout: restart under way"] = new(Some.Argo(restartAt: Some.Start), RolloutState.Progressing, "pods from before the restart are being replaced; 3 of 3 pods available"),
        ["Rollout: an earlier restart done"] = new(Some.Argo(restartAt: Some.Start, restartedAt: Some.Start.AddDays(-1)), RolloutState.Progressing, "pods from before the restart are being replaced; 3 of 3 pods available"),
        ["Rollout: progressing"] = new(Some.Argo("Progressing", "more replicas need to be updated"), RolloutState.Progressing, "3 of 3 pods updated: more replicas need to be updated"),
        ["Rollout: restarted"] = new(Some.Argo(restartAt: Some.Start, restartedAt: Some.Start), RolloutState.Complete, "done: all 3 pods are new and available"),
    };

    public static TheoryData<string> Branches => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Branches))]
    public void Every_branch_gives_its_state_and_its_words(string branch)
    {
        var row = Rows[branch];

        var status = RolloutStatusRules.Of(row.Workload, row.Expected ?? RolloutExpectation.Any, row.Pods ?? []);

        Assert.Equal((row.State, row.Message), (status.State, status.Message));
    }

    [Fact]
    public void Counts_come_from_the_status()
    {
        var status = RolloutStatusRules.Of(Some.Deployment(replicas: 5, total: 6, updated: 4, available: 3), RolloutExpectation.Any);

        Assert.Equal((5, 4, 3, 3, 2, "7"), (status.Desired, status.Updated, status.Ready, status.Available, status.Old, status.Revision));
    }

    [Fact]
    public void A_daemon_set_takes_its_revision_from_its_new_pods() =>
        Assert.Equal("h2", RolloutStatusRules.Of(Some.DaemonSet(), RolloutExpectation.Any, [Some.AgentPod("a", "1", "h1"), Some.AgentPod("b")]).Revision);

    [Fact]
    public void Ready_stands_for_available_where_a_server_does_not_report_it() =>
        Assert.Equal(3, RolloutStatusRules.Of(Some.StatefulSet(), RolloutExpectation.Any, []).Available);

    [Fact]
    public void Ready_does_not_stand_for_available_where_pods_have_to_be_ready_for_a_while()
    {
        var set = Some.StatefulSet();
        var slow = set with { Spec = set.Spec with { MinReadySeconds = 30 } };

        Assert.Equal(0, RolloutStatusRules.Of(slow, RolloutExpectation.Any, []).Available);
        Assert.Equal(2, RolloutStatusRules.Of(slow with { Status = set.Status with { AvailableReplicas = 2 } }, RolloutExpectation.Any, []).Available);
    }

    [Fact]
    public void Deleted_keeps_the_last_counts()
    {
        var status = RolloutStatusRules.Deleted(RolloutStatusRules.Of(Some.Deployment(updated: 2), RolloutExpectation.Any));

        Assert.Equal((RolloutState.Failed, 2), (status.State, status.Updated));
        Assert.Contains("deleted", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Conditions_count_from_the_start_only_when_the_rollout_is_ours()
    {
        var seen = new MeshRollout { Cluster = "c", Namespace = "shop", Kind = "Deployment", Name = "web", StartTime = Some.Start };

        Assert.Null(RolloutExpectation.Of(seen).Since);
        Assert.Equal(Some.Start, RolloutExpectation.Of(seen with { Generation = 2 }).Since);
    }

    [Fact]
    public void Other_kinds_have_no_rollout()
    {
        Assert.StartsWith("A Pod has no rollout.", Assert.Throws<ArgumentException>(() => RolloutStatusRules.Of(new Pod(), RolloutExpectation.Any, [])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => RolloutStatusRules.Of((IKubernetesObject)null!, RolloutExpectation.Any, []));
    }
}
