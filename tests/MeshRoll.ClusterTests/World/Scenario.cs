using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.ClusterTests.World;

/// <summary>What scenarios have in common: a session as an admin has one, and the main job in three calls.</summary>
public abstract class Scenario(ClusterWorld world)
{
    protected ClusterWorld World { get; } = world;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected ClusterSession Open(string? kubeConfig = null) => new(KubeConfig.Load(kubeConfig ?? World.KubeConfigPath).Resolve());

    protected static async Task<List<MeshSidecar>> SidecarsAsync(ClusterSession session, string @namespace, bool outdatedOnly = false)
    {
        var query = new SidecarQuery { Selection = new WorkloadSelection { Namespaces = [@namespace] }, OutdatedOnly = outdatedOnly };
        var sidecars = new List<MeshSidecar>();
        await foreach (var item in new SidecarInventory(session).ReadSidecarsAsync(query, Cancelled))
        {
            sidecars.Add(Assert.IsType<ReadEvent<MeshSidecar>.Found>(item).Item);
        }
        return sidecars;
    }

    protected static async Task<List<MeshWorkload>> WorkloadsAsync(ClusterSession session, string @namespace, bool outdatedOnly = false)
    {
        var query = new SidecarQuery { Selection = new WorkloadSelection { Namespaces = [@namespace] }, OutdatedOnly = outdatedOnly };
        var workloads = new List<MeshWorkload>();
        await foreach (var item in new SidecarInventory(session).ReadWorkloadsAsync(query, Cancelled))
        {
            workloads.Add(Assert.IsType<ReadEvent<MeshWorkload>.Found>(item).Item);
        }
        return workloads;
    }

    protected static RestartTarget Target(MeshWorkload workload) =>
        new(new(workload.Namespace, workload.Kind, workload.Name), workload.DesiredVersion, workload.DesiredRevision);

    /// <summary>
    /// Restarts and follows to the end; returns every event in order. <paramref name="meanwhile"/> runs beside it, once so many workloads were restarted as
    /// <paramref name="starts"/> says, or so many of the events came that <paramref name="begins"/> names instead.
    /// </summary>
    protected static async Task<List<RestartEvent>> RestartAsync(
        ClusterSession session, IReadOnlyList<RestartTarget> targets, RestartOptions? options = null, Func<Task>? meanwhile = null, int starts = 1, Func<RestartEvent, bool>? begins = null)
    {
        begins ??= static step => step is RestartEvent.Started;
        var events = new List<RestartEvent>();
        var beside = Task.CompletedTask;
        await foreach (var step in new RestartEngine(session).RunAsync(targets, (options ?? new()) with { FollowToEnd = true }, Cancelled))
        {
            events.Add(step);
            if (!begins(step) || --starts > 0 || meanwhile is null) continue;
            beside = Task.Run(meanwhile, Cancelled);
            meanwhile = null;
        }
        await beside;
        return events;
    }

    /// <summary>Follows rollouts to their end; <paramref name="meanwhile"/> runs once the first one was seen.</summary>
    protected static async Task<List<MeshRollout>> FollowAsync(ClusterSession session, IEnumerable<MeshRollout> rollouts, FollowOptions? options = null, Func<Task>? meanwhile = null)
    {
        await using var follower = new RolloutFollower(session, options ?? new());
        foreach (var rollout in rollouts) follower.Add(rollout);
        follower.Complete();

        var ended = new List<MeshRollout>();
        await foreach (var step in follower.Events(Cancelled))
        {
            if (step is RolloutEvent.Ended { Rollout: var rollout }) ended.Add(rollout);
            if (meanwhile is not null) await meanwhile();
            meanwhile = null;
        }
        return ended;
    }

    protected static List<MeshRollout> Ended(IEnumerable<RestartEvent> events) => [.. events.OfType<RestartEvent.Ended>().Select(step => step.Rollout)];
}
