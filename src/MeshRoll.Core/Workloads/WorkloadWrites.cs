using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.Workloads;

/// <summary>Reads and patches a workload of any kind, past all caches.</summary>
internal sealed class WorkloadWrites(ClusterSession session, string fieldManager)
{
    /// <summary>Changes it; gives it as it is afterwards.</summary>
    /// <exception cref="ApiException">The server refuses; a conflict where the patch names a resource version that is not the newest.</exception>
    public async Task<IKubernetesObject> PatchAsync(WorkloadReference workload, Patch patch, CancellationToken cancellationToken)
    {
        return workload.Kind switch
        {
            WorkloadKinds.Deployment => await Send(Resources.Deployments),
            WorkloadKinds.StatefulSet => await Send(Resources.StatefulSets),
            WorkloadKinds.DaemonSet => await Send(Resources.DaemonSets),
            WorkloadKinds.ReplicaSet => await Send(Resources.ReplicaSets),
            _ => await Send(Resources.ArgoRollouts),
        };

        async Task<IKubernetesObject> Send<T>(Resource<T> resource) where T : class, IKubernetesObject =>
            await session.Client.PatchAsync(resource, workload.Namespace, workload.Name, patch, Replay.Safe, new() { FieldManager = fieldManager }, cancellationToken);
    }

    /// <summary>The workload as the server has it now; null when there is none.</summary>
    public async Task<IKubernetesObject?> FindAsync(WorkloadReference workload, CancellationToken cancellationToken)
    {
        return workload.Kind switch
        {
            WorkloadKinds.Deployment => await Find(Resources.Deployments),
            WorkloadKinds.StatefulSet => await Find(Resources.StatefulSets),
            WorkloadKinds.DaemonSet => await Find(Resources.DaemonSets),
            WorkloadKinds.ReplicaSet => await Find(Resources.ReplicaSets),
            _ => await Find(Resources.ArgoRollouts),
        };

        async Task<IKubernetesObject?> Find<T>(Resource<T> resource) where T : class, IKubernetesObject =>
            await session.Client.FindAsync(resource, workload.Namespace, workload.Name, cancellationToken);
    }
}
