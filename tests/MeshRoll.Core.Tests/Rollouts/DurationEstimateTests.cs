using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts;

public sealed class DurationEstimateTests
{
    [Fact]
    public void Thirty_pods_a_quarter_at_a_time_with_100_s_to_readiness_take_four_steps()
    {
        var estimate = DurationEstimate.Of(Deployment(30, surge: new(25, true), unavailable: new(0, false), readiness: 100));

        Assert.Equal(4 * (100 + 3), estimate.TotalSeconds);
    }

    [Fact]
    public void Surge_and_missing_pods_together_make_a_step() =>
        Assert.Equal(2 * 3, DurationEstimate.Of(Deployment(10, surge: new(3, false), unavailable: new(2, false))).TotalSeconds);

    [Fact]
    public void Without_surge_each_step_also_waits_for_pods_to_stop() =>
        Assert.Equal(3 * (3 + 5), DurationEstimate.Of(Deployment(3, surge: new(0, false), unavailable: new(0, false))).TotalSeconds);

    [Fact]
    public void A_grace_period_shorter_than_the_usual_stop_counts() =>
        Assert.Equal(3 * (3 + 1), DurationEstimate.Of(Deployment(3, surge: new(0, false), unavailable: new(1, false), grace: 1)).TotalSeconds);

    [Fact]
    public void Recreate_is_one_step() =>
        Assert.Equal(3 + 5, DurationEstimate.Of(Deployment(30, strategy: "Recreate")).TotalSeconds);

    [Fact]
    public void No_pods_take_no_time() =>
        Assert.Equal(TimeSpan.Zero, DurationEstimate.Of(Deployment(0)));

    [Fact]
    public void Minimum_ready_seconds_and_repeated_successes_count()
    {
        var deployment = Deployment(1, surge: new(1, false), unavailable: new(0, false), readiness: 10);
        var slow = deployment with { Spec = deployment.Spec with { MinReadySeconds = 20 } };
        var probed = deployment with { Spec = deployment.Spec with { Template = new() { Spec = new() { Containers = [new() { ReadinessProbe = new() { InitialDelaySeconds = 10, PeriodSeconds = 5, SuccessThreshold = 3 } }] } } } };

        Assert.Equal(3 + 10 + 20, DurationEstimate.Of(slow).TotalSeconds);
        Assert.Equal(3 + 10 + 2 * 5, DurationEstimate.Of(probed).TotalSeconds);
    }

    [Theory]
    // The readiness probe's delay, period and successes; the startup probe's delay; what they add.
    [InlineData(10, 5, 3, null, 20)]
    [InlineData(0, 10, 1, null, 0)]
    [InlineData(0, 10, 0, null, 0)]
    [InlineData(10, 5, 1, 30, 30)]
    [InlineData(40, 5, 2, 30, 45)]
    [InlineData(null, 0, 0, 30, 30)]
    public void No_readiness_probe_is_made_before_the_container_has_started(int? delay, int period, int successes, int? startup, int adds)
    {
        var container = new Container
        {
            ReadinessProbe = delay is { } ready ? new() { InitialDelaySeconds = ready, PeriodSeconds = period, SuccessThreshold = successes } : null,
            StartupProbe = startup is { } start ? new() { InitialDelaySeconds = start, PeriodSeconds = 10, SuccessThreshold = 1, FailureThreshold = 30 } : null,
        };

        Assert.Equal(3 + adds, DurationEstimate.Of(Of(new() { Containers = [new(), container] })).TotalSeconds);
    }

    [Fact]
    public void A_native_sidecar_lets_the_others_start_when_it_has_started_and_has_to_be_ready_too()
    {
        Container app = new() { ReadinessProbe = new() { InitialDelaySeconds = 10, PeriodSeconds = 10, SuccessThreshold = 1 } };
        Container proxy = new() { RestartPolicy = "Always", StartupProbe = new() { InitialDelaySeconds = 4 }, ReadinessProbe = new() { InitialDelaySeconds = 1, PeriodSeconds = 15, SuccessThreshold = 1 } };
        Container slow = proxy with { StartupProbe = null, ReadinessProbe = new() { InitialDelaySeconds = 90 } };
        Container setup = new() { StartupProbe = new() { InitialDelaySeconds = 500 } };

        Assert.Equal(3 + 4 + 10, DurationEstimate.Of(Of(new() { InitContainers = [setup, proxy], Containers = [app] })).TotalSeconds);
        Assert.Equal(3 + 4 + 90, DurationEstimate.Of(Of(new() { InitContainers = [proxy, slow], Containers = [app] })).TotalSeconds);
    }

