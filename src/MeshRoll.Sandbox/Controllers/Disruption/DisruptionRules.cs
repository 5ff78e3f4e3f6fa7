namespace MeshRoll.Sandbox.Controllers.Disruption;

/// <summary>What a PodDisruptionBudget asks for, in pods.</summary>
/// <param name="Expected">How many pods there should be.</param>
/// <param name="DesiredHealthy">How many of them must be healthy.</param>
internal readonly record struct DisruptionGoal(int Expected, int DesiredHealthy);

/// <summary>The arithmetic of PodDisruptionBudgets (pkg/controller/disruption).</summary>
internal static class DisruptionRules
{
    /// <summary>What is asked for.</summary>
    /// <param name="minAvailable">spec.minAvailable.</param>
    /// <param name="maxUnavailable">spec.maxUnavailable; only one of both is set.</param>
    /// <param name="pods">Pods that are selected.</param>
    /// <param name="scale">The sum of what the pods' controllers wish.</param>
    public static DisruptionGoal Goal(IntOrPercent? minAvailable, IntOrPercent? maxUnavailable, int pods, int scale)
    {
        if (maxUnavailable is { } missing) return new(scale, Math.Max(0, scale - missing.Of(scale, roundUp: true)));
        if (minAvailable is not { } least) return new(0, 0);
        return least.IsPercent ? new(scale, least.Of(scale, roundUp: true)) : new(pods, least.Value);
    }

    /// <summary>Whether the controllers' scale is needed to know that.</summary>
    public static bool NeedsScale(IntOrPercent? minAvailable, IntOrPercent? maxUnavailable) => maxUnavailable is not null || minAvailable is { IsPercent: true };

    /// <summary>How many pods may be evicted now.</summary>
    public static int Allowed(DisruptionGoal goal, int healthy) => goal.Expected <= 0 ? 0 : Math.Max(0, healthy - goal.DesiredHealthy);
}
