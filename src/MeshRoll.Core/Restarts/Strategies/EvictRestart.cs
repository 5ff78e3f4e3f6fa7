using MeshRoll.Core.Restarts.Replacing;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Restarts.Strategies;

/// <summary>
/// Pods are evicted one at a time through the eviction API, so that disruption budgets hold; the next one when the replacement is ready with the sidecar
/// wanted. The template is not touched: pods come back as they were, with a new sidecar. Serves every kind whose pods somebody makes anew.
/// </summary>
/// <remarks><code>
/// marked --> evict one (what is not ready first; oldest, highest ordinal, or node by node) --> its replacement is ready --> pause --> evict the next …
///   |                '--refused by a disruption budget--> ask again, after 5 s to 30 s
///   '--> none left and all wanted are ready --> unmarked
/// </code></remarks>
internal sealed class EvictRestart : PodReplacement
{
    /// <inheritdoc/>
    public override RestartStrategy Name => RestartStrategy.Evict;

    /// <inheritdoc/>
    public override RestartRefusal? Unfit(RestartFacts facts, RestartOptions options)
    {
        var desired = WorkloadObject.Desired(facts.Object!);
        if (desired > 1 || options.AllowDowntime) return null;
        var way = facts.Workload.Kind == WorkloadKinds.Deployment ? "-Strategy Surge starts a second one first, and " : "";
        return new("MeshRoll.LastPod", $"it has a single pod, and evicting that leaves none serving until its replacement is ready; {way}-AllowDowntime evicts it all the same");
    }

    /// <inheritdoc/>
    protected override ReplacementMachine Machine(ReplacementOrder order, RestartOptions options) => new EvictMachine(order);

    /// <inheritdoc/>
    protected override string Words(RestartFacts facts, RestartOptions options, int left)
    {
        var pace = options.MaxUnavailable == 1 ? "one at a time" : $"{options.MaxUnavailable} at a time";
        return $"Evict {Wording.Count(left, "pod")}{(left == 1 ? "" : $" {pace}")}{(options.PodDelay > TimeSpan.Zero ? $", {Wording.Duration(options.PodDelay)} apart" : "")}";
    }
}
