using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Rollouts;

public sealed class DrivenRolloutsTests
{
    [Fact]
    public void Of_what_has_ended_the_newest_few_thousand_are_kept_and_of_what_moves_all()
    {
        var driven = new DrivenRollouts();
        driven.Put(Rollout("moving", RolloutState.Progressing));
        for (var i = 0; i < 5000; i++) driven.Put(Rollout($"w{i}", RolloutState.Complete));

        Assert.Equal(RolloutState.Progressing, Find("moving")?.State);
        Assert.Equal(RolloutState.Complete, Find("w4999")?.State);
        Assert.Equal(RolloutState.Complete, Find("w904")?.State);
        Assert.Null(Find("w903"));

        MeshRollout? Find(string name) => driven.Find("run", new WorkloadReference("shop", "Deployment", name));
    }

    [Fact]
    public void What_a_run_drives_is_not_found_for_another_run()
    {
        var driven = new DrivenRollouts();
        driven.Put(Rollout("web", RolloutState.Progressing));

        Assert.Null(driven.Find("another", new("shop", "Deployment", "web")));
        Assert.Null(driven.Find("", new("shop", "Deployment", "web")));
    }

    private static MeshRollout Rollout(string name, RolloutState state) =>
        new() { Cluster = "here", Namespace = "shop", Kind = "Deployment", Name = name, State = state, RunId = "run" };
}
