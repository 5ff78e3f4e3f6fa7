using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

/// <summary>Reads what the four kinds of workload have in common.</summary>
internal static class WorkloadObject
{
    public static string KindOf(IKubernetesObject workload) => workload switch
    {
        Deployment => "Deployment",
        StatefulSet => "StatefulSet",
        DaemonSet => "DaemonSet",
        ArgoRollout => "Rollout",
        _ => throw new ArgumentException($"A {workload?.GetType().Name} has no rollout.", nameof(workload)),
    };

    public static WorkloadReference ReferenceOf(IKubernetesObject workload) => new(workload.Metadata.Namespace, KindOf(workload), workload.Metadata.Name);
}
