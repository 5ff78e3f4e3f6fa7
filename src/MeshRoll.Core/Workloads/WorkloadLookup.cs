using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Workloads;

/// <summary>Whether a workload of a name exists, for names that no pod has answered to: it may have no pods, or the name may be wrong.</summary>
internal sealed class WorkloadLookup(ClusterSession session, NamespaceScope scope)
{
    private const int NamespacesAsked = 32;

    /// <summary>The first workload of that name; null when there is none. Throws what the server refuses.</summary>
    public async Task<WorkloadReference?> FindAsync(WorkloadName name, CancellationToken cancellationToken)
    {
        var wanted = name.Pattern.Literal!.ToLowerInvariant();
        foreach (var kind in WorkloadKinds.Restartable)
        {
            if (name.Kind is not null && name.Kind != kind) continue;
            var found = kind switch
            {
                WorkloadKinds.Deployment => await FindAsync(Resources.Deployments, wanted, cancellationToken),
                WorkloadKinds.StatefulSet => await FindAsync(Resources.StatefulSets, wanted, cancellationToken),
                WorkloadKinds.DaemonSet => await FindAsync(Resources.DaemonSets, wanted, cancellationToken),
                _ when await session.Client.ServesAsync(Resources.ArgoRollouts, cancellationToken) => await FindAsync(Resources.ArgoRollouts, wanted, cancellationToken),
                _ => null,
            };
            if (found is not null) return found;
        }
        return null;
    }

    private async Task<WorkloadReference?> FindAsync<T>(Resource<T> resource, string name, CancellationToken cancellationToken) where T : class, IKubernetesObject
    {
        string?[] places = scope.All || scope.Names.Count > NamespacesAsked ? [null] : [.. scope.Names];
        foreach (var place in places)
        {
            await foreach (var found in session.Client.ListMetadataAsync(resource, place, new() { FieldSelector = $"metadata.name={name}" }, cancellationToken))
            {
                var metadata = found.Metadata;
                if (metadata.Name == name && (scope.All || scope.Names.Contains(metadata.Namespace))) return new(metadata.Namespace, resource.Kind, name);
            }
        }
        return null;
    }
}
