using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>The kinds that findings have patches for.</summary>
internal static class RepairableKinds
{
    /// <summary>The kind as the server serves it.</summary>
    public static async Task<Resource<RawObject>> OfAsync(ClusterClient client, string kind, CancellationToken cancellationToken) => kind switch
    {
        WorkloadKinds.Deployment => Resources.Deployments.Raw,
        WorkloadKinds.StatefulSet => Resources.StatefulSets.Raw,
        WorkloadKinds.DaemonSet => Resources.DaemonSets.Raw,
        WorkloadKinds.Rollout => Resources.ArgoRollouts.Raw,
        "HorizontalPodAutoscaler" => Resources.HorizontalPodAutoscalers.Raw,
        _ => await client.ServesAsync(ReadinessResources.Budgets, cancellationToken) ? ReadinessResources.Budgets : ReadinessResources.OldBudgets,
    };
}
