using MeshRoll.Connections;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Pipeline;

namespace MeshRoll.Waiting;

/// <summary>Reads rollouts as they stand: follows them until each has been looked at once.</summary>
internal static class RolloutReading
{
    /// <summary>A rollout of which nothing is known yet; any state of the workload counts.</summary>
    public static MeshRollout Unknown(string cluster, WorkloadReference workload) =>
        new() { Cluster = cluster, Namespace = workload.Namespace, Kind = workload.Kind, Name = workload.Name };

    /// <summary>Reads the rollouts of <paramref name="workloads"/>, all of one cluster, and writes each as soon as it is known.</summary>
    public static async Task RunAsync(MeshCluster cluster, IReadOnlyCollection<WorkloadReference> workloads, ICommandOutput output, CancellationToken cancellationToken)
    {
        await using var follower = new EngineFollower(new RolloutFollower(cluster.Session!, new FollowOptions { VerifySidecars = false, FailOnFatalFinding = false, LooksUpReasons = false }));
        await RunAsync(follower, [.. workloads.Select(workload => Unknown(cluster.Name, workload))], output, cancellationToken);
    }

    /// <summary>Reads rollouts by a follower. Nobody here knows when they began: that this was the first look says nothing.</summary>
    public static async Task RunAsync(IRolloutFollower follower, IReadOnlyCollection<MeshRollout> rollouts, ICommandOutput output, CancellationToken cancellationToken)
    {
        var missing = rollouts.Select(RolloutKey.Of).ToHashSet();
        foreach (var rollout in rollouts) follower.Add(rollout);
        follower.Complete();
        if (missing.Count == 0) return;

        await foreach (var happening in follower.Events(cancellationToken))
        {
            var seen = happening switch
            {
                RolloutEvent.Changed(var rollout) => rollout,
                RolloutEvent.Ended(var rollout) => rollout,
                _ => null,
            };
            if (seen is not null && missing.Remove(RolloutKey.Of(seen))) await output.WriteAsync(seen with { StartTime = null, EndTime = null });
            if (happening is RolloutEvent.Remark(var text)) await output.WriteWarningAsync(text);
            if (missing.Count == 0) return;
        }
    }

    /// <summary>Those of <paramref name="workloads"/> that exist. Each that does not, or cannot be read, is an error.</summary>
    public static async Task<IReadOnlyList<WorkloadReference>> ExistingAsync(
        MeshCluster cluster, IReadOnlyCollection<WorkloadReference> workloads, ICommandOutput output, CancellationToken cancellationToken)
    {
        var existing = new List<WorkloadReference>();
        foreach (var workload in workloads)
        {
            try
            {
                if (await ExistsAsync(cluster.Session!.Client, workload, cancellationToken)) existing.Add(workload);
                else throw NotFoundException.Workload(new(workload.Kind, new(workload.Name)), $"namespace {workload.Namespace}", []);
            }
            catch (MeshRollException e)
            {
                await output.WriteErrorAsync(CommandErrors.From(e, workload));
            }
        }
        return existing;
    }

    private static Task<bool> ExistsAsync(ClusterClient client, WorkloadReference workload, CancellationToken cancellationToken)
    {
        return workload.Kind switch
        {
            WorkloadKinds.Deployment => AnyAsync(Resources.Deployments),
            WorkloadKinds.StatefulSet => AnyAsync(Resources.StatefulSets),
            WorkloadKinds.DaemonSet => AnyAsync(Resources.DaemonSets),
            WorkloadKinds.Rollout => AnyAsync(Resources.ArgoRollouts),
            _ => throw new CommandException("MeshRoll.NameInvalid", $"A {workload.Kind} has no rollout: name one of {WorkloadKinds.Allowed}."),
        };

        async Task<bool> AnyAsync<T>(Resource<T> resource)
            where T : class, IKubernetesObject => await client.FindAsync(resource, workload.Namespace, workload.Name, cancellationToken) is not null;
    }
}
