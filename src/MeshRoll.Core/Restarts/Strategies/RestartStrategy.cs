namespace MeshRoll.Core.Restarts.Strategies;

/// <summary>How a workload's pods are replaced.</summary>
public enum RestartStrategy
{
    /// <summary>By the workload's own update strategy: one patch, carried out by the cluster's controllers. Disruption budgets are not asked.</summary>
    Rolling,

    /// <summary>More pods first, then the old ones are evicted one at a time while as many pods are ready as the workload wants, then the count is restored.</summary>
    Surge,

    /// <summary>Pods are evicted one at a time, as disruption budgets allow, the next one when the replacement is ready.</summary>
    Evict,

    /// <summary>What fits each workload.</summary>
    Auto,
}
