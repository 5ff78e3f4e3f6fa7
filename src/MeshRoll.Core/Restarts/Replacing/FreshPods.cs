using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>A workload's pods as the server has them now, past all caches: what an eviction is decided on.</summary>
internal static class FreshPods
{
    /// <summary>All pods the workload owns, whatever their state.</summary>
    public static async Task<IReadOnlyCollection<Pod>> ListAsync(ClusterSession session, IKubernetesObject workload, CancellationToken cancellationToken)
    {
        var owner = WorkloadObject.ReferenceOf(workload);
        var selector = WorkloadObject.SelectorOf(workload) is { } own ? SelectorText.Of(own) : "";
        var pods = new List<Pod>();
        await foreach (var pod in session.Client.ListAsync(Resources.Pods, owner.Namespace, new() { LabelSelector = selector.Length == 0 ? null : selector }, cancellationToken))
        {
            if (PodIndex.OwnerOf(pod) == owner) pods.Add(pod);
        }
        return pods;
    }
}
