using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Workloads;

/// <summary>
/// From a pod to its workload. Sources: Kubernetes documentation, "Owners and Dependents", "Deployments" (pod-template-hash label),
/// "CronJob"; Argo Rollouts documentation, "Architecture".
/// <para>
/// A ReplicaSet made by a Deployment is named after it and the template's hash, and its pods carry that hash as label pod-template-hash
/// (rollouts-pod-template-hash for an Argo Rollout). Where the name ends in the hash the owner is certain without asking the server;
/// a cluster keeps ten old ReplicaSets per Deployment, so that listing them can cost more than listing the pods. The one exception,
/// a ReplicaSet orphaned by deleting its Deployment alone, shows when the Deployment is looked for.
/// </para>
/// </summary>
public static class OwnerRules
{
    private const string DeploymentHash = "pod-template-hash";
    private const string RolloutHash = "rollouts-pod-template-hash";

    /// <summary>The workload of <paramref name="pod"/>; null when only its ReplicaSet can tell: then ask <see cref="OfReplicaSet"/>.</summary>
    public static WorkloadOwner? Resolve(Pod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var metadata = pod.Metadata;
        if (metadata.Controller is not { } controller) return NotRestartable(metadata.Namespace, "Pod", metadata.Name, "nothing would make the pod anew");
        if (controller.Kind == "ReplicaSet" && GroupOf(controller) == "apps") return OfReplicaSetName(metadata, controller.Name);
        if (controller.Kind == "Node") return NotRestartable(metadata.Namespace, "Pod", metadata.Name, $"a static pod of node {controller.Name}");
        return Of(metadata.Namespace, controller);
    }

    /// <summary>The workload behind a ReplicaSet, from the ReplicaSet's metadata; null metadata means that it is gone or cannot be read.</summary>
    public static WorkloadOwner OfReplicaSet(string @namespace, string name, ObjectMeta? replicaSet)
    {
        if (replicaSet is null) return NotRestartable(@namespace, "ReplicaSet", name, "its ReplicaSet cannot be read, so that its owner is unknown");
        return replicaSet.Controller is { } controller
            ? Of(@namespace, controller)
            : NotRestartable(@namespace, "ReplicaSet", name, "a ReplicaSet that no Deployment manages does not replace its pods");
    }

    /// <summary>Whether a workload of this kind can be restarted in place, and why not.</summary>
    public static WorkloadOwner Of(string @namespace, OwnerReference controller)
    {
        ArgumentNullException.ThrowIfNull(controller);
        var group = GroupOf(controller);
        return (group, controller.Kind) switch
        {
            ("apps", WorkloadKinds.Deployment or WorkloadKinds.StatefulSet or WorkloadKinds.DaemonSet) or ("argoproj.io", WorkloadKinds.Rollout) =>
                new(new(@namespace, controller.Kind, controller.Name), true, ""),
            ("apps", "ReplicaSet") => NotRestartable(@namespace, "ReplicaSet", controller.Name, "a ReplicaSet does not replace its pods when its template changes"),
            ("batch", "Job") => NotRestartable(@namespace, "Job", controller.Name, JobReason(controller.Name)),
            ("", "ReplicationController") => NotRestartable(@namespace, controller.Kind, controller.Name, "a ReplicationController does not replace its pods when its template changes"),
            // Other groups have kinds of the same names (a StatefulSet of OpenKruise): the group keeps them apart.
            _ => NotRestartable(@namespace, WorkloadKinds.Find(controller.Kind) is null || group.Length == 0 ? controller.Kind : $"{controller.Kind}.{group}", controller.Name,
                $"{controller.Kind}{(group.Length == 0 ? "" : " of " + group)} is no kind that MeshRoll can restart: its own controller must"),
        };
    }

    private static WorkloadOwner? OfReplicaSetName(ObjectMeta pod, string replicaSet)
    {
        if (Prefix(pod, RolloutHash, replicaSet) is { } rollout) return new(new(pod.Namespace, WorkloadKinds.Rollout, rollout), true, "");
        if (Prefix(pod, DeploymentHash, replicaSet) is { } deployment) return new(new(pod.Namespace, WorkloadKinds.Deployment, deployment), true, "");
        return null;
    }

    private static string? Prefix(ObjectMeta pod, string label, string replicaSet)
    {
        if (!pod.Labels.TryGetValue(label, out var hash) || hash.Length == 0) return null;
        var length = replicaSet.Length - hash.Length - 1;
        return length > 0 && replicaSet[length] == '-' && replicaSet.EndsWith(hash, StringComparison.Ordinal) ? replicaSet[..length] : null;
    }

    // A CronJob names its Jobs after itself and the scheduled time in minutes, eight digits in this century.
    private static string JobReason(string job)
    {
        var dash = job.LastIndexOf('-');
        var isScheduled = dash > 0 && job.Length - dash - 1 == 8 && job.AsSpan(dash + 1).IndexOfAnyExceptInRange('0', '9') < 0;
        return isScheduled
            ? $"a Job runs once; the next one of CronJob {job[..dash]} gets the new sidecar by itself"
            : "a Job runs once and cannot be restarted";
    }

    private static string GroupOf(OwnerReference owner) =>
        owner.ApiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? owner.ApiVersion[..slash] : "";

    private static WorkloadOwner NotRestartable(string @namespace, string kind, string name, string reason) => new(new(@namespace, kind, name), false, reason);
}
