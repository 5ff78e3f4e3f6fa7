using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

/// <summary>Reads what the kinds of workload have in common.</summary>
internal static class WorkloadObject
{
    public static string KindOf(IKubernetesObject workload) => workload switch
    {
        Deployment => "Deployment",
        StatefulSet => "StatefulSet",
        DaemonSet => "DaemonSet",
        ArgoRollout => "Rollout",
        ReplicaSet => "ReplicaSet",
        _ => throw new ArgumentException($"A {workload?.GetType().Name} has no rollout.", nameof(workload)),
    };

    /// <summary>The pods wanted: the count of its specification (1 when it gives none); of a DaemonSet the nodes it is wanted on.</summary>
    public static int Desired(IKubernetesObject workload) => workload switch
    {
        Deployment deployment => deployment.Spec.Replicas ?? 1,
        StatefulSet set => set.Spec.Replicas ?? 1,
        DaemonSet set => set.Status.DesiredNumberScheduled,
        ArgoRollout rollout => rollout.Spec.Replicas ?? 1,
        ReplicaSet set => set.Spec.Replicas ?? 1,
        _ => 0,
    };

    /// <summary>Which pods are its own; null when it does not say.</summary>
    public static LabelSelector? SelectorOf(IKubernetesObject workload) => workload switch
    {
        Deployment deployment => deployment.Spec.Selector,
        StatefulSet set => set.Spec.Selector,
        DaemonSet set => set.Spec.Selector,
        ArgoRollout rollout => rollout.Spec.Selector,
        ReplicaSet set => set.Spec.Selector,
        _ => null,
    };

    /// <summary>What its pods are made from. An Argo Rollout may refer to a Deployment's template; then its own is empty, and this is null.</summary>
    public static PodTemplate? TemplateOf(IKubernetesObject workload) => workload switch
    {
        Deployment deployment => deployment.Spec.Template,
        StatefulSet set => set.Spec.Template,
        DaemonSet set => set.Spec.Template,
        ReplicaSet set => set.Spec.Template,
        ArgoRollout { Spec.Template: { Spec.Containers.Count: > 0 } template } => template,
        _ => null,
    };

    /// <summary>How long a pod must be ready to count as available.</summary>
    public static TimeSpan MinReadyOf(IKubernetesObject workload) => TimeSpan.FromSeconds(workload switch
    {
        Deployment deployment => deployment.Spec.MinReadySeconds,
        StatefulSet set => set.Spec.MinReadySeconds,
        DaemonSet set => set.Spec.MinReadySeconds,
        ArgoRollout rollout => rollout.Spec.MinReadySeconds,
        _ => 0,
    });

    public static WorkloadReference ReferenceOf(IKubernetesObject workload) => new(workload.Metadata.Namespace, KindOf(workload), workload.Metadata.Name);
}
