using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>
/// Pods by the workload that made them, so that an event about a pod concerns one workload and not all. Holds references to the cache's objects only.
/// </summary>
internal sealed class PodIndex
{
    private readonly object _gate = new();
    private readonly Dictionary<WorkloadReference, Dictionary<string, Pod>> _byWorkload = [];

    /// <summary>Takes in a pod, new or changed; gives its workload, null when only its ReplicaSet could tell.</summary>
    public WorkloadReference? Put(Pod pod)
    {
        if (OwnerOf(pod) is not { } owner) return null;
        lock (_gate)
        {
            if (!_byWorkload.TryGetValue(owner, out var pods)) _byWorkload[owner] = pods = [];
            pods[pod.Metadata.Name] = pod;
        }
        return owner;
    }

    /// <summary>Forgets a pod that is gone; gives its workload.</summary>
    public WorkloadReference? Remove(Pod pod)
    {
        if (OwnerOf(pod) is not { } owner) return null;
        lock (_gate)
        {
            // A StatefulSet's pod comes again under its name: the end of the old one must not take the new one away.
            if (_byWorkload.TryGetValue(owner, out var pods) && pods.TryGetValue(pod.Metadata.Name, out var known) && known.Metadata.Uid == pod.Metadata.Uid)
            {
                pods.Remove(pod.Metadata.Name);
                if (pods.Count == 0) _byWorkload.Remove(owner);
            }
        }
        return owner;
    }

    /// <summary>The pods of any workload that fit.</summary>
    public IReadOnlyList<Pod> Where(Func<Pod, bool> fits)
    {
        lock (_gate) return [.. _byWorkload.Values.SelectMany(pods => pods.Values).Where(fits)];
    }

    /// <summary>A pod's workload. A ReplicaSet that pods do not know to be a Deployment's is taken for one of its own, which is right but for orphans.</summary>
    public static WorkloadReference? OwnerOf(Pod pod) =>
        OwnerRules.Resolve(pod)?.Workload ?? (pod.Metadata.Controller is { Kind: WorkloadKinds.ReplicaSet } set ? new(pod.Metadata.Namespace, WorkloadKinds.ReplicaSet, set.Name) : null);

    /// <summary>The pods of a workload as known now; a copy.</summary>
    public IReadOnlyCollection<Pod> Of(WorkloadReference workload)
    {
        lock (_gate) return _byWorkload.TryGetValue(workload, out var pods) ? [.. pods.Values] : [];
    }
}
