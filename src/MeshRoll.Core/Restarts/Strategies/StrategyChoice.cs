using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Strategies;

/// <summary>Which strategy a workload is restarted by, and why: the caller's wish, or what fits it best.</summary>
internal static class StrategyChoice
{
    private static readonly RollingRestart Rolling = new();
    private static readonly SurgeRestart Surge = new();
    private static readonly EvictRestart Evict = new();

    /// <summary>The strategy, and the reason in words when it was not the caller who chose (empty when it was).</summary>
    public static (IRestartStrategy Strategy, string Because) For(RestartFacts facts, RestartOptions options) =>
        options.Strategy == RestartStrategy.Auto ? Auto(facts, options) : (Of(options.Strategy), "");

    /// <summary>The strategy of a name other than Auto.</summary>
    public static IRestartStrategy Of(RestartStrategy name) => name switch
    {
        RestartStrategy.Surge => Surge,
        RestartStrategy.Evict => Evict,
        _ => Rolling,
    };

    /// <summary>Whether the choice may fall on Surge, so that it has to be known who else sets the count.</summary>
    public static bool MayBeSurge(IKubernetesObject found, RestartStrategy wish) =>
        wish == RestartStrategy.Surge || (wish == RestartStrategy.Auto && found is Deployment && WorkloadObject.Desired(found) == 1 && WorkloadTraits.RollingMeansDowntime(found));

    // What keeps capacity and leaves the most to the controllers. What a dead run began is finished the same way.
    private static (IRestartStrategy, string) Auto(RestartFacts facts, RestartOptions options)
    {
        var found = facts.Object!;
        if (MarkRules.Of(found).Mark is { } dead) return (Of(Enum.Parse<RestartStrategy>(dead.Strategy)), $"a run that ended early began so ({dead.By})");
        if (facts.Workload.Kind == WorkloadKinds.ReplicaSet) return (Evict, "a ReplicaSet of its own replaces only pods that are gone");
        if (WorkloadTraits.UpdateStrategyOf(found) == "OnDelete") return (Evict, "update strategy OnDelete: a new template restarts nothing");
        if (WorkloadTraits.PartitionOf(found) > 0) return (Evict, $"partition {WorkloadTraits.PartitionOf(found)} holds a new template back; evicted pods keep theirs");
        if (found is Deployment { Spec.Strategy.Type: "Recreate" } && WorkloadObject.Desired(found) > 1) return (Evict, "strategy Recreate would stop all pods at once");
        if (!WorkloadTraits.RollingMeansDowntime(found)) return (Rolling, "its own update strategy keeps pods serving");
        // A Recreate Deployment with one pod does not want two of them at a time.
        if (found is Deployment { Spec.Strategy.Type: not "Recreate" } && Surge.Unfit(facts, options) is null) return (Surge, "its only pod would stop before the new one starts");
        return (Rolling, "it has a single pod and cannot have two");
    }
}
