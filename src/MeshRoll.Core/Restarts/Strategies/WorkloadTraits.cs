using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Strategies;

/// <summary>What of a workload decides how it can be restarted.</summary>
internal static class WorkloadTraits
{
    /// <summary>Whether its controller was told to do nothing.</summary>
    public static bool IsPaused(IKubernetesObject found) => found is Deployment { Spec.Paused: true } or ArgoRollout { Spec.Paused: true };

    /// <summary>The update strategy of a StatefulSet or DaemonSet; empty for other kinds.</summary>
    public static string UpdateStrategyOf(IKubernetesObject found) => found switch
    {
        StatefulSet set => set.Spec.UpdateStrategy.Type,
        DaemonSet set => set.Spec.UpdateStrategy.Type,
        _ => "",
    };

    /// <summary>The ordinal below which a StatefulSet keeps the old template; 0 for none.</summary>
    public static int PartitionOf(IKubernetesObject found) => found is StatefulSet { Spec.UpdateStrategy.RollingUpdate.Partition: { } partition } ? partition : 0;

    /// <summary>Those of its pods that a new template replaces.</summary>
    public static int Replaced(IKubernetesObject found) => DurationEstimate.Replaced(found);

    /// <summary>Whether its controller is replacing pods now. OnDelete is not: there nobody does.</summary>
    public static bool IsRolling(IKubernetesObject found) =>
        found is not ReplicaSet && UpdateStrategyOf(found) != "OnDelete" && RolloutStatusRules.Of(found, RolloutExpectation.Any, []).State is RolloutState.Pending or RolloutState.Progressing;

    /// <summary>Whether a rolling restart leaves fewer than one pod serving for a while: the only pod stops first, or all do.</summary>
    public static bool RollingMeansDowntime(IKubernetesObject found) => found switch
    {
        Deployment { Spec.Strategy.Type: "Recreate" } => true,
        Deployment deployment => WorkloadObject.Desired(deployment) <= DurationEstimate.Unavailable(deployment),
        StatefulSet => WorkloadObject.Desired(found) == 1,
        _ => false,
    };
}
