using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>Reads and changes a workload of whichever kind.</summary>
internal sealed class WorkloadAccess(ClusterSession session)
{
    /// <summary>The workload, whole and as a model.</summary>
    /// <exception cref="NotFoundException">There is none of that name.</exception>
    public async Task<(RawObject Whole, IKubernetesObject Model)> ReadAsync(WorkloadReference workload, CancellationToken cancellationToken)
    {
        return workload.Kind switch
        {
            WorkloadKinds.Deployment => await Read(Resources.Deployments),
            WorkloadKinds.StatefulSet => await Read(Resources.StatefulSets),
            WorkloadKinds.DaemonSet => await Read(Resources.DaemonSets),
            _ => await Read(Resources.ArgoRollouts),
        };

        async Task<(RawObject, IKubernetesObject)> Read<T>(Resource<T> resource) where T : class, IKubernetesObject =>
            await session.Client.FindAsync(resource.Raw, workload.Namespace, workload.Name, cancellationToken) is { } found ? (found, found.As(resource)) : throw Missing(workload);
    }

    /// <summary>Changes it; returns it as it is afterwards.</summary>
    /// <exception cref="NotFoundException">It was deleted meanwhile.</exception>
    public async Task<IKubernetesObject> PatchAsync(WorkloadReference workload, Patch patch, string fieldManager, CancellationToken cancellationToken)
    {
        try
        {
            return await new WorkloadWrites(session, fieldManager).PatchAsync(workload, patch, cancellationToken);
        }
        catch (ApiException error) when (error.Code == System.Net.HttpStatusCode.NotFound)
        {
            throw Missing(workload);
        }
    }

    private static NotFoundException Missing(WorkloadReference workload) => NotFoundException.Workload(new(workload.Kind, new(workload.Name)), $"namespace {workload.Namespace}", []);
}