    [Fact]
    public void What_is_replaced_leaves_out_what_a_partition_holds_back()
    {
        Assert.Equal((3, 1, 0), (DurationEstimate.Replaced(Some.StatefulSet(replicas: 3)), DurationEstimate.Replaced(Some.StatefulSet(replicas: 3, partition: 2)), DurationEstimate.Replaced(Some.StatefulSet(replicas: 3, partition: 9))));
        Assert.Equal((5, 4, 3, 1, 0), (DurationEstimate.Replaced(Some.Deployment(replicas: 5)), DurationEstimate.Replaced(Some.DaemonSet(nodes: 4)), DurationEstimate.Replaced(Some.Argo()), DurationEstimate.Replaced(Some.Deployment(replicas: null)), DurationEstimate.Replaced(new Pod())));
    }

    [Fact]
    public void A_stateful_set_replaces_one_pod_after_the_other_down_to_its_partition()
    {
        Assert.Equal(3 * 8, DurationEstimate.Of(Some.StatefulSet(replicas: 3)).TotalSeconds);
        Assert.Equal(1 * 8, DurationEstimate.Of(Some.StatefulSet(replicas: 3, partition: 2)).TotalSeconds);
        Assert.Equal(0, DurationEstimate.Of(Some.StatefulSet(replicas: 3, partition: 9)).TotalSeconds);
    }

    [Fact]
    public void A_daemon_set_goes_node_by_node_unless_it_says_otherwise()
    {
        var set = Some.DaemonSet(nodes: 10);
        DaemonSet With(RollingUpdate pace) => set with { Spec = new() { UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = pace } } };

        Assert.Equal(10 * 8, DurationEstimate.Of(set).TotalSeconds);
        Assert.Equal(10 * 8, DurationEstimate.Of(With(new())).TotalSeconds);
        Assert.Equal(4 * 8, DurationEstimate.Of(With(new() { MaxUnavailable = new(25, true) })).TotalSeconds);
        Assert.Equal(2 * 3, DurationEstimate.Of(With(new() { MaxSurge = new(5, false), MaxUnavailable = new(0, false) })).TotalSeconds);
    }

    [Fact]
    public void Every_kind_is_estimated_by_its_own_rule_and_one_pod_is_wanted_where_none_is_named()
    {
        var argo = Some.Argo();

        Assert.Equal(TimeSpan.FromSeconds(3), DurationEstimate.Of((IKubernetesObject)Some.Deployment(replicas: null)));
        Assert.Equal(TimeSpan.FromSeconds(8), DurationEstimate.Of((IKubernetesObject)Some.StatefulSet(replicas: null)));
        Assert.Equal(TimeSpan.FromSeconds(3 * 8), DurationEstimate.Of((IKubernetesObject)Some.DaemonSet(nodes: 3)));
        Assert.Equal(TimeSpan.FromSeconds(8), DurationEstimate.Of((IKubernetesObject)(argo with { Spec = argo.Spec with { Replicas = null } })));
    }

    [Fact]
    public void An_argo_rollout_restarts_pod_by_pod_and_other_kinds_are_unknown()
    {
        Assert.Equal(TimeSpan.FromSeconds(24), DurationEstimate.Of((IKubernetesObject)Some.Argo()));
        Assert.Null(DurationEstimate.Of(new Pod()));
    }

    [Theory]
    [InlineData(400, 0, 0, 30, 400d)]
    [InlineData(400, 100, 0, 30, 300d)]
    [InlineData(400, 500, 0, 30, null)]
    [InlineData(400, 100, 10, 30, 200d)]
    [InlineData(400, 100, 30, 30, 0d)]
    [InlineData(null, 100, 0, 30, null)]
    [InlineData(null, 100, 15, 30, 100d)]
    public void The_rest_follows_the_measured_pace_once_there_is_one(int? expected, int elapsed, int done, int total, double? left) =>
        Assert.Equal(left, DurationEstimate.Remaining(expected is { } whole ? TimeSpan.FromSeconds(whole) : null, TimeSpan.FromSeconds(elapsed), done, total)?.TotalSeconds);

    private static Deployment Of(PodSpec pod)
    {
        var deployment = Deployment(1, surge: new(1, false), unavailable: new(0, false));
        return deployment with { Spec = deployment.Spec with { Template = new() { Spec = pod } } };
    }

    private static Deployment Deployment(int replicas, IntOrPercent? surge = null, IntOrPercent? unavailable = null, int? readiness = null, string strategy = "RollingUpdate", long? grace = null) => new()
    {
        Spec = new()
        {
            Replicas = replicas,
            Strategy = new() { Type = strategy, RollingUpdate = strategy == "Recreate" ? null : new() { MaxSurge = surge, MaxUnavailable = unavailable } },
            Template = new()
            {
                Spec = new()
                {
                    TerminationGracePeriodSeconds = grace,
                    Containers = [new() { Name = "app", ReadinessProbe = readiness is { } delay ? new() { InitialDelaySeconds = delay, PeriodSeconds = 10, SuccessThreshold = 1 } : null }],
                },
            },
        },
    };
}
