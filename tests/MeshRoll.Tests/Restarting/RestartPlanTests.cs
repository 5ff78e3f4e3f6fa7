using MeshRoll.Connections;
using MeshRoll.Core.Workloads;
using MeshRoll.Restarting;
using MeshRoll.Tests.Connections;

namespace MeshRoll.Tests.Restarting;

public sealed class RestartPlanTests
{
    private static readonly WorkloadReference s_web = new("shop", "Deployment", "web");

    [Fact]
    public void What_is_named_in_full_is_named_and_what_comes_by_the_pipe_only_when_that_is_said()
    {
        Assert.True(Targets(plan => plan.Add(Cluster, s_web))[0].IsNamed);
        Assert.False(Targets(plan => plan.Add(Cluster, Found()))[0].IsNamed);
        Assert.True(Targets(plan => plan.Add(Cluster, Found(), isNamed: true))[0].IsNamed);
    }

    [Fact]
    public void Of_several_mentions_one_by_name_is_enough_and_what_is_known_stays()
    {
        var target = Assert.Single(Targets(plan =>
        {
            plan.Add(Cluster, Found());
            plan.Add(Cluster, s_web);
            plan.Add(Cluster, Found());
        }));

        Assert.Equal((true, "1.27.1"), (target.IsNamed, target.DesiredVersion));
    }

    private static MeshCluster Cluster { get; } = Clusters.Open("prod");

    private static MeshWorkload Found() => new() { Cluster = "prod", Namespace = "shop", Kind = "Deployment", Name = "web", DesiredVersion = "1.27.1" };

    private static IReadOnlyList<Core.Restarts.RestartTarget> Targets(Action<RestartPlan> fill)
    {
        var plan = new RestartPlan();
        fill(plan);
        return Assert.Single(plan.Clusters).Targets;
    }
}
