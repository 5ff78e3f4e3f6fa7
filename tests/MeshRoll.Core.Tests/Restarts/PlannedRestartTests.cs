using MeshRoll.Core.Restarts;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Restarts;

/// <summary>What a plan's run does otherwise than a restart by hand: it restarts a workload only as it was decided on, and asks at the last moment.</summary>
public sealed class PlannedRestartTests
{
    private static readonly RestartOptions OfThePlan = new() { Plan = "night", FollowToEnd = true };

    [Fact]
    public async Task What_somebody_changes_while_the_patch_is_on_its_way_is_not_restarted()
    {
        await using var cluster = new ModelCluster(1);
        Beside(cluster, found => found with { Metadata = found.Metadata with { Generation = found.Metadata.Generation + 1 }, Spec = found.Spec with { Replicas = 5 } });

        cluster.Run(OfThePlan);
        await cluster.Reading;

        var error = Assert.IsType<ApiException>(Assert.Single(cluster.Events.OfType<RestartEvent.Refused>()).Error);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, error.Code);
        Assert.DoesNotContain(RestartPatch.Annotation, cluster.Server.Get(Resources.Deployments, "web0").Spec.Template.Metadata.Annotations.Keys);
    }

    [Fact]
    public async Task What_another_machine_restarts_for_the_plan_meanwhile_is_not_restarted_again()
    {
        await using var cluster = new ModelCluster(1);
        Beside(cluster, found => found with { Metadata = found.Metadata with { Annotations = new Dictionary<string, string>(found.Metadata.Annotations) { [Core.Plans.PlanMark.Annotation] = "night" } } });

        cluster.Run(OfThePlan);
        await cluster.Reading;

        Assert.IsType<ApiException>(Assert.Single(cluster.Events.OfType<RestartEvent.Refused>()).Error);
        Assert.DoesNotContain(RestartPatch.Annotation, cluster.Server.Get(Resources.Deployments, "web0").Spec.Template.Metadata.Annotations.Keys);
    }

    [Fact]
    public async Task A_status_that_changes_meanwhile_is_no_reason_against_it()
    {
        await using var cluster = new ModelCluster(1);
        Beside(cluster, found => found with { Status = found.Status with { ReadyReplicas = 0 } });

        cluster.Run(OfThePlan);
        await cluster.PatchedAsync(1);
        cluster.Succeed("web0");
        await cluster.Reading;

        Assert.Equal("web0", Assert.Single(cluster.Events.OfType<RestartEvent.Started>()).Rollout.Name);
        Assert.Empty(cluster.Events.OfType<RestartEvent.Refused>());
    }

    [Fact]
    public async Task It_is_asked_when_all_else_lets_it_go()
    {
        await using var cluster = new ModelCluster(2);
        var isThereRoom = false;
        List<(string Name, bool IsThereRoom)> asked = [];
        var options = OfThePlan with
        {
            MaxConcurrent = 0,
            ApprovesLast = true,
            Guards = new() { MaxPodsInTransition = 1 },
            Approve = (proposal, _) =>
            {
                asked.Add((proposal.Workload.Name, Volatile.Read(ref isThereRoom)));
                return new(true);
            },
        };

        cluster.Run(options);
        await cluster.PatchedAsync(1);
        // The walk has come to the second, which has to wait for room.
        await cluster.Time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        Volatile.Write(ref isThereRoom, true);
        cluster.Succeed("web0");
        await cluster.PatchedAsync(2);
        cluster.Succeed("web1");
        await cluster.Reading;

        Assert.Equal([("web0", false), ("web1", true)], asked);
    }

    /// <summary>Somebody changes the workload just before its first patch arrives.</summary>
    private static void Beside(ModelCluster cluster, Func<Deployment, Deployment> change)
    {
        var isDone = false;
        cluster.Server.Patching = (_, name) =>
        {
            if (!isDone) cluster.Server.Put(Resources.Deployments, change(cluster.Server.Get(Resources.Deployments, name)));
            isDone = true;
            return Task.CompletedTask;
        };
    }
}
