using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Strategies;

namespace MeshRoll.Core.Plans;

/// <summary>How a plan, or one of its waves, restarts its workloads. What is null is taken from the plan, and there from the defaults of Start-MeshRolloutRestart; the strategy is Auto then.</summary>
public sealed record PlanSettings
{
    /// <summary>How pods are replaced.</summary>
    public RestartStrategy? Strategy { get; init; }

    /// <summary>Workloads moving at a time; 0 for no limit.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>The pause after each workload that ended before the next takes its place.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Surge and Evict: the pause after a replacement is ready before the next pod goes.</summary>
    public TimeSpan? PodDelay { get; init; }

    /// <summary>The failure budget: workloads that may fail before nothing further is started; 0 for never stopping.</summary>
    public int? StopAfterFailures { get; init; }

    /// <summary>How long a wave is watched after its last workload, before the next begins.</summary>
    public TimeSpan? Soak { get; init; }

    /// <summary>Time allowed to each workload.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Pods that may be coming up or missing at a time; 0 for no limit.</summary>
    public int? MaxPodsInTransition { get; init; }

    /// <summary>Restarts also what is up to date.</summary>
    public bool? Force { get; init; }

    /// <summary>Lets the last serving pod of a workload go before its replacement serves.</summary>
    public bool? AllowDowntime { get; init; }

    /// <summary>Surge: goes ahead though an autoscaler sets the count.</summary>
    public bool? IgnoreAutoscaler { get; init; }

    /// <summary>These, and where they say nothing, those <paramref name="beneath"/>.</summary>
    public PlanSettings Over(PlanSettings beneath)
    {
        ArgumentNullException.ThrowIfNull(beneath);
        return new()
        {
            Strategy = Strategy ?? beneath.Strategy,
            MaxConcurrent = MaxConcurrent ?? beneath.MaxConcurrent,
            Delay = Delay ?? beneath.Delay,
            PodDelay = PodDelay ?? beneath.PodDelay,
            StopAfterFailures = StopAfterFailures ?? beneath.StopAfterFailures,
            Soak = Soak ?? beneath.Soak,
            Timeout = Timeout ?? beneath.Timeout,
            MaxPodsInTransition = MaxPodsInTransition ?? beneath.MaxPodsInTransition,
            Force = Force ?? beneath.Force,
            AllowDowntime = AllowDowntime ?? beneath.AllowDowntime,
            IgnoreAutoscaler = IgnoreAutoscaler ?? beneath.IgnoreAutoscaler,
        };
    }

    /// <summary>The same as the engine takes them.</summary>
    internal RestartOptions ToOptions()
    {
        var usual = new RestartOptions();
        return usual with
        {
            Strategy = Strategy ?? RestartStrategy.Auto,
            MaxConcurrent = MaxConcurrent ?? usual.MaxConcurrent,
            Delay = Delay ?? usual.Delay,
            PodDelay = PodDelay ?? usual.PodDelay,
            StopAfterFailures = StopAfterFailures ?? usual.StopAfterFailures,
            Timeout = Timeout,
            Force = Force ?? false,
            AllowDowntime = AllowDowntime ?? false,
            IgnoreAutoscaler = IgnoreAutoscaler ?? false,
            Guards = usual.Guards with { MaxPodsInTransition = MaxPodsInTransition ?? 0 },
        };
    }
}
