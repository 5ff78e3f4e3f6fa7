namespace MeshRoll.Sandbox.Controllers.Autoscaling;

/// <summary>What an autoscaler decides, and why.</summary>
/// <param name="Desired">The pods it wants.</param>
/// <param name="Reason">Why that is another number than there is; empty when it is the same.</param>
/// <param name="Limit">Reason and message of the condition ScalingLimited.</param>
/// <param name="IsLimited">Whether it would want something else if it might.</param>
internal readonly record struct ScalingDecision(int Desired, string Reason, (string Reason, string Message) Limit, bool IsLimited);

/// <summary>
/// The decisions of a HorizontalPodAutoscaler over a load that never changes (horizontal.go, reconcileAutoscaler): what it has once decided, it holds.
/// So a surge by somebody else is taken back, which is what a restart must reckon with.
/// </summary>
internal static class AutoscalerRules
{
    private const string Metric = "cpu resource utilization (percentage of request)";

    /// <summary>The decision.</summary>
    /// <param name="present">The number of pods the target has now.</param>
    /// <param name="held">The number that was decided before; 0 for none yet.</param>
    /// <param name="least">spec.minReplicas.</param>
    /// <param name="most">spec.maxReplicas.</param>
    public static ScalingDecision Decide(int present, int held, int least, int most)
    {
        // Outside of the limits, nobody asks for metrics.
        if (present > most) return new(most, "Current number of replicas above Spec.MaxReplicas", TooMany, IsLimited: true);
        if (present < least) return new(least, "Current number of replicas below Spec.MinReplicas", TooFew, IsLimited: true);

        var wanted = held == 0 ? present : held;
        var desired = Math.Clamp(wanted, least, most);
        var reason = desired > present ? $"{Metric} above target" : desired < present ? "All metrics below target" : "";
        return wanted > most ? new(desired, reason, TooMany, IsLimited: true)
            : wanted < least ? new(desired, reason, TooFew, IsLimited: true)
            : new(desired, reason, ("DesiredWithinRange", "the desired count is within the acceptable range"), IsLimited: false);
    }

    private static (string Reason, string Message) TooMany => ("TooManyReplicas", "the desired replica count is more than the maximum replica count");

    private static (string Reason, string Message) TooFew => ("TooFewReplicas", "the desired replica count is less than the minimum replica count");
}
