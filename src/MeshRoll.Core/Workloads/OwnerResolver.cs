using System.Collections.Concurrent;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Workloads;

/// <summary>From pods to workloads, asking the server only for ReplicaSets whose name does not tell; each once. Safe to be used from several threads.</summary>
public sealed class OwnerResolver(ClusterSession session)
{
    private readonly ConcurrentDictionary<(string Namespace, string Name), Task<WorkloadOwner>> _replicaSets = new();

    /// <summary>The workload of <paramref name="pod"/>. A ReplicaSet that is gone or may not be read is reported as the workload itself.</summary>
    public ValueTask<WorkloadOwner> ResolveAsync(Pod pod, CancellationToken cancellationToken = default)
    {
        if (OwnerRules.Resolve(pod) is { } certain) return new(certain);
        return new(OfReplicaSetAsync(pod.Metadata.Namespace, pod.Metadata.Controller!.Name, cancellationToken));
    }

    /// <summary>The workload behind a ReplicaSet.</summary>
    public Task<WorkloadOwner> OfReplicaSetAsync(string @namespace, string name, CancellationToken cancellationToken = default) =>
        _replicaSets.GetOrAdd((@namespace, name), key => AskAsync(key.Namespace, key.Name, cancellationToken));

    private async Task<WorkloadOwner> AskAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        try
        {
            var replicaSet = await session.Client.FindAsync(Resources.ReplicaSets, @namespace, name, cancellationToken);
            return OwnerRules.OfReplicaSet(@namespace, name, replicaSet?.Metadata);
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return OwnerRules.OfReplicaSet(@namespace, name, null);
        }
        catch
        {
            // A failure is this call's alone: the next pod of the ReplicaSet asks again.
            _replicaSets.TryRemove((@namespace, name), out _);
            throw;
        }
    }
}
