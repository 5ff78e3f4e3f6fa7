using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Restarts.Guards;

public sealed class TransitionRulesTests
{
    private static readonly WorkloadReference Web = new("shop", "Deployment", "web");

    [Theory]
    // The limit, pods of the next, pods moving, whether nothing moves; whether it fits, and what is said.
    [InlineData(0, 500, 900, false, true, null)]
    [InlineData(10, 3, 7, false, true, null)]
    [InlineData(10, 4, 7, false, false, null)]
    [InlineData(10, 10, 0, true, true, null)]
    [InlineData(10, 0, 10, false, true, null)]
    [InlineData(10, 1, 12, false, false, null)]
    [InlineData(10, 11, 0, true, true, "restarted now, while nothing else moves")]
    [InlineData(10, 11, 0, false, false, "waits until nothing else moves")]
    [InlineData(1, 2, 1, false, false, "waits until nothing else moves")]
    // What is left over from before, and no workload of the run moves: it would never fit otherwise.
    [InlineData(10, 2, 9, true, true, null)]
    public void The_next_goes_when_it_fits_and_one_too_big_goes_alone(int limit, int next, int moving, bool isAlone, bool fits, string? says)
    {
        var verdict = TransitionRules.Judge(Web, next, moving, isAlone, limit);

        Assert.Equal(fits, verdict.Fits);
        if (says is null) Assert.Null(verdict.Says);
        else Assert.Contains(says, verdict.Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null, null, 1)]
    [InlineData(4, null, null, 2)]
    [InlineData(10, null, null, 5)]
    [InlineData(10, "1", "0", 1)]
    [InlineData(10, "0", "0", 1)]
    [InlineData(2, "50", "0", 2)]
    [InlineData(3, "100%", "100%", 6)]
    [InlineData(0, null, null, 0)]
    public void A_deployment_moves_its_surge_and_what_may_be_missing(int replicas, string? surge, string? unavailable, int atATime)
    {
        var deployment = Some.Deployment(replicas);
        deployment = deployment with { Spec = deployment.Spec with { Strategy = new() { Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = Amount(surge), MaxUnavailable = Amount(unavailable) } } } };

        Assert.Equal(atATime, DurationEstimate.AtATime(deployment));
    }

    [Fact]
    public void Recreate_moves_all_and_sets_move_as_they_say()
    {
        var deployment = Some.Deployment(replicas: 7);
        DaemonSet Agent(RollingUpdate pace) => Some.DaemonSet(nodes: 20) with { Spec = new() { UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = pace } } };

        Assert.Equal(7, DurationEstimate.AtATime(deployment with { Spec = deployment.Spec with { Strategy = new() { Type = "Recreate" } } }));
        Assert.Equal(1, DurationEstimate.AtATime(Some.StatefulSet(replicas: 9)));
        Assert.Equal(0, DurationEstimate.AtATime(Some.StatefulSet(replicas: 0)));
        Assert.Equal(1, DurationEstimate.AtATime(Some.DaemonSet(nodes: 20)));
        Assert.Equal(5, DurationEstimate.AtATime(Agent(new() { MaxUnavailable = new(25, true) })));
        Assert.Equal(2, DurationEstimate.AtATime(Agent(new() { MaxSurge = new(10, true), MaxUnavailable = new(0, false) })));
        Assert.Equal(20, DurationEstimate.AtATime(Agent(new() { MaxUnavailable = new(200, false) })));
        Assert.Equal(1, DurationEstimate.AtATime(Some.Argo()));
    }

    [Fact]
    public void Each_strategy_moves_as_many_as_it_says()
    {
        var options = new RestartOptions { SurgeCount = 3, MaxUnavailable = 4 };

        Assert.Equal(5, TransitionRules.AtATime(Some.Deployment(replicas: 10), RestartStrategy.Rolling, options));
        Assert.Equal(3, TransitionRules.AtATime(Some.Deployment(replicas: 10), RestartStrategy.Surge, options));
        Assert.Equal(4, TransitionRules.AtATime(Some.Deployment(replicas: 10), RestartStrategy.Evict, options));
        Assert.Equal(2, TransitionRules.AtATime(Some.Deployment(replicas: 2), RestartStrategy.Evict, options));
        Assert.Equal(1, TransitionRules.AtATime(Some.Deployment(replicas: 10), RestartStrategy.Evict, new()));
    }

    [Fact]
    public void What_the_run_carries_out_by_itself_counts_in_full_until_it_has_ended() =>
        Assert.Equal(1, TransitionRules.InTransition(new ReplicaSet { Metadata = Some.Meta("bare"), Spec = new() { Replicas = 2 } }, [Ready("a"), Ready("b")], 1, generation: null));

    [Fact]
    public void What_was_just_started_counts_with_all_it_moves_at_a_time()
    {
        Pod[] pods = [Ready("web-1", "h1"), Ready("web-2", "h1"), Ready("web-3", "h1")];

        Assert.Equal(2, TransitionRules.InTransition(Some.Deployment(), pods, 2, generation: null));
        Assert.Equal(2, TransitionRules.InTransition(Some.Deployment(generation: 3, observed: 2), pods, 2, generation: 3));
    }

    [Fact]
    public void Pods_coming_up_and_missing_are_in_transition_and_one_going_down_is_when_it_has_no_successor()
    {
        var moving = Some.Deployment(replicas: 4, total: 5, updated: 2, available: 3);

        Assert.Equal(1, TransitionRules.InTransition(moving, [Ready("a", "h1"), Ready("b", "h1"), Ready("c", "h1"), Ready("d"), Some.WebPod("e")], 1, 2));
        Assert.Equal(2, TransitionRules.InTransition(moving, [Ready("a", "h1"), Ready("b", "h1"), Leaving("c", "h1"), Some.WebPod("d"), Some.WebPod("e")], 1, 2));
        Assert.Equal(3, TransitionRules.InTransition(moving, [Ready("a", "h1"), Leaving("b", "h1"), Leaving("c", "h1"), Some.WebPod("d")], 1, 2));
        Assert.Equal(2, TransitionRules.InTransition(moving, [Ready("a"), Ready("b")], 1, 2));
    }

    [Fact]
    public void While_older_pods_are_left_the_next_ones_count_and_a_pause_between_two_is_no_gap()
    {
        Pod[] still = [Ready("a", "h1"), Ready("b", "h1"), Ready("c"), Ready("d")];

        Assert.Equal(2, TransitionRules.InTransition(Some.Deployment(replicas: 4, total: 4, updated: 2, available: 4), still, 3, 2));
        Assert.Equal(0, TransitionRules.InTransition(Some.Deployment(replicas: 4), still, 3, 2));
    }

    [Fact]
    public void What_is_gone_or_has_ended_is_not_in_transition()
    {
        Assert.Equal(0, TransitionRules.InTransition(null, [], 3, 2));
        Assert.Equal(0, TransitionRules.InTransition(Some.Deployment(replicas: 1), [Ready("a"), Some.WebPod("b", status: new() { Phase = "Failed" })], 1, 2));
    }

    private static IntOrPercent? Amount(string? text) => text is null ? null : text.EndsWith('%') ? IntOrPercent.Parse(text) : new(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture), false);

    private static Pod Ready(string name, string hash = "h2") => Some.WebPod(name, hash, status: new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = "True" }] });

    private static Pod Leaving(string name, string hash)
    {
        var pod = Ready(name, hash);
        return pod with { Metadata = pod.Metadata with { DeletionTimestamp = Some.Start } };
    }
}
