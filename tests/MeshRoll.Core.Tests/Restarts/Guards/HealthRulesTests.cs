using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Restarts.Guards;

public sealed class HealthRulesTests
{
    [Theory]
    // Nodes, of them lost, the user's limit; whether that is too many.
    [InlineData(3, 0, null, false)]
    [InlineData(3, 1, null, true)]
    [InlineData(20, 1, null, false)]
    [InlineData(20, 2, null, true)]
    [InlineData(500, 25, null, false)]
    [InlineData(500, 26, null, true)]
    [InlineData(3, 1, 1, false)]
    [InlineData(500, 1, 0, true)]
    public void Nodes_lost_during_the_run_count_up_to_a_twentieth_or_the_users_limit(int nodes, int lost, int? limit, bool tooMany)
    {
        var against = HealthRules.Against(new() { Nodes = nodes, LostNodes = [.. Enumerable.Range(1, lost).Select(number => $"node-{number}")] }, new() { MaxNotReadyNodes = limit });

        Assert.Equal(tooMany, against.Count > 0);
    }

    [Fact]
    public void What_could_not_be_looked_at_says_nothing() =>
        Assert.Empty(HealthRules.Against(new() { Nodes = null, LostNodes = [], PendingPods = null }, new() { MaxNotReadyNodes = 0, MaxPendingPods = 0 }));

    [Theory]
    [InlineData(10, 10, false)]
    [InlineData(11, 10, true)]
    [InlineData(1, 0, true)]
    [InlineData(0, 0, false)]
    public void Pods_without_a_node_count_beyond_the_limit(int pending, int limit, bool tooMany) =>
        Assert.Equal(tooMany, HealthRules.Against(new() { PendingPods = pending }, new() { MaxPendingPods = limit }).Count > 0);

    [Theory]
    [InlineData(4, 0, null)]
    [InlineData(0, 4, null)]
    [InlineData(5, 0, "the API server has throttled 5 requests within the last 20 s")]
    [InlineData(0, 6, "the API server has failed 6 requests within the last 20 s")]
    [InlineData(3, 2, "the API server has throttled 3 requests and failed 2 within the last 20 s")]
    public void A_server_that_stumbles_is_not_in_trouble(int throttled, int failed, string? says)
    {
        var against = HealthRules.Against(new() { Throttled = throttled, Failed = failed }, new());

        Assert.Equal(says is null ? [] : [says], against);
    }

    [Fact]
    public void Each_reason_is_told_with_the_first_names()
    {
        var against = HealthRules.Against(new() { Nodes = 5, LostNodes = ["a", "b", "c", "d", "e"], PendingPods = 40, Throttled = 9 }, new());

        Assert.Equal(["5 nodes have become NotReady (a, b, c and 2 more)", "40 more pods than at the start find no node", "the API server has throttled 9 requests within the last 20 s"], against);
        Assert.Equal(["node a has become NotReady"], HealthRules.Against(new() { Nodes = 3, LostNodes = ["a"] }, new()));
    }

    [Theory]
    [InlineData("True", true)]
    [InlineData("False", false)]
    [InlineData("Unknown", false)]
    [InlineData(null, false)]
    public void A_node_is_ready_when_its_condition_says_so(string? status, bool isReady) =>
        Assert.Equal(isReady, HealthRules.IsReady(new() { Status = new() { Conditions = status is null ? [] : [new() { Type = "DiskPressure", Status = "False" }, new() { Type = "Ready", Status = status }] } }));

    [Fact]
    public void A_pod_waits_for_a_node_while_it_is_pending_has_none_and_stays()
    {
        var pod = new Pod { Status = new() { Phase = "Pending" } };

        Assert.True(HealthRules.IsWithoutNode(pod));
        Assert.False(HealthRules.IsWithoutNode(pod with { Spec = new() { NodeName = "node-1" } }));
        Assert.False(HealthRules.IsWithoutNode(pod with { Status = new() { Phase = "Failed" } }));
        Assert.False(HealthRules.IsWithoutNode(pod with { Metadata = new() { DeletionTimestamp = DateTimeOffset.UnixEpoch } }));
        Assert.False(HealthRules.IsGivenUp(pod));
        Assert.True(HealthRules.IsGivenUp(pod with { Status = new() { Phase = "Pending", Conditions = [new() { Type = "PodScheduled", Status = "False", Reason = "Unschedulable" }] } }));
        Assert.False(HealthRules.IsGivenUp(pod with { Status = new() { Phase = "Pending", Conditions = [new() { Type = "PodScheduled", Status = "False", Reason = "SchedulingGated" }] } }));
    }
}
