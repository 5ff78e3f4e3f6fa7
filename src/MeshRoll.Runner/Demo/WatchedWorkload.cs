using MeshRoll.Core;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Runner.Demo;

/// <summary>An outdated workload of the demo that can be restarted in place, and how many of its pods its owner wants ready at every moment.</summary>
/// <param name="Workload">Which one.</param>
/// <param name="Floor">By its update strategy.</param>
internal sealed record WatchedWorkload(WorkloadReference Workload, int Floor)
{
    /// <summary>Those of a cluster, as they are now.</summary>
    internal static async Task<IReadOnlyList<WatchedWorkload>> ReadAsync(ClusterSession session, CancellationToken cancellationToken)
    {
        var floors = await ReadFloorsAsync(session.Client, cancellationToken);
        var outdated = new List<WatchedWorkload>();
        var query = new SidecarQuery { Selection = new() { AllNamespaces = true }, OutdatedOnly = true };
        await foreach (var item in new SidecarInventory(session).ReadWorkloadsAsync(query, cancellationToken))
        {
            switch (item)
            {
                case ReadEvent<MeshWorkload>.Failed { Error: var error }: throw error;
                case ReadEvent<MeshWorkload>.Found { Item: { Restartable: true, UpdateStrategy: not "OnDelete" } found }:
                    var workload = new WorkloadReference(found.Namespace, found.Kind, found.Name);
                    outdated.Add(new(workload, floors[workload]));
                    break;
            }
        }
        return outdated;
    }

    private static async Task<Dictionary<WorkloadReference, int>> ReadFloorsAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var floors = new Dictionary<WorkloadReference, int>();
        await foreach (var item in client.ListAsync(Resources.Deployments, null, cancellationToken: cancellationToken)) Add("Deployment", item, ReadyFloor.Of(item));
        await foreach (var item in client.ListAsync(Resources.StatefulSets, null, cancellationToken: cancellationToken)) Add("StatefulSet", item, ReadyFloor.Of(item));
        await foreach (var item in client.ListAsync(Resources.DaemonSets, null, cancellationToken: cancellationToken)) Add("DaemonSet", item, ReadyFloor.Of(item));
        await foreach (var item in client.ListAsync(Resources.ArgoRollouts, null, cancellationToken: cancellationToken)) Add("Rollout", item, ReadyFloor.Of(item));
        return floors;

        void Add(string kind, IKubernetesObject item, int floor) => floors[new(item.Metadata.Namespace, kind, item.Metadata.Name)] = floor;
    }
}
