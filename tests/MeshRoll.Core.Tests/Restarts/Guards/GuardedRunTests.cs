using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Restarts.Guards;

/// <summary>The engine with its guards, on a server in memory.</summary>
public sealed class GuardedRunTests
{
    [Fact]
    public async Task What_is_excluded_is_skipped_with_the_reason_and_the_rest_goes_on()
    {
        await using var cluster = new ModelCluster(4);
        Annotate(cluster, "web1", "never", "takes 40 min to warm up");
        Annotate(cluster, "web2", "manual");
        cluster.Run(new() { Force = true, Guards = new() { Exclude = ["*b0"] } });
        await cluster.Reading;

        Assert.Equal(["web3"], cluster.Patched);
        Assert.Equal(
            ["excluded by *b0", "it has the annotation meshroll.io/restart: never: takes 40 min to warm up", "it has the annotation meshroll.io/restart: manual; name it without wildcards to restart it"],
            cluster.Events.OfType<RestartEvent.Skipped>().Select(skipped => skipped.Rollout.Message));
        Assert.All(cluster.Events.OfType<RestartEvent.Skipped>(), skipped => Assert.Equal(RolloutState.Skipped, skipped.Rollout.State));
    }

    [Fact]
    public async Task A_namespace_speaks_for_all_its_workloads_and_who_is_named_needs_no_more_than_manual()
    {
        await using var cluster = new ModelCluster(2);
        Annotate(cluster, "web1", "never");
        cluster.Server.Put(Resources.Namespaces, new Namespace { Metadata = new() { Name = "shop", Annotations = new Dictionary<string, string> { ["meshroll.io/restart"] = "manual" } } });
        cluster.Run(new(), [.. cluster.Targets.Select(target => target with { IsNamed = true })]);
        await cluster.Reading;

        Assert.Equal(["web0"], cluster.Patched);
        Assert.Equal("it has the annotation meshroll.io/restart: never", Assert.Single(cluster.Events.OfType<RestartEvent.Skipped>()).Rollout.Message);
    }

    [Fact]
    public async Task What_is_excluded_is_not_even_asked_about()
    {
        await using var cluster = new ModelCluster(2);
        List<string> asked = [];
        cluster.Run(new()
        {
            Guards = new() { Exclude = ["deploy/web1"] },
            Approve = (proposal, _) =>
            {
                asked.Add(proposal.Workload.Name);
                return ValueTask.FromResult(false);
            },
        });
        await cluster.Reading;

        Assert.Equal(["web0"], asked);
    }

    [Fact]
    public async Task No_more_pods_move_than_allowed_though_the_pace_would_let_them()
    {
        await using var cluster = new ModelCluster(6);
        cluster.Run(new() { MaxConcurrent = 0, FollowToEnd = true, Guards = new() { MaxPodsInTransition = 2 } });
        for (var i = 0; i < 6; i++)
        {
            await cluster.PatchedAsync(Math.Min(6, i + 2));
            cluster.Succeed(cluster.Names[i]);
        }
        await cluster.Reading;

        Assert.Equal(2, cluster.MostMoving);
        Assert.Equal(6, cluster.Events.Count(news => news is RestartEvent.Ended { Rollout.State: RolloutState.Complete }));
        Assert.DoesNotContain(cluster.Events, news => news is RestartEvent.Remark);
    }

