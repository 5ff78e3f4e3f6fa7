using MeshRoll.Kubernetes.Models;
using MeshRoll.Runner.Demo;

namespace MeshRoll.Runner.Tests.Demo;

public class ReadyFloorTests
{
    [Theory]
    [InlineData(1, null, null, 1)]
    [InlineData(2, null, null, 2)]
    [InlineData(4, null, null, 3)]
    [InlineData(9, null, null, 7)]
    [InlineData(3, 1, 0, 3)]
    [InlineData(3, 0, 1, 2)]
    [InlineData(3, 0, 0, 2)]
    [InlineData(0, null, null, 0)]
    public void A_Deployment_may_miss_its_maxUnavailable_rounded_down(int replicas, int? surge, int? unavailable, int floor) =>
        Assert.Equal(floor, ReadyFloor.Of(new Deployment
        {
            Spec = new()
            {
                Replicas = replicas,
                Strategy = new() { Type = "RollingUpdate", RollingUpdate = surge is null ? null : new() { MaxSurge = new(surge.Value, false), MaxUnavailable = new(unavailable!.Value, false) } },
            },
        }));

    [Fact]
    public void A_Deployment_that_is_recreated_may_miss_all() =>
        Assert.Equal(0, ReadyFloor.Of(new Deployment { Spec = new() { Replicas = 3, Strategy = new() { Type = "Recreate" } } }));

    [Theory]
    [InlineData(3, 2)]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    public void A_StatefulSet_may_miss_one(int replicas, int floor) => Assert.Equal(floor, ReadyFloor.Of(new StatefulSet { Spec = new() { Replicas = replicas } }));

    [Theory]
    [InlineData(3, null, null, 2)]
    [InlineData(10, 30, null, 7)]
    [InlineData(10, null, 1, 10)]
    public void A_DaemonSet_may_miss_one_or_what_it_says_and_none_with_a_surge(int nodes, int? percent, int? surge, int floor) =>
        Assert.Equal(floor, ReadyFloor.Of(new DaemonSet
        {
            Spec = new()
            {
                UpdateStrategy = new()
                {
                    RollingUpdate = new() { MaxUnavailable = percent is { } share ? new(share, true) : null, MaxSurge = surge is { } more ? new(more, false) : null },
                },
            },
            Status = new() { DesiredNumberScheduled = nodes },
        }));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(8, 6)]
    public void An_Argo_Rollout_may_miss_a_quarter_and_one_at_least(int replicas, int floor) => Assert.Equal(floor, ReadyFloor.Of(new ArgoRollout { Spec = new() { Replicas = replicas } }));
}
