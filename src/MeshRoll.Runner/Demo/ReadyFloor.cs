using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Runner.Demo;

/// <summary>
/// How many pods of a workload must stay ready during a rolling restart, by its own update strategy: what its owner agreed to when writing it.
/// </summary>
internal static class ReadyFloor
{
    /// <summary>The floor of a Deployment: all but maxUnavailable, rounded in favour of the pods; none with Recreate.</summary>
    internal static int Of(Deployment deployment) =>
        deployment.Spec.Strategy.Type == "Recreate" ? 0 : Math.Max(0, (deployment.Spec.Replicas ?? 1) - DurationEstimate.Unavailable(deployment));

    /// <summary>The floor of a StatefulSet: all but the one being replaced.</summary>
    internal static int Of(StatefulSet set) => Math.Max(0, (set.Spec.Replicas ?? 1) - 1);

    /// <summary>The floor of a DaemonSet: all with a surge, otherwise all but maxUnavailable (1 when it does not say), rounded up.</summary>
    internal static int Of(DaemonSet set)
    {
        var nodes = set.Status.DesiredNumberScheduled;
        var pace = set.Spec.UpdateStrategy.RollingUpdate;
        if (pace?.MaxSurge?.Of(nodes, roundUp: true) > 0) return nodes;
        return Math.Max(0, nodes - (pace?.MaxUnavailable?.Of(nodes, roundUp: true) ?? 1));
    }

    /// <summary>The floor of an Argo Rollout: its controller's restart takes no more than a quarter of the pods at a time, and one at least.</summary>
    internal static int Of(ArgoRollout rollout)
    {
        var pods = rollout.Spec.Replicas ?? 1;
        return Math.Max(0, pods - Math.Max(1, pods / 4));
    }
}
