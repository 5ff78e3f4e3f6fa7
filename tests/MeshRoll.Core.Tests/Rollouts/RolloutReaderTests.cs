using System.Net;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts;

public sealed class RolloutReaderTests
{
    private static readonly Namespace Shop = new() { Metadata = new() { Name = "shop" } };

    [Fact]
    public async Task What_is_done_comes_first_and_costs_no_look_at_pods()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Namespaces, Shop);
        world.Server.Put(Resources.Deployments, Some.Deployment(), Some.Deployment(name: "api"));
        world.Server.Put(Resources.StatefulSets, Some.StatefulSet());
        world.Server.Put(Resources.DaemonSets, Some.DaemonSet());

        var found = await FoundAsync(world, new());

        Assert.Equal(["Deployment/api", "Deployment/web", "StatefulSet/db", "DaemonSet/agent"], found.Select(rollout => $"{rollout.Kind}/{rollout.Name}"));
        Assert.All(found, rollout => Assert.Equal(RolloutState.Complete, rollout.State));
        Assert.All(found, rollout => Assert.Null(rollout.Generation));
        Assert.Equal(0, world.Server.Lists("api/v1/pods"));
    }

    [Fact]
    public async Task What_is_stuck_comes_with_the_reason()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Namespaces, Shop);
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1), Some.Deployment(name: "api"));
        world.Server.Put(Resources.Pods, Some.WebPod("web-1", status: Some.Waiting("ImagePullBackOff", "Back-off")), Some.WebPod("web-2"), Some.WebPod("web-3"));

        var stuck = (await FoundAsync(world, new()))[^1];

        Assert.Equal(("web", RolloutState.Progressing, "ImagePull"), (stuck.Name, stuck.State, Assert.Single(stuck.Diagnosis).Id));
        Assert.Equal(1, world.Server.Lists("api/v1/pods"));
        Assert.Equal(0, world.Server.Lists("api/v1/events"));
    }

    [Fact]
    public async Task A_single_look_goes_by_the_clusters_times_for_a_pod_without_a_node()
    {
        await using var world = new Following();
        var since = world.Time.GetUtcNow() - TimeSpan.FromMinutes(1);
        var status = Some.NoNode();
        world.Server.Put(Resources.Namespaces, Shop);
        world.Server.Put(Resources.Deployments, Some.Deployment(replicas: 1, updated: 0));
        world.Server.Put(Resources.Pods, Some.WebPod("web-1", status: status with { Conditions = [status.Conditions[0] with { LastTransitionTime = since }] }));

        Assert.Equal("Unschedulable", Assert.Single((await FoundAsync(world, new()))[0].Diagnosis).Id);
    }

    [Fact]
    public async Task Names_and_kinds_choose_and_what_is_not_there_is_said()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Namespaces, Shop);
        world.Server.Put(Resources.Deployments, Some.Deployment(), Some.Deployment(name: "api"));

        var events = await ReadAsync(world, new() { Names = ["deploy/web", "deploy/wbe"] });

        Assert.Equal("web", Assert.Single(events.OfType<ReadEvent<MeshRollout>.Found>()).Item.Name);
        var failed = Assert.Single(events.OfType<ReadEvent<MeshRollout>.Failed>());
        Assert.Equal("MeshRoll.WorkloadNotFound", failed.Error.Id);
        Assert.Equal(0, world.Server.Lists("apis/apps/v1/statefulsets"));
    }

    [Fact]
    public async Task A_kind_that_may_not_be_read_does_not_end_the_others()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Namespaces, Shop);
        world.Server.Put(Resources.StatefulSets, Some.StatefulSet());
        world.Server.Refuse = asked => asked.Path.EndsWith("/deployments", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;

        var events = await ReadAsync(world, new());

        Assert.Single(events.OfType<ReadEvent<MeshRollout>.Failed>());
        Assert.Equal("db", Assert.Single(events.OfType<ReadEvent<MeshRollout>.Found>()).Item.Name);
    }

    [Fact]
    public async Task Without_the_right_to_read_pods_the_counts_come_alone()
    {
        await using var world = new Following();
        world.Server.Put(Resources.Namespaces, Shop);
        world.Server.Put(Resources.Deployments, Some.Deployment(updated: 1));
        world.Server.Refuse = asked => asked.Path.EndsWith("/pods", StringComparison.Ordinal) || asked.Path.EndsWith("/events", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : null;

        var events = await ReadAsync(world, new());

        Assert.Single(events.OfType<ReadEvent<MeshRollout>.Remark>());
        Assert.Equal("1 of 3 pods updated", Assert.Single(events.OfType<ReadEvent<MeshRollout>.Found>()).Item.Message);
    }

    [Fact]
    public async Task A_name_that_cannot_be_read_is_refused_at_once()
    {
        await using var world = new Following();

        Assert.Throws<InvalidRequestException>(() => new RolloutReader(world.Session).ReadAsync(new() { Names = ["pod/x y"] }, TestContext.Current.CancellationToken));
    }

    private static async Task<List<MeshRollout>> FoundAsync(Following world, WorkloadSelection selection) =>
        [.. (await ReadAsync(world, selection)).Select(news => Assert.IsType<ReadEvent<MeshRollout>.Found>(news).Item)];

    private static async Task<List<ReadEvent<MeshRollout>>> ReadAsync(Following world, WorkloadSelection selection)
    {
        List<ReadEvent<MeshRollout>> events = [];
        await foreach (var news in new RolloutReader(world.Session).ReadAsync(selection, TestContext.Current.CancellationToken)) events.Add(news);
        return events;
    }
}
