using System.Net;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Tests.Restarts;

public sealed class RestartEngineTests
{
    [Fact]
    public async Task A_workload_is_restarted_followed_and_verified()
    {
        await using var cluster = new ModelCluster(1);
        cluster.Run(new() { FollowToEnd = true });
        await cluster.PatchedAsync(1);
        cluster.Succeed("web0");
        await cluster.Reading;

        var started = Assert.IsType<RestartEvent.Started>(cluster.Events[0]).Rollout;
        var ended = Assert.IsType<RestartEvent.Ended>(cluster.Events[^1]).Rollout;
        Assert.Equal(("web0", "Rolling", RolloutState.Pending, 2L, "1.11.8"), (started.Name, started.Strategy, started.State, started.Generation, started.DesiredVersion));
        Assert.Equal((RolloutState.Complete, 0), (ended.State, ended.Diagnosis.Count));
        var patch = Assert.Single(cluster.Server.Requests, asked => asked.Method == "PATCH");
        Assert.Contains("\"kubectl.kubernetes.io/restartedAt\":\"2026-03-01T12:00:00.0000000Z\"", patch.Body, StringComparison.Ordinal);
        Assert.Contains("fieldManager=meshroll", patch.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stream_ends_when_the_last_one_was_started()
    {
        await using var cluster = new ModelCluster(3);
        cluster.Run(new());
        await cluster.Reading;

        Assert.Equal(3, cluster.Events.Count(news => news is RestartEvent.Started));
        Assert.DoesNotContain(cluster.Events, news => news is RestartEvent.Ended);
    }

    [Fact]
    public async Task Each_waits_for_its_place_and_the_order_is_kept()
    {
        await using var cluster = new ModelCluster(6);
        cluster.Run(new() { MaxConcurrent = 2, FollowToEnd = true });
        for (var i = 0; i < 6; i++)
        {
            await cluster.PatchedAsync(Math.Min(6, i + 2));
            Assert.Equal(Math.Min(6, i + 2), cluster.Patched.Count);
            cluster.Succeed(cluster.Names[i]);
        }
        await cluster.Reading;

        Assert.Equal(2, cluster.MostMoving);
        Assert.Equal(cluster.Names.Order(), cluster.Patched.Order());
        Assert.Equal(6, cluster.Events.Count(news => news is RestartEvent.Ended));
    }

    [Fact]
    public async Task The_next_one_starts_only_after_the_delay()
    {
        await using var cluster = new ModelCluster(2);
        cluster.Run(new() { MaxConcurrent = 1, Delay = TimeSpan.FromMinutes(5), FollowToEnd = true });
        await cluster.PatchedAsync(1);
        cluster.Succeed("web0");
        await cluster.Time.WaitForTimerAsync(TimeSpan.FromMinutes(5));
        cluster.Time.Advance(TimeSpan.FromSeconds(299));
        Assert.Single(cluster.Patched);

        cluster.Time.Advance(TimeSpan.FromSeconds(1));
        await cluster.PatchedAsync(2);
    }

    [Fact]
    public async Task The_first_failure_stops_the_walk_and_the_rest_is_named()
    {
        await using var cluster = new ModelCluster(4);
        cluster.Run(new() { MaxConcurrent = 1 });
        await cluster.PatchedAsync(1);
        cluster.Succeed("web0");
        await cluster.PatchedAsync(2);
        cluster.Fail("web1");
        await cluster.Reading;

        var stopped = Assert.Single(cluster.Events.OfType<RestartEvent.Stopped>());
        Assert.Equal("web1", Assert.Single(stopped.Because).Name);
        Assert.Equal(["web2", "web3"], stopped.NotStarted.Select(workload => workload.Name));
        Assert.Equal(["web2", "web3"], cluster.Events.OfType<RestartEvent.Skipped>().Select(skipped => skipped.Rollout.Name));
        Assert.All(cluster.Events.OfType<RestartEvent.Skipped>(), skipped => Assert.Equal("not started: shop deployment/web1 did not come back as wanted", skipped.Rollout.Message));
        Assert.Equal(["web0", "web1"], cluster.Patched);
    }

    [Fact]
    public async Task A_workload_that_comes_back_with_the_old_sidecar_stops_the_walk()
    {
        await using var cluster = new ModelCluster(2);
        cluster.Run(new() { MaxConcurrent = 1 });
        await cluster.PatchedAsync(1);
        cluster.Succeed("web0", sidecar: "1.7.8");
        await cluster.Reading;

        var because = Assert.Single(Assert.Single(cluster.Events.OfType<RestartEvent.Stopped>()).Because);
        Assert.Equal((RolloutState.Complete, "SidecarStillOutdated"), (because.State, because.Diagnosis[0].Id));
    }

    [Fact]
    public async Task With_zero_failures_to_stop_after_the_walk_goes_on()
    {
        await using var cluster = new ModelCluster(3);
        cluster.Run(new() { MaxConcurrent = 1, StopAfterFailures = 0, FollowToEnd = true });
        for (var i = 0; i < 3; i++)
        {
            await cluster.PatchedAsync(i + 1);
            cluster.Fail(cluster.Names[i]);
        }
        await cluster.Reading;

        Assert.Equal(3, cluster.Events.OfType<RestartEvent.Ended>().Count(ended => ended.Rollout.State == RolloutState.Failed));
    }

    [Fact]
    public async Task A_workload_has_ten_minutes_at_least()
    {
        await using var cluster = new ModelCluster(1);
        cluster.Run(new() { FollowToEnd = true });
        await cluster.EventuallyAsync(events => events.Any(news => news is RestartEvent.Changed or RestartEvent.Started));
        await cluster.Time.WaitForTimerAsync(TimeSpan.FromMinutes(10));

        cluster.Time.Advance(TimeSpan.FromMinutes(10));
        await cluster.Reading;

        Assert.Equal(RolloutState.TimedOut, Assert.Single(cluster.Events.OfType<RestartEvent.Ended>()).Rollout.State);
    }

    [Fact]
    public async Task What_is_up_to_date_is_skipped_unless_forced()
    {
        await using var cluster = new ModelCluster(1, sidecar: "1.11.8");
        cluster.Run(new());
        await cluster.Reading;
        Assert.Equal("up to date: its pod carries 1.11.8", Assert.Single(cluster.Events.OfType<RestartEvent.Skipped>()).Rollout.Message);

        cluster.Run(new() { Force = true });
        await cluster.Reading;
        Assert.Single(cluster.Patched);
    }

    [Fact]
    public async Task What_is_refused_or_missing_lets_the_rest_go_on()
    {
        await using var cluster = new ModelCluster(4);
        cluster.Server.Put(Resources.Deployments, Some.Deployment(name: "web1", paused: true));
        cluster.Server.Refuse = asked => asked.Method != "PATCH" ? null
            : asked.Path.EndsWith("web0", StringComparison.Ordinal) ? HttpStatusCode.Forbidden
            : asked.Path.EndsWith("web2", StringComparison.Ordinal) ? HttpStatusCode.UnprocessableEntity : null;
        cluster.Run(new() { MaxConcurrent = 1 }, [.. cluster.Targets.Take(3), new(new("shop", "Job", "batch")), new(new("shop", "Deployment", "gone")), cluster.Targets[3]]);
        await cluster.Reading;

        Assert.Equal(["web0", "web1", "web2", "batch", "gone"], cluster.Events.OfType<RestartEvent.Refused>().Select(refused => refused.Workload.Name));
        Assert.Equal(["web3"], cluster.Patched);
    }

    [Fact]
    public async Task A_server_in_trouble_stops_the_walk()
    {
        await using var cluster = new ModelCluster(2);
        cluster.Server.Refuse = asked => asked.Method == "PATCH" ? HttpStatusCode.InternalServerError : null;
        cluster.Run(new() { MaxConcurrent = 1 });
        await cluster.Reading;

        Assert.Single(cluster.Events.OfType<RestartEvent.Refused>());
        Assert.Equal("web1", Assert.Single(Assert.Single(cluster.Events.OfType<RestartEvent.Stopped>()).NotStarted).Name);
    }

    [Fact]
    public async Task Workloads_that_may_not_be_read_are_refused_one_by_one()
    {
        await using var cluster = new ModelCluster(2);
        cluster.Server.Refuse = asked => asked.Path.EndsWith("/deployments", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;
        cluster.Run(new());
        await cluster.Reading;

        Assert.Equal(2, cluster.Events.OfType<RestartEvent.Refused>().Count(refused => refused.Error is ApiException { Code: HttpStatusCode.Forbidden }));
    }

    [Fact]
    public async Task A_failure_while_a_question_is_open_takes_the_answer_back()
    {
        await using var cluster = new ModelCluster(2);
        TaskCompletionSource asked = new(), answered = new();
        cluster.Run(new()
        {
            MaxConcurrent = 2,
            FollowToEnd = true,
            Approve = async (proposal, _) =>
            {
                if (proposal.Workload.Name == "web0") return true;
                asked.SetResult();
                await answered.Task;
                return true;
            },
        });
        await asked.Task;
        await cluster.PatchedAsync(1);
        cluster.Fail("web0");
        await cluster.EventuallyAsync(events => events.Any(news => news is RestartEvent.Ended));

        answered.SetResult();
        await cluster.Reading;

        Assert.Equal(["web0"], cluster.Patched);
        Assert.Equal("not started: shop deployment/web0 did not come back as wanted", Assert.Single(cluster.Events.OfType<RestartEvent.Skipped>()).Rollout.Message);
    }

    [Fact]
    public async Task Approval_is_asked_in_order_and_a_no_leaves_the_workload_alone()
    {
        await using var cluster = new ModelCluster(3);
        List<string> asked = [];
        cluster.Run(new()
        {
            Approve = (proposal, _) =>
            {
                asked.Add($"{proposal.Workload.Name}: {proposal.Action}");
                return ValueTask.FromResult(proposal.Workload.Name != "web1");
            },
        });
        await cluster.Reading;

        Assert.Equal(["web0: Rolling restart of 1 pod, about 3 s", "web1: Rolling restart of 1 pod, about 3 s", "web2: Rolling restart of 1 pod, about 3 s"], asked);
        Assert.StartsWith("declined: Rolling restart of ", Assert.Single(cluster.Events.OfType<RestartEvent.Skipped>()).Rollout.Message, StringComparison.Ordinal);
        Assert.Equal(["web0", "web2"], cluster.Patched.Order());
    }

    [Fact]
    public async Task A_workload_named_twice_is_restarted_once()
    {
        await using var cluster = new ModelCluster(1);
        cluster.Run(new(), [.. cluster.Targets, .. cluster.Targets]);
        await cluster.Reading;

        Assert.Single(cluster.Patched);
    }

    [Fact]
    public async Task Two_hundred_cost_one_list_per_kind_and_one_patch_each()
    {
        await using var cluster = new ModelCluster(200);
        cluster.Run(new() { MaxConcurrent = 0 });
        await cluster.Reading;

        Assert.Equal(200, cluster.Events.Count(news => news is RestartEvent.Started));
        Assert.Equal((1, 1), (cluster.Server.Lists("apis/apps/v1/deployments"), cluster.Server.Lists("api/v1/pods")));
        Assert.Equal(200, cluster.Server.Requests.Count(asked => asked.Method == "PATCH"));
        Assert.True(cluster.Server.Requests.Count < 200 + 12, $"{cluster.Server.Requests.Count} requests");
    }

    [Fact]
    public async Task Cancelled_it_starts_nothing_more()
    {
        await using var cluster = new ModelCluster(3);
        using var cancel = new CancellationTokenSource();
        cluster.Run(new() { MaxConcurrent = 1 }, cancellation: cancel.Token);
        await cluster.PatchedAsync(1);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.Reading);
        cluster.Succeed("web0");

        Assert.Equal(["web0"], cluster.Patched);
    }

    [Fact]
    public async Task A_reader_that_stops_reading_ends_the_run()
    {
        await using var cluster = new ModelCluster(3);

        await foreach (var news in new RestartEngine(cluster.Session).RunAsync(cluster.Targets, new() { MaxConcurrent = 1 }, TestContext.Current.CancellationToken))
        {
            if (news is RestartEvent.Started) break;
        }
        cluster.Succeed("web0");

        Assert.Equal(["web0"], cluster.Patched);
    }

    [Fact]
    public async Task A_slow_reader_does_not_hold_up_the_cluster()
    {
        await using var cluster = new ModelCluster(3);
        var slow = new RestartEngine(cluster.Session).RunAsync(cluster.Targets, new() { MaxConcurrent = 1, FollowToEnd = true }, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await slow.MoveNextAsync());

        for (var i = 0; i < 3; i++)
        {
            await cluster.PatchedAsync(i + 1);
            cluster.Succeed(cluster.Names[i]);
        }
        var unread = 0;
        while (await slow.MoveNextAsync()) unread++;
        await slow.DisposeAsync();

        Assert.InRange(unread, 5, 8);
    }

    [Theory]
    [InlineData(-1, 0, 0, 1)]
    [InlineData(1, -1, 0, 1)]
    [InlineData(1, 0, -1, 1)]
    [InlineData(1, 0, 0, 0)]
    [InlineData(1, 0, 0, 1_000_000_000)]
    [InlineData(1, 1_000_000_000, 0, 1)]
    public void Numbers_that_make_no_sense_are_refused_at_once(int concurrent, int delay, int failures, int timeout)
    {
        var options = new RestartOptions { MaxConcurrent = concurrent, Delay = TimeSpan.FromSeconds(delay), StopAfterFailures = failures, Timeout = TimeSpan.FromSeconds(timeout) };

        var error = Assert.Throws<InvalidRequestException>(() => new RestartEngine(null!).RunAsync([], options, TestContext.Current.CancellationToken));

        Assert.Equal("MeshRoll.InvalidPacing", error.Id);
    }

    [Fact]
    public async Task No_targets_are_no_work()
    {
        await using var cluster = new ModelCluster(0);
        cluster.Run(new());
        await cluster.Reading;

        Assert.Empty(cluster.Events);
        Assert.Empty(cluster.Server.Requests);
    }
}
