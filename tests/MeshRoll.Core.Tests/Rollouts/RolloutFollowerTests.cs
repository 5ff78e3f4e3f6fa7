using System.Net;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts;

public sealed class RolloutFollowerTests
{
    private const string Deployments = "apis/apps/v1/deployments", PodsPath = "api/v1/pods";

    [Fact]
    public async Task A_rollout_is_followed_to_its_end()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(observed: 1));
        world.Follower.Add(world.Web());
        world.Follower.Complete();

        Assert.Equal(RolloutState.Pending, Assert.IsType<RolloutEvent.Changed>(await world.NextAsync()).Rollout.State);
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        await world.UntilAsync(rollout => rollout.Updated == 1);
        world.Server.Put(Resources.Deployments, Some.Deployment());
        var end = await world.EndAsync();

        Assert.Equal((RolloutState.Complete, 3, "done: all 3 pods are new and available", "7"), (end.State, end.Updated, end.Message, end.Revision));
        Assert.Equal(world.Time.GetUtcNow(), end.EndTime);
        Assert.False(await world.Follower.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken).MoveNextAsync());
    }

    [Fact]
    public async Task What_has_ended_already_is_given_back_without_a_request()
    {
        await using var world = new Following();
        world.Follower.Add(world.Web() with { State = RolloutState.Skipped, Message = "up to date" });
        world.Follower.Complete();

        Assert.Equal("up to date", (await world.EndAsync()).Message);
        Assert.Empty(world.Server.Requests);
    }

    [Fact]
    public async Task Three_hundred_rollouts_cost_one_list_and_one_watch_per_resource()
    {
        await using var world = new Following();
        var names = Enumerable.Range(0, 300).Select(number => $"web-{number}").ToList();
        foreach (var name in names) world.Server.Put(Resources.Deployments, Some.Deployment(updated: 0, name: name));
        foreach (var name in names) world.Follower.Add(world.Web(name: name));
        world.Follower.Complete();
        await Following.EventuallyAsync(() => world.Follower.Moving().All(rollout => rollout.State == RolloutState.Progressing));

        foreach (var name in names) world.Server.Put(Resources.Deployments, Some.Deployment(name: name));
        for (var i = 0; i < names.Count; i++) Assert.Equal(RolloutState.Complete, (await world.EndAsync()).State);

        Assert.Equal((1, 1), (world.Server.Lists(Deployments), world.Server.Watches(Deployments)));
        Assert.Equal((1, 1), (world.Server.Lists(PodsPath), world.Server.Watches(PodsPath)));
        Assert.Equal(4, world.Server.Requests.Count);
    }

    [Fact]
    public async Task Many_namespaces_share_one_cache_of_the_whole_cluster()
    {
        await using var world = new Following();
        await AddNamespacesAsync(world, 6);

        Assert.All(world.Server.Requests, asked => Assert.DoesNotContain("/namespaces/", asked.Path, StringComparison.Ordinal));
        Assert.Equal(1, world.Server.Lists(Deployments));
    }

    [Fact]
    public async Task Who_may_not_read_the_whole_cluster_follows_each_namespace()
    {
        await using var world = new Following();
        world.Server.Refuse = asked => asked.Path.Contains("/namespaces/", StringComparison.Ordinal) ? null : HttpStatusCode.Forbidden;
        await AddNamespacesAsync(world, 6);

        Assert.Equal(1 + 6, world.Server.Lists(Deployments));
    }

    [Fact]
    public async Task A_few_namespaces_are_followed_one_by_one()
    {
        await using var world = new Following();
        await AddNamespacesAsync(world, 4);

        Assert.Equal(4, world.Server.Requests.Count(asked => !asked.IsWatch && asked.Path.EndsWith("/deployments", StringComparison.Ordinal) && asked.Path.Contains("/namespaces/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Namespaces_that_come_one_by_one_end_in_one_cache()
    {
        await using var world = new Following();
        // All are there before: one that the shared cache has not heard of yet would be taken for deleted.
        for (var i = 0; i < 6; i++) Put(world, $"n{i}", updated: 0);
        for (var i = 0; i < 6; i++) world.Follower.Add(world.Web(@namespace: $"n{i}"));
        await Following.EventuallyAsync(() => world.Follower.Moving().All(rollout => rollout.State == RolloutState.Progressing));
        for (var i = 0; i < 6; i++) Put(world, $"n{i}");

        for (var i = 0; i < 6; i++) Assert.Equal(RolloutState.Complete, (await world.EndAsync()).State);
    }

    [Fact]
    public async Task What_may_not_be_read_ends_with_the_reason()
    {
        await using var world = new Following();
        world.Server.Refuse = asked => asked.Path.EndsWith("/deployments", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;
        world.Follower.Add(world.Web());

        var end = await world.EndAsync();

        Assert.Equal(RolloutState.Failed, end.State);
        Assert.StartsWith("cannot be followed: ", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_to_read_pods_the_rollout_is_followed_and_that_is_said()
    {
        await using var world = new Following();
        world.Server.Refuse = asked => asked.Path.EndsWith("/pods", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Follower.Add(world.Web() with { DesiredVersion = "1.11.8" });

        RolloutEvent news;
        while ((news = await world.NextAsync()) is not RolloutEvent.Remark) { }
        Assert.StartsWith("Pods of namespace shop cannot be read", ((RolloutEvent.Remark)news).Text, StringComparison.Ordinal);
        world.Server.Put(Resources.Deployments, Some.Deployment());
        Assert.Equal(RolloutState.Complete, (await world.EndAsync()).State);
    }

    [Fact]
    public async Task Paused_in_the_middle_is_said_and_is_no_end()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Updated == 1);

        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1, generation: 3, paused: true));
        await world.UntilAsync(rollout => rollout.State == RolloutState.Paused);
        world.Server.Put(Resources.Deployments, Some.Deployment(generation: 4));

        Assert.Equal(RolloutState.Complete, (await world.EndAsync()).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_workload_deleted_meanwhile_has_failed(bool whileNobodyWatched)
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Updated == 1);
        await Following.EventuallyAsync(() => world.Server.Watches(Deployments) == 1);

        world.Server.Delete(Resources.Deployments, "web", silently: whileNobodyWatched);
        if (whileNobodyWatched)
        {
            world.Server.ForgetHistory();
            world.Server.EndWatches();
        }
        var end = await EndAfterBackoffAsync(world);

        Assert.Equal((RolloutState.Failed, "was deleted while it was being followed"), (end.State, end.Message));
    }

    [Fact]
    public async Task A_workload_made_again_under_its_name_is_another_one()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Updated == 1);

        world.Server.Put(Resources.Deployments, Some.Deployment(uid: "another"));

        Assert.StartsWith("was deleted", (await world.EndAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workload_that_is_not_there_has_failed()
    {
        await using var world = new Following();
        world.Follower.Add(world.Web());

        Assert.Equal(RolloutState.Failed, (await EndAfterBackoffAsync(world)).State);
    }

    [Fact]
    public async Task When_somebody_changes_the_workload_again_its_newest_template_is_followed()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(generation: 5, observed: 4));
        world.Follower.Add(world.Web(generation: 4));
        await world.UntilAsync(rollout => rollout.State == RolloutState.Pending && rollout.Message.Contains("changed again", StringComparison.Ordinal));

        world.Server.Put(Resources.Deployments, Some.Deployment(generation: 5));
        var end = await world.EndAsync();

        Assert.Equal(RolloutState.Complete, end.State);
        Assert.Contains("changed again meanwhile (generation 5 after 4)", end.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watch_that_breaks_is_taken_up_again(bool expired)
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Updated == 1);
        await Following.EventuallyAsync(() => world.Server.Watches(Deployments) == 1);

        if (expired) world.Server.ForgetHistory();
        world.Server.CutWatches();
        world.Server.Put(Resources.Deployments, Some.Deployment());

        Assert.Equal(RolloutState.Complete, (await EndAfterBackoffAsync(world)).State);
    }

    [Fact]
    public async Task A_lost_connection_is_said_once_and_so_is_its_return()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Updated == 1);
        await Following.EventuallyAsync(() => world.Server.Watches(Deployments) == 1 && world.Server.Watches(PodsPath) == 1);
        List<string> remarks = [];
        async Task RemarkAsync()
        {
            while (true)
            {
                if (await world.NextAsync() is not RolloutEvent.Remark remark) continue;
                remarks.Add(remark.Text);
                return;
            }
        }

        world.Server.Refuse = _ => HttpStatusCode.ServiceUnavailable;
        world.Server.CutWatches();
        await PassAsync(world, RemarkAsync());
        world.Server.Refuse = null;
        await PassAsync(world, RemarkAsync());
        world.Server.Put(Resources.Deployments, Some.Deployment());

        Assert.Equal(RolloutState.Complete, (await EndAfterBackoffAsync(world)).State);
        Assert.StartsWith("The connection to the cluster is lost (", remarks[0], StringComparison.Ordinal);
        Assert.Equal("The connection to the cluster is back.", remarks[1]);
    }

    [Fact]
    public async Task Each_rollout_has_its_time()
    {
        await using var world = new Following(new() { TimeoutEach = TimeSpan.FromMinutes(10) });
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1), Some.Deployment(updated: 0, name: "api"));
        world.Follower.Add(world.Web());
        world.Follower.Add(world.Web(name: "api"), TimeSpan.FromMinutes(30));
        await Following.EventuallyAsync(() => world.Follower.Moving().All(rollout => rollout.State == RolloutState.Progressing));

        world.Time.Advance(TimeSpan.FromMinutes(10));
        var end = await world.EndAsync();

        Assert.Equal(("web", RolloutState.TimedOut, "not done after 10 min: 1 of 3 pods updated"), (end.Name, end.State, end.Message));
        Assert.Equal(("api", RolloutState.Progressing), world.Follower.Moving().Select(rollout => (rollout.Name, rollout.State)).Single());
    }

    [Fact]
    public async Task All_together_have_their_time()
    {
        await using var world = new Following(new() { TimeoutAll = TimeSpan.FromMinutes(1) });
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1), Some.Deployment(updated: 0, name: "api"));
        world.Follower.Add([world.Web(), world.Web(name: "api")]);
        await Following.EventuallyAsync(() => world.Follower.Moving().All(rollout => rollout.State == RolloutState.Progressing));

        world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([RolloutState.TimedOut, RolloutState.TimedOut], [(await world.EndAsync()).State, (await world.EndAsync()).State]);
    }

    [Fact]
    public async Task Time_runs_out_even_while_nothing_is_known()
    {
        await using var world = new Following(new() { TimeoutEach = TimeSpan.FromSeconds(5) });
        world.Server.Refuse = _ => HttpStatusCode.ServiceUnavailable;
        world.Follower.Add(world.Web());

        world.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(RolloutState.TimedOut, (await world.EndAsync()).State);
    }

    [Fact]
    public async Task A_missing_image_ends_the_rollout_after_one_question()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Server.Put(Resources.ReplicaSets, Some.ReplicaSet("web-h2", "7"));
        world.Server.Put(Resources.Pods, Some.WebPod("web-1", status: Some.Waiting("ImagePullBackOff", "Back-off")), Some.WebPod("web-0", "h1", age: 60));
        world.Follower.Add(world.Web());

        var end = await world.EndAsync();

        Assert.Equal((RolloutState.Failed, "container app of pod web-1 cannot pull image registry.test/app:9 (ImagePullBackOff: Back-off)"), (end.State, end.Message));
        Assert.Equal("ImagePull", Assert.Single(end.Diagnosis).Id);
        Assert.Single(world.Server.Requests, asked => asked.Path.Contains("replicasets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Broken_pods_of_a_template_that_was_undone_do_not_doom_it()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Server.Put(Resources.ReplicaSets, Some.ReplicaSet("web-h2", "6"));
        world.Server.Put(Resources.Pods, Some.WebPod("web-1", status: Some.Waiting("ImagePullBackOff", "Back-off")), Some.WebPod("web-0", "h1", age: 60));
        world.Follower.Add(world.Web());

        await Following.EventuallyAsync(() => world.Server.Requests.Any(asked => asked.Path.Contains("replicasets", StringComparison.Ordinal)));
        await world.UntilAsync(rollout => rollout.State == RolloutState.Progressing && rollout.Diagnosis.Count == 0);
        world.Server.Put(Resources.Deployments, Some.Deployment());

        Assert.Equal(RolloutState.Complete, (await world.EndAsync()).State);
    }

    [Fact]
    public async Task A_fatal_finding_only_shows_where_the_deadline_is_to_be_waited_out()
    {
        await using var world = new Following(new() { FailOnFatalFinding = false, TimeoutEach = TimeSpan.FromMinutes(1) });
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Server.Put(Resources.Pods, Some.WebPod("web-1", status: Some.Waiting("ImagePullBackOff", "Back-off")));
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Diagnosis.Count == 1);

        world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Contains("cannot pull image", (await world.EndAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_asked_for_once_pods_have_been_missing_for_some_seconds()
    {
        await using var world = new Following();
        world.Server.Put(Resources.StatefulSets, Some.StatefulSet(replicas: 3, ready: 1, updated: 1));
        world.Server.Put(Resources.Pods, Some.DbPod("db-0", "db-1"), Some.DbPod("db-2", status: Harmless));
        world.Server.Put(Resources.Events,
            FailedCreate("e1", "StatefulSet", "db", "pods \"db-1\" is forbidden: violates PodSecurity \"restricted\""),
            FailedCreate("e2", "StatefulSet", "other", "exceeded quota"));
        world.Follower.Add(world.Web() with { Kind = "StatefulSet", Name = "db", Uid = "" });
        await world.UntilAsync(rollout => rollout.Diagnosis.Count == 1);
        Assert.Equal(0, world.Server.Lists("api/v1/events"));

        world.Time.Advance(TimeSpan.FromSeconds(5));
        var end = await world.EndAsync();

        Assert.StartsWith("its pods violate the namespace's pod security level", end.Message, StringComparison.Ordinal);
        Assert.Equal(1, world.Server.Lists("api/v1/events"));
    }

    [Fact]
    public async Task While_nothing_is_wrong_nothing_is_asked_beyond_the_two_lists_and_watches()
    {
        await using var world = new Following();
        var restart = new Dictionary<string, string> { [RestartPatch.Annotation] = "2026-03-01T10:00:00Z" };
        world.Server.Put(Resources.Deployments, Restarted(0));
        world.Server.Put(Resources.Pods, [.. Enumerable.Range(1, 3).Select(number => Some.Injected($"web-{number}", "1.7.8", "h1", age: 60))]);
        world.Follower.Add(world.Web() with { DesiredVersion = "1.11.8" });
        await world.UntilAsync(rollout => rollout.State == RolloutState.Progressing);
        for (var updated = 1; updated <= 3; updated++)
        {
            var pod = Some.Injected($"new-{updated}", "1.11.8");
            world.Server.Put(Resources.Pods, pod with { Metadata = pod.Metadata with { Annotations = restart } });
            world.Server.Delete(Resources.Pods, $"web-{updated}");
            world.Server.Put(Resources.Deployments, Restarted(updated));
            world.Time.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.Equal(RolloutState.Complete, (await world.EndAsync()).State);
        Assert.All(world.Server.Requests, asked => Assert.True(asked.Path.EndsWith("/pods", StringComparison.Ordinal) || asked.Path.EndsWith("/deployments", StringComparison.Ordinal), asked.ToString()));
        Assert.Equal((1, 1), (world.Server.Lists(PodsPath), world.Server.Watches(PodsPath)));

        Deployment Restarted(int updated)
        {
            var deployment = Some.Deployment(updated: updated);
            return deployment with { Spec = deployment.Spec with { Template = new() { Metadata = new() { Annotations = restart } } } };
        }
    }

    [Fact]
    public async Task A_sidecar_that_is_not_ready_has_events_and_istiods_asked_for_and_again_only_after_a_while()
    {
        await using var world = new Following();
        var pod = Some.WithSidecar(Some.UnreadySidecar());
        world.Server.Put(Resources.Deployments, Some.Deployment(replicas: 2, available: 0));
        world.Server.Put(Resources.Pods, pod, Some.WebPod("web-2", status: Harmless), Istiod("istiod-1", ready: false));
        world.Server.Put(Resources.Events, Some.Unhealthy(pod, "istio-proxy", "Readiness probe failed: 503") with { Metadata = new() { Name = "e1", Namespace = "shop" } });
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Diagnosis.Count == 1);

        world.Time.Advance(TimeSpan.FromSeconds(15));
        await world.UntilAsync(rollout => rollout.Diagnosis is [{ Id: "IstiodUnreachable" } found, _] && found.Message.EndsWith("(Readiness probe failed: 503)", StringComparison.Ordinal));
        Assert.Equal((1, 2), (world.Server.Lists("api/v1/events"), world.Server.Lists(PodsPath)));

        world.Server.Put(Resources.Pods, Istiod("istiod-1", ready: true));
        world.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, world.Server.Lists("api/v1/events"));
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.UntilAsync(rollout => rollout.Diagnosis is [{ Id: "SidecarNotReady" }, _]);
        await Following.EventuallyAsync(() => (world.Server.Lists("api/v1/events"), world.Server.Lists(PodsPath)) == (2, 3));
    }

    [Fact]
    public async Task Without_the_right_to_read_istiods_pods_the_sidecar_is_told_all_the_same()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(replicas: 2, available: 0));
        world.Server.Put(Resources.Pods, Some.WithSidecar(Some.UnreadySidecar()), Some.WebPod("web-2", status: Harmless));
        world.Server.Refuse = asked => asked.Query.Contains("istiod", StringComparison.Ordinal) || asked.Path.EndsWith("/events", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Diagnosis.Count == 1);

        world.Time.Advance(TimeSpan.FromSeconds(15));

        await world.UntilAsync(rollout => rollout.Diagnosis is [{ Id: "SidecarNotReady" }, _]);
        await Following.EventuallyAsync(() => world.Server.Requests.Count(asked => asked.Query.Contains("istiod", StringComparison.Ordinal)) == 2);
        Assert.Contains(world.Server.Requests, asked => asked.Path.Contains("/namespaces/istio-system/pods", StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_pods_with_the_sidecar_wanted_are_a_success()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(replicas: 1));
        world.Server.Put(Resources.Pods, Some.Injected("web-1", "1.11.8"));
        world.Follower.Add(world.Web() with { DesiredVersion = "1.11.8" });

        var end = await world.EndAsync();

        Assert.Equal((RolloutState.Complete, 0), (end.State, end.Diagnosis.Count));
        Assert.Equal(0, world.Server.Lists("api/v1/configmaps"));
    }

    [Fact]
    public async Task New_pods_with_the_old_sidecar_are_said_to_be_outdated()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(replicas: 1));
        world.Server.Put(Resources.Pods, Some.Injected("web-1", "1.7.8"));
        world.Follower.Add(world.Web() with { DesiredVersion = "1.11.8" });

        var end = await world.EndAsync();

        var finding = Assert.Single(end.Diagnosis);
        Assert.Equal((RolloutState.Complete, "SidecarStillOutdated", FindingSeverity.Error), (end.State, finding.Id, finding.Severity));
        Assert.StartsWith("done, but 1 of 1 new pod did not get the sidecar wanted: pod web-1 still carries 1.7.8", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_that_lag_behind_the_status_are_waited_for_a_moment()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(replicas: 1));
        world.Follower.Add(world.Web() with { DesiredVersion = "1.11.8" });
        await world.UntilAsync(rollout => rollout.Message.Contains("being checked", StringComparison.Ordinal));

        world.Server.Put(Resources.Pods, Some.Injected("web-1", "1.11.8"));

        Assert.Equal(RolloutState.Complete, (await world.EndAsync()).State);
    }

    [Fact]
    public async Task A_storm_of_changes_is_told_in_a_few_and_the_end_at_once()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(replicas: 50, updated: 0));
        world.Follower.Add(world.Web());
        world.Follower.Complete();
        for (var updated = 1; updated < 50; updated++)
        {
            world.Server.Put(Resources.Deployments, Some.Deployment(replicas: 50, updated: updated));
            await world.UntilAsync(rollout => rollout.Updated == updated);
        }
        world.Server.Put(Resources.Deployments, Some.Deployment(replicas: 50));

        List<RolloutEvent> events = [];
        await foreach (var news in world.Follower.Events(TestContext.Current.CancellationToken)) events.Add(news);

        Assert.True(events.Count <= 2, $"{events.Count} events");
        Assert.IsType<RolloutEvent.Ended>(events[^1]);
    }

    [Fact]
    public async Task A_change_held_back_is_told_a_moment_later()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 0));
        world.Follower.Add(world.Web());
        Assert.IsType<RolloutEvent.Changed>(await world.NextAsync());
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 2));
        await world.UntilAsync(rollout => rollout.Updated == 2);

        world.Time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal(2, Assert.IsType<RolloutEvent.Changed>(await world.NextAsync()).Rollout.Updated);
    }

    [Fact]
    public async Task A_poll_interval_lists_and_never_watches()
    {
        await using var world = new Following(new() { PollInterval = TimeSpan.FromSeconds(3) });
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Updated == 1);
        world.Server.Put(Resources.Deployments, Some.Deployment());

        var end = world.EndAsync();
        await Following.EventuallyAsync(() =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(3));
            return end.IsCompleted;
        });

        Assert.Equal(RolloutState.Complete, (await end).State);
        Assert.DoesNotContain(world.Server.Requests, asked => asked.IsWatch);
    }

    [Fact]
    public async Task Disposed_it_ends_at_once_and_still_tells_what_was_moving()
    {
        var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Follower.Add(world.Web());
        await world.UntilAsync(rollout => rollout.Updated == 1);

        await world.DisposeAsync();

        Assert.Equal((RolloutState.Progressing, 1), (world.Follower.Moving()[0].State, world.Follower.Moving()[0].Updated));
        Assert.DoesNotContain(world.Server.Requests, asked => asked.Method != "GET");
    }

    [Fact]
    public async Task Cancelled_the_reading_ends()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Follower.Add(world.Web());
        using var cancel = new CancellationTokenSource();

        var reading = Task.Run(async () =>
        {
            await foreach (var _ in world.Follower.Events(cancel.Token)) await cancel.CancelAsync();
        }, TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task A_kind_without_rollouts_fails_with_the_reason()
    {
        await using var world = new Following();
        world.Follower.Add(world.Web() with { Kind = "Job" });

        Assert.Equal("a Job has no rollout to follow", (await world.EndAsync()).Message);
    }

    private static async Task AddNamespacesAsync(Following world, int count)
    {
        for (var i = 0; i < count; i++) Put(world, $"n{i}");
        world.Follower.Add([.. Enumerable.Range(0, count).Select(number => world.Web(@namespace: $"n{number}"))]);
        for (var i = 0; i < count; i++) Assert.Equal(RolloutState.Complete, (await world.EndAsync()).State);
    }

    private static void Put(Following world, string @namespace, int? updated = null)
    {
        var web = Some.Deployment(updated: updated);
        world.Server.Put(Resources.Deployments, web with { Metadata = web.Metadata with { Namespace = @namespace } });
    }

    // A watch that broke is taken up again after a wait, on the test's clock.
    private static async Task<MeshRollout> EndAfterBackoffAsync(Following world)
    {
        var end = world.EndAsync();
        await PassAsync(world, end);
        return await end;
    }

    private static async Task PassAsync(Following world, Task until)
    {
        await Following.EventuallyAsync(() =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            return until.IsCompleted;
        });
        await until;
    }

    private static Event FailedCreate(string name, string kind, string workload, string message) => new()
    {
        Metadata = new() { Name = name, Namespace = "shop" },
        InvolvedObject = new() { Kind = kind, Name = workload, Namespace = "shop" },
        Reason = "FailedCreate",
        Type = "Warning",
        Message = message,
    };

    // Something that passes and has nothing asked for: once it is told, the pods are known.
    private static PodStatus Harmless => Some.Waiting("CreateContainerConfigError", "failed to sync configmap cache: timed out waiting for the condition");

    private static Pod Istiod(string name, bool ready) => new()
    {
        Metadata = new() { Name = name, Namespace = "istio-system", Uid = name, Labels = new Dictionary<string, string> { ["app"] = "istiod", ["istio.io/rev"] = "1-27-1" } },
        Status = new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False" }] },
    };
}
