using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Sidecars;

/// <summary>What a workload's own object tells.</summary>
/// <param name="Workload">Which.</param>
/// <param name="Replicas">Pods wanted.</param>
/// <param name="Ready">Pods ready.</param>
/// <param name="UpdateStrategy">How old pods are replaced.</param>
/// <param name="Paused">Whether a restart would not roll.</param>
/// <param name="Template">What its pods are made from; null when it is somewhere else.</param>
internal sealed record ListedWorkload(WorkloadReference Workload, int Replicas, int Ready, string UpdateStrategy, bool Paused, PodTemplate? Template)
{
    public static ListedWorkload Of(Deployment item) => new(
        new(item.Metadata.Namespace, WorkloadKinds.Deployment, item.Metadata.Name), item.Spec.Replicas ?? 1, item.Status.ReadyReplicas,
        item.Spec.Strategy.Type, item.Spec.Paused, item.Spec.Template);

    public static ListedWorkload Of(StatefulSet item) => new(
        new(item.Metadata.Namespace, WorkloadKinds.StatefulSet, item.Metadata.Name), item.Spec.Replicas ?? 1, item.Status.ReadyReplicas,
        item.Spec.UpdateStrategy.Type, false, item.Spec.Template);

    public static ListedWorkload Of(DaemonSet item) => new(
        new(item.Metadata.Namespace, WorkloadKinds.DaemonSet, item.Metadata.Name), item.Status.DesiredNumberScheduled, item.Status.NumberReady,
        item.Spec.UpdateStrategy.Type, false, item.Spec.Template);

    // A Rollout may take its template from a Deployment (workloadRef): then it has no containers of its own.
    public static ListedWorkload Of(ArgoRollout item) => new(
        new(item.Metadata.Namespace, WorkloadKinds.Rollout, item.Metadata.Name), item.Spec.Replicas ?? 1, item.Status.ReadyReplicas,
        "", item.Spec.Paused, item.Spec.Template.Spec.Containers.Count == 0 ? null : item.Spec.Template);
}
