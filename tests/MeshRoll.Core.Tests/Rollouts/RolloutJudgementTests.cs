using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts;

/// <summary>One look each. How looks follow each other is the follower's; see <see cref="RolloutFollowerTests"/>.</summary>
public sealed class RolloutJudgementTests
{
    private static readonly DateTimeOffset Now = Some.Start;

    private static readonly FollowMemory Began = new() { Since = Now.AddMinutes(-2) };

    [Fact]
    public void A_rollout_that_nobody_started_is_timed_from_when_following_began()
    {
        var end = Judge(Some.Deployment(updated: 1), Watched, memory: Began with { Deadline = Now });

        Assert.Equal((RolloutState.TimedOut, "not done after 2 min: 1 of 3 pods updated"), (end.Rollout.State, end.Rollout.Message));
    }

    [Fact]
    public void A_rollout_that_was_started_is_timed_from_then() =>
        Assert.Equal("not done after 10 min: 1 of 3 pods updated", Judge(Some.Deployment(updated: 1), Started, memory: Began with { Deadline = Now }).Rollout.Message);

    [Fact]
    public void What_it_stumbles_over_is_told_when_its_time_is_over()
    {
        var end = Judge(Some.Deployment(updated: 1), pods: [Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", restarts: 1))], memory: Began with { Deadline = Now });

        Assert.StartsWith("not done after 10 min: 1 of 3 pods updated; container app of pod web-1 keeps ending", end.Rollout.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "6", "uid-web")]
    [InlineData("uid-web", "7", "uid-web")]
    public void What_the_workload_does_not_tell_stays_as_it_was_known(string uid, string revision, string expected)
    {
        var workload = Some.Deployment(updated: 1);
        if (revision == "6") workload = workload with { Metadata = Some.Meta("web") };

        var rollout = Judge(workload, Started with { Uid = uid, Revision = "6" }).Rollout;

        Assert.Equal((revision, expected), (rollout.Revision, rollout.Uid));
    }

    [Fact]
    public void A_failure_is_told_without_the_change_after_it()
    {
        var end = Judge(Some.Deployment(updated: 1, generation: 5, conditions: [Some.DeadlineExceeded(Now)]));

        Assert.Equal((RolloutState.Failed, "made no progress within its deadline of 10 min (1 of 3 pods updated, 3 available)"), (end.Rollout.State, end.Rollout.Message));
    }

    [Fact]
    public void A_failure_is_told_with_what_its_pods_suffer_from() => Assert.StartsWith(
        "made no progress within its deadline of 10 min (1 of 3 pods updated, 3 available); container app of pod web-1 keeps ending right after its start",
        Judge(Some.Deployment(updated: 1, conditions: [Some.DeadlineExceeded(Now)]), pods: [Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", restarts: 1))], memory: Began with { Answered = Inquiry.Events }).Rollout.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "there is none of that name")]
    [InlineData("uid-web", "was deleted while it was being followed")]
    public void A_workload_that_is_not_there_was_deleted_if_anybody_has_seen_it(string uid, string message)
    {
        var end = RolloutJudgement.Judge(Started with { Uid = uid }, Nothing, Began, new(), Now).Rollout;

        Assert.Equal((RolloutState.Failed, message), (end.State, end.Message));
    }

    [Fact]
    public void A_workload_made_just_now_may_be_news_that_is_still_on_its_way()
    {
        var waits = RolloutJudgement.Judge(Started, Nothing, JustBegan, new(), Now.AddSeconds(1));
        var marked = RolloutJudgement.Judge(Started, Nothing, JustBegan with { Deadline = Now.AddSeconds(2) }, new(), Now.AddSeconds(1));
        var never = RolloutJudgement.Judge(Started, Nothing, JustBegan, new(), Now.AddSeconds(3));

        Assert.Equal((Started, JustBegan, Now.AddSeconds(3)), (waits.Rollout, waits.Memory, waits.LookAgain));
        Assert.Equal((RolloutState.Pending, Now.AddSeconds(2)), (marked.Rollout.State, marked.LookAgain));
        Assert.Equal("was deleted while it was being followed", never.Rollout.Message);
    }

    [Fact]
    public void A_workload_that_was_there_when_following_began_is_gone_at_once()
    {
        var seen = Judge(Some.Deployment(updated: 1), memory: JustBegan).Memory;

        Assert.Equal(RolloutState.Failed, RolloutJudgement.Judge(Started, Nothing, seen, new(), Now.AddSeconds(1)).Rollout.State);
        Assert.Equal(RolloutState.Failed, RolloutJudgement.Judge(Started, Nothing, JustBegan with { Deadline = Now }, new(), Now.AddSeconds(1)).Rollout.State);
    }

    [Fact]
    public void What_dooms_it_is_told_with_what_the_events_say_if_they_say_it_soon()
    {
        var pod = Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", restarts: 9));
        var newest = Began with { Newest = (2, "h2", true) };
        var first = Judge(Some.Deployment(updated: 1), pods: [pod], memory: newest);
        var told = Judge(Some.Deployment(updated: 1), pods: [pod], memory: first.Memory with { Answered = Inquiry.Events, Events = [Some.Unhealthy(pod, "app", "Liveness probe failed: 503")] }, seconds: 1);
        var silent = Judge(Some.Deployment(updated: 1), pods: [pod], memory: first.Memory, seconds: 3);

        Assert.Equal((RolloutState.Progressing, Inquiry.Events, Now.AddSeconds(3)), (first.Rollout.State, first.Ask, first.LookAgain));
        Assert.Equal("1 of 3 pods updated; the reason is being looked up", first.Rollout.Message);
        Assert.Equal(RolloutState.Failed, told.Rollout.State);
        Assert.EndsWith("Liveness probe failed: 503)", told.Rollout.Message, StringComparison.Ordinal);
        Assert.Equal(RolloutState.Failed, silent.Rollout.State);
        Assert.Equal(RolloutState.Failed, Judge(Some.Deployment(updated: 1), pods: [pod], memory: newest, options: new() { LooksUpReasons = false }).Rollout.State);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    public void What_was_broken_before_the_change_dooms_nothing_until_the_change_is_seen(long generation, long observed)
    {
        Assert.All(Look(generation, observed), judgement => Assert.Equal((RolloutState.Pending, 0, Inquiry.None), (judgement.Rollout.State, judgement.Rollout.Diagnosis.Count, judgement.Ask)));
        Assert.All(Look(2, 2), judgement => Assert.Equal(RolloutState.Failed, judgement.Rollout.State));

        static Judgement[] Look(long generation, long observed)
        {
            var (broken, rollout) = (Some.Waiting("InvalidImageName"), Started with { Uid = "" });
            var memory = Began with { Newest = (generation, "h2", true), Answered = Inquiry.Events, MissingSince = Now.AddMinutes(-1) };
            var refused = new Condition { Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate", Message = "pods \"web-1\" is forbidden: failed quota: pods: must specify cpu" };
            return
            [
                Judge(Some.Deployment(updated: 1, generation: generation, observed: observed), rollout, [Some.WebPod("web-1", status: broken)], memory),
                Judge(Some.Deployment(updated: 1, generation: generation, observed: observed, conditions: [refused]), rollout, memory: memory),
                Judge(Some.StatefulSet(updated: 1, current: "db-1", generation: generation, observed: observed), rollout, [Some.DbPod("db-1", status: broken)], memory),
            ];
        }
    }

    [Fact]
    public void What_has_failed_already_waits_a_moment_for_its_pods_to_be_read()
    {
        var failed = Some.Deployment(updated: 1, conditions: [Some.DeadlineExceeded(Now)]);
        var pod = Some.WebPod("web-1", status: Some.Waiting("InvalidImageName"));
        var first = Judge(failed, podsKnown: false);
        var known = Judge(failed, pods: [pod], memory: first.Memory, seconds: 1);
        var never = Judge(failed, memory: first.Memory, podsKnown: false, seconds: 3);

        Assert.Equal((RolloutState.Progressing, Now.AddSeconds(3)), (first.Rollout.State, first.LookAgain));
        Assert.EndsWith("; the reason is being looked up", first.Rollout.Message, StringComparison.Ordinal);
        Assert.Equal((RolloutState.Failed, "InvalidImageName"), (known.Rollout.State, Assert.Single(known.Rollout.Diagnosis).Id));
        Assert.Equal((RolloutState.Failed, 0), (never.Rollout.State, never.Rollout.Diagnosis.Count));
    }

    [Fact]
    public void What_has_failed_already_does_not_wait_for_what_cannot_be_read_or_is_not_wanted_or_beyond_its_time()
    {
        var failed = Some.Deployment(updated: 1, conditions: [Some.DeadlineExceeded(Now)]);

        Assert.Equal(RolloutState.Failed, Judge(failed, podsKnown: false, podsReadable: false).Rollout.State);
        Assert.Equal(RolloutState.Failed, Judge(failed, podsKnown: false, options: new() { LooksUpReasons = false }).Rollout.State);
        Assert.Equal(RolloutState.Failed, Judge(failed, podsKnown: false, memory: Began with { Deadline = Now }).Rollout.State);
    }

    [Fact]
    public void What_has_failed_already_is_judged_by_the_clusters_times_and_events_are_asked_for_once()
    {
        var failed = Some.Deployment(updated: 1, conditions: [Some.DeadlineExceeded(Now)]);
        var pod = Some.WithSidecar(Some.UnreadySidecar());
        var first = Judge(failed, pods: [pod], seconds: 60);
        var told = Judge(failed, pods: [pod], memory: first.Memory with { Answered = Inquiry.Events | Inquiry.ControlPlane, Events = [Some.Unhealthy(pod, "istio-proxy", "Readiness probe failed: 503")] }, seconds: 60);

        Assert.Equal((RolloutState.Progressing, Inquiry.Events | Inquiry.ControlPlane), (first.Rollout.State, first.Ask));
        Assert.Equal(RolloutState.Failed, told.Rollout.State);
        Assert.EndsWith("(Readiness probe failed: 503)", told.Rollout.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_pod_with_the_old_sidecar_is_told_while_the_rollout_moves_with_the_label_that_decided()
    {
        var first = Judge(Some.Deployment(updated: 1), Wanted, [Some.Injected("web-1", "1.7.8")]);
        var known = Judge(Some.Deployment(updated: 1), Wanted, [Some.Injected("web-1", "1.7.8")], first.Memory with { Knowledge = new() });

        var finding = Assert.Single(first.Rollout.Diagnosis);
        Assert.Equal((RolloutState.Progressing, "SidecarStillOutdated", FindingVerdict.Unknown, FindingSeverity.Warning), (first.Rollout.State, finding.Id, finding.Verdict, finding.Severity));
        Assert.Equal(Inquiry.Mesh, first.Ask);
        Assert.Equal((1, Inquiry.None), (known.Rollout.Diagnosis.Count, known.Ask));
        Assert.Empty(Judge(Some.Deployment(updated: 1), Wanted, [Some.Injected("web-1", "1.7.8")], options: new() { VerifySidecars = false }).Rollout.Diagnosis);
    }

    [Fact]
    public void What_failed_is_told_with_the_old_sidecar_it_came_up_with_too() => Assert.Equal(["SidecarStillOutdated"],
        Judge(Some.Deployment(updated: 1, conditions: [Some.DeadlineExceeded(Now)]), Wanted, [Some.Injected("web-1", "1.7.8")]).Rollout.Diagnosis.Select(finding => finding.Id));

    [Fact]
    public void New_pods_without_a_sidecar_are_told_where_those_before_them_have_one()
    {
        Pod[] old = [Some.Injected("web-0", "1.7.8", "h1", age: 60)];
        var told = Judge(Some.Deployment(updated: 1), Watched, [.. old, Some.WebPod("web-1")]);

        Assert.Equal(("SidecarMissing", FindingVerdict.Unknown), (Assert.Single(told.Rollout.Diagnosis).Id, told.Rollout.Diagnosis[0].Verdict));
        Assert.Equal(Inquiry.None, told.Ask);
        Assert.Empty(Judge(Some.Deployment(updated: 1), Watched, [Some.WebPod("web-0", "h1", age: 60), Some.WebPod("web-1")]).Rollout.Diagnosis);
        Assert.Empty(Judge(Some.Deployment(updated: 1), Watched, [.. old, Some.Injected("web-1", "1.7.8")]).Rollout.Diagnosis);
    }

    [Fact]
    public void A_rollout_that_is_done_with_pods_injected_twice_is_done_and_says_so()
    {
        var pod = Some.WebPod("web-1", spec: new() { Containers = [new() { Name = "app" }, new() { Name = "istio-proxy" }, new() { Name = "linkerd-proxy" }] });
        var going = pod with { Metadata = pod.Metadata with { Name = "web-2", DeletionTimestamp = Now } };
        var end = Judge(Some.Deployment(replicas: 1), Watched, [pod, going]);

        Assert.Equal((RolloutState.Complete, "InjectedTwice", FindingSeverity.Error), (end.Rollout.State, Assert.Single(end.Rollout.Diagnosis).Id, end.Rollout.Diagnosis[0].Severity));
    }

    [Fact]
    public void Old_refusals_count_where_nobody_knows_when_the_rollout_began()
    {
        var memory = Began with { MissingSince = Now.AddMinutes(-1), Events = [new() { Reason = "FailedCreate", Message = "exceeded quota: small", LastTimestamp = Now.AddHours(-1) }] };

        Assert.Equal("QuotaExceeded", Assert.Single(Judge(Some.StatefulSet(ready: 1), Watched, memory: memory).Rollout.Diagnosis).Id);
        Assert.Empty(Judge(Some.StatefulSet(ready: 1), Started with { Uid = "" }, memory: memory).Rollout.Diagnosis);
    }

    [Fact]
    public void Missing_pods_are_looked_at_again_after_a_grace_and_then_asked_about()
    {
        var first = Judge(Some.Deployment(updated: 1));
        var later = Judge(Some.Deployment(updated: 1), memory: first.Memory, seconds: 5);

        Assert.Equal((Now.AddSeconds(5), Inquiry.None), (first.LookAgain, first.Ask));
        Assert.Equal((null, Inquiry.Events), (later.LookAgain, later.Ask));
    }

    [Fact]
    public void Where_no_pods_are_missing_nothing_is_to_be_looked_at_again()
    {
        Pod[] pods = [Some.WebPod("web-1"), Some.WebPod("web-2"), Some.WebPod("web-3", "h1", age: 60)];

        Assert.Null(Judge(Some.Deployment(updated: 2), pods: pods).LookAgain);
        Assert.Null(Judge(Some.Deployment(updated: 2), podsKnown: false).LookAgain);
    }

    [Fact]
    public void A_done_rollout_waits_a_moment_for_the_pods_whose_sidecars_are_to_be_checked()
    {
        Pod[] pods = [Some.Injected("web-1", "1.11.8"), Some.Injected("web-2", "1.11.8")];
        var unknown = Judge(Some.Deployment(), Wanted, pods: [], podsKnown: false);
        var fewer = Judge(Some.Deployment(), Wanted, pods);
        var late = Judge(Some.Deployment(), Wanted, pods, fewer.Memory, seconds: 1);
        var all = Judge(Some.Deployment(), Wanted, [.. pods, Some.Injected("web-3", "1.11.8")]);

        Assert.All([unknown, fewer], judgement => Assert.Equal(
            (RolloutState.Progressing, "all pods are new and available; their sidecars are being checked", Now.AddSeconds(1)),
            (judgement.Rollout.State, judgement.Rollout.Message, judgement.LookAgain)));
        Assert.Equal((RolloutState.Complete, RolloutState.Complete), (late.Rollout.State, all.Rollout.State));
    }

    [Fact]
    public void Pods_being_deleted_are_counted_apart()
    {
        Pod[] pods = [Some.WebPod("web-1"), Some.WebPod("web-2", "h1", age: 60, deleting: true), Some.WebPod("web-3", "h1", age: 60, deleting: true)];

        Assert.Equal(2, Judge(Some.Deployment(updated: 1), pods: pods).Rollout.Terminating);
        Assert.Equal((RolloutState.Complete, 2), Judge(Some.Deployment(), pods: pods).Rollout is var done ? (done.State, done.Terminating) : default);
    }

    [Fact]
    public void While_the_controller_has_not_seen_the_change_all_is_still_to_be_done()
    {
        var pending = Judge(Some.Deployment(generation: 2, observed: 1), Started with { StartTime = Now }).Rollout;

        Assert.Equal((RolloutState.Pending, TimeSpan.FromSeconds(9)), (pending.State, pending.Remaining));
    }

    [Fact]
    public void While_the_controller_has_not_seen_the_change_old_pods_are_not_taken_for_new_ones()
    {
        Pod[] pods = [Some.Injected("web-1", "1.7.8"), Some.Injected("web-2", "1.7.8"), Some.Injected("web-3", "1.7.8")];
        var pending = Judge(Some.Deployment(generation: 1, observed: 1), Wanted, pods);

        Assert.Equal((RolloutState.Pending, Inquiry.None), (pending.Rollout.State, pending.Ask));
        Assert.Empty(pending.Rollout.Diagnosis);
    }

    [Fact]
    public void The_time_left_follows_what_was_measured_from_one_look_to_the_next()
    {
        var first = Judge(Some.Deployment(replicas: 10, updated: 0, total: 10), Started with { StartTime = Now }, podsKnown: false);
        var second = Judge(Some.Deployment(replicas: 10, updated: 5, available: 10), first.Rollout, memory: first.Memory, seconds: 50, podsKnown: false);
        var third = Judge(Some.Deployment(replicas: 10, updated: 5, available: 10), second.Rollout, memory: second.Memory, seconds: 70, podsKnown: false);

        Assert.Equal([6d, 50d, 30d], new[] { first, second, third }.Select(look => look.Rollout.Remaining!.Value.TotalSeconds));
    }

    [Fact]
    public void A_partition_leaves_less_to_be_done()
    {
        var set = Some.StatefulSet(replicas: 5, ready: 5, updated: 1, partition: 3);

        Assert.Equal(8, Judge(set, Started with { StartTime = Now, Kind = "StatefulSet", Uid = "" }).Rollout.Remaining?.TotalSeconds);
    }

    [Fact]
    public void What_waits_for_somebody_has_no_time_left_that_could_be_told()
    {
        Assert.Null(Judge(Some.Deployment(updated: 1, paused: true), Started with { StartTime = Now }).Rollout.Remaining);
        Assert.Null(Judge(Some.StatefulSet(updated: 1, strategy: "OnDelete"), Started with { StartTime = Now, Uid = "" }).Rollout.Remaining);
        Assert.Null(Judge(Some.DaemonSet(updated: 1, strategy: "OnDelete"), Started with { StartTime = Now, Uid = "" }).Rollout.Remaining);
    }

    [Fact]
    public void A_workload_scaled_meanwhile_is_followed_at_its_new_size_and_that_is_said()
    {
        var first = Judge(Some.Deployment(replicas: 3, updated: 1), podsKnown: false);
        var up = Judge(Some.Deployment(replicas: 5, updated: 1, generation: 3), first.Rollout, memory: first.Memory, podsKnown: false);
        var down = Judge(Some.Deployment(replicas: 1, generation: 3), first.Rollout, memory: first.Memory, podsKnown: false);

        Assert.Equal((5, "1 of 5 pods updated; the workload was changed again meanwhile (scaled from 3 to 5, generation 3 after 2), its newest template is followed"), (up.Rollout.Desired, up.Rollout.Message));
        Assert.Equal((RolloutState.Complete, "done: the pod is new and available; the workload was changed again meanwhile (scaled from 3 to 1, generation 3 after 2), its newest template is followed"), (down.Rollout.State, down.Rollout.Message));
    }

    [Fact]
    public void A_restart_of_an_Argo_Rollout_is_counted_by_its_pods()
    {
        var (since, before) = (Now.AddMinutes(-1), Now.AddMinutes(-9));
        Pod Canary(string name, DateTimeOffset made) => Some.WebPod(name) is var pod
            ? pod with { Metadata = pod.Metadata with { CreationTimestamp = made, Labels = new Dictionary<string, string> { ["rollouts-pod-template-hash"] = "h2" } } } : pod;
        Pod[] pods = [Canary("a", since), Canary("b", before), Canary("c", before)];

        var rollout = Judge(Some.Argo(restartAt: since), Started with { Kind = "Rollout", Uid = "", StartTime = since }, pods).Rollout;

        Assert.Equal((RolloutState.Progressing, 1, 2, "1 of 3 pods restarted, 3 available"), (rollout.State, rollout.Updated, rollout.Old, rollout.Message));
        Assert.NotEqual(TimeSpan.Zero, rollout.Remaining);
    }

    [Fact]
    public void Sidecars_of_pods_that_cannot_be_read_are_not_waited_for() =>
        Assert.Equal(RolloutState.Complete, Judge(Some.Deployment(), Wanted, podsKnown: false, podsReadable: false).Rollout.State);

    private static readonly FollowMemory JustBegan = new() { Since = Now };

    private static readonly RolloutJudgement.Sight Nothing = new(null, [], true, true);

    private static MeshRollout Watched { get; } = new() { Cluster = "c", Namespace = "shop", Kind = "Deployment", Name = "web" };

    private static MeshRollout Started { get; } = Watched with { Generation = 2, Uid = "uid-web", StartTime = Now.AddMinutes(-10) };

    private static MeshRollout Wanted { get; } = Started with { DesiredVersion = "1.11.8" };

    private static Judgement Judge(IKubernetesObject workload, MeshRollout? rollout = null, Pod[]? pods = null, FollowMemory? memory = null, int seconds = 0, bool podsKnown = true, bool podsReadable = true, FollowOptions? options = null) =>
        RolloutJudgement.Judge(rollout ?? Started, new(workload, pods ?? [], podsKnown, podsReadable), memory ?? Began, options ?? new(), Now.AddSeconds(seconds));
}