    [Fact]
    public async Task One_that_is_too_big_waits_until_nothing_else_moves_and_goes_alone()
    {
        await using var cluster = new ModelCluster(3);
        var big = cluster.Server.Get(Resources.Deployments, "web1");
        cluster.Server.Put(Resources.Deployments, big with { Spec = big.Spec with { Replicas = 20 } });
        cluster.Run(new() { MaxConcurrent = 3, FollowToEnd = true, Guards = new() { MaxPodsInTransition = 2 } });
        await cluster.PatchedAsync(1);
        await cluster.EventuallyAsync(events => events.Any(news => news is RestartEvent.Remark { Text: var text } && text.Contains("waits until nothing else moves", StringComparison.Ordinal)));
        Assert.Equal(["web0"], cluster.Patched);

        cluster.Succeed("web0");
        await cluster.PatchedAsync(2);
        cluster.Fail("web1");
        await cluster.Reading;

        Assert.Equal(["web0", "web1"], cluster.Patched);
        Assert.Contains(cluster.Events, news => news is RestartEvent.Remark { Text: var text } && text.Contains("web1 moves 10 pods at a time, more than the 2 allowed in transition: it is restarted now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_walk_is_held_back_while_nodes_are_lost_and_goes_on_when_they_are_back()
    {
        await using var cluster = new ModelCluster(3);
        for (var number = 1; number <= 3; number++) PutNode(cluster, number, "True");
        cluster.Run(new() { MaxConcurrent = 1, FollowToEnd = true });
        await cluster.PatchedAsync(1);

        PutNode(cluster, 2, "Unknown");
        await NodeSeenAsync(cluster, 2, isReady: false);
        cluster.Time.Advance(TimeSpan.FromSeconds(6));
        cluster.Succeed("web0");
        await cluster.EventuallyAsync(events => events.Any(news => news is RestartEvent.Remark { Text: var text } && text.StartsWith("Held back: node node-2 has become NotReady.", StringComparison.Ordinal)));
        Assert.Equal(["web0"], cluster.Patched);

        PutNode(cluster, 2, "True");
        await NodeSeenAsync(cluster, 2, isReady: true);
        await ForwardAsync(cluster, () => cluster.Patched.Count == 2);

        cluster.Succeed("web1");
        await cluster.PatchedAsync(3);
        cluster.Succeed("web2");
        await cluster.Reading;
        Assert.Equal(3, cluster.Events.Count(news => news is RestartEvent.Ended));
        Assert.Contains(cluster.Events, news => news is RestartEvent.Remark { Text: var text } && text.StartsWith("Going on after ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cluster_that_stays_unwell_stops_the_walk_and_all_that_was_left_says_why()
    {
        await using var cluster = new ModelCluster(3);
        for (var number = 1; number <= 3; number++) PutNode(cluster, number, "True");
        cluster.Run(new() { MaxConcurrent = 1, Guards = new() { HoldTimeout = TimeSpan.FromMinutes(5) } });
        await cluster.PatchedAsync(1);
        PutNode(cluster, 1, "False");
        await NodeSeenAsync(cluster, 1, isReady: false);
        cluster.Time.Advance(TimeSpan.FromSeconds(6));
        cluster.Succeed("web0");
        await ForwardAsync(cluster, () => cluster.IsEnded);
        await cluster.Reading;

        Assert.Equal(["web0"], cluster.Patched);
        var stopped = Assert.Single(cluster.Events.OfType<RestartEvent.Stopped>());
        Assert.Equal("held back for 5 min: node node-1 has become NotReady", stopped.Reason);
        Assert.Empty(stopped.Because);
        Assert.Equal(["web1", "web2"], stopped.NotStarted.Select(workload => workload.Name));
        Assert.All(cluster.Events.OfType<RestartEvent.Skipped>(), skipped => Assert.Equal("not started: held back for 5 min: node node-1 has become NotReady", skipped.Rollout.Message));
        Assert.Equal(2, cluster.Events.Count(news => news is RestartEvent.Skipped));
    }

    [Fact]
    public async Task What_was_approved_is_not_asked_again_after_it_had_to_wait()
    {
        await using var cluster = new ModelCluster(2);
        List<string> asked = [];
        cluster.Run(new()
        {
            MaxConcurrent = 2,
            FollowToEnd = true,
            Guards = new() { MaxPodsInTransition = 1 },
            Approve = (proposal, _) =>
            {
                lock (asked) asked.Add(proposal.Workload.Name);
                return ValueTask.FromResult(true);
            },
        });
        await cluster.PatchedAsync(1);
        await Rollouts.Following.EventuallyAsync(() => { lock (asked) return asked.Count == 2; });
        Assert.Single(cluster.Patched);
        cluster.Succeed("web0");
        await cluster.PatchedAsync(2);
        cluster.Succeed("web1");
        await cluster.Reading;

        Assert.Equal(["web0", "web1"], asked);
    }

    private static void Annotate(ModelCluster cluster, string name, string word, string? reason = null)
    {
        var found = cluster.Server.Get(Resources.Deployments, name);
        var annotations = new Dictionary<string, string>(found.Metadata.Annotations) { ["meshroll.io/restart"] = word };
        if (reason is not null) annotations["meshroll.io/restart-reason"] = reason;
        cluster.Server.Put(Resources.Deployments, found with { Metadata = found.Metadata with { Annotations = annotations } });
    }

    private static void PutNode(ModelCluster cluster, int number, string ready) => cluster.Server.Put(Resources.Nodes, new Node
    {
        Metadata = new() { Name = $"node-{number}", Uid = $"uid-node-{number}" },
        Status = new() { Conditions = [new() { Type = "Ready", Status = ready }] },
    });

    private static async Task NodeSeenAsync(ModelCluster cluster, int number, bool isReady)
    {
        await using var nodes = cluster.Session.Caches.Acquire(Resources.Nodes, new(null));
        await Rollouts.Following.EventuallyAsync(() => nodes.Find("", $"node-{number}") is { } node && HealthRules.IsReady(node) == isReady);
    }

    /// <summary>Moves the clock until something is the case.</summary>
    private static Task ForwardAsync(ModelCluster cluster, Func<bool> until) => Rollouts.Following.EventuallyAsync(() =>
    {
        if (until()) return true;
        cluster.Time.Advance(TimeSpan.FromSeconds(5));
        return false;
    }, () => string.Join("\n", cluster.Events));
}
