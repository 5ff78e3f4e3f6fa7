namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>When a running container is found well, by its probes.</summary>
internal static class Health
{
    /// <summary>When it counts as started.</summary>
    public static DateTimeOffset StartsUpAt(PodLife pod, ContainerPlan plan, DateTimeOffset since)
    {
        if (plan.Startup is not { } probe || pod.IsInstant) return since;
        return HasOwnTime(pod, plan) ? since : probe.SucceedsAt(since, WellAt(pod, plan, since));
    }

    /// <summary>When it counts as ready.</summary>
    public static DateTimeOffset? ReadyAt(PodLife pod, ContainerPlan plan, DateTimeOffset since, DateTimeOffset startsUp)
    {
        if (pod.IsInstant) return since;
        if (HasOwnTime(pod, plan))
        {
            // From binding to Ready; a container that starts again needs the part that came after its start.
            var time = pod.Behaviour.ReadyAfter!.Value;
            return Later(since, since <= pod.Bound + time ? pod.Bound + time : since + (time / 2));
        }
        if (plan.Readiness is not { } probe) return Later(startsUp, plan.IsInit || plan.IsMeshProxy ? startsUp : since + pod.Behaviour.Slowness);
        return probe.SucceedsAt(since, Later(startsUp, WellAt(pod, plan, since)));
    }

    // The annotation ready-after says all there is to say about the application's containers.
    private static bool HasOwnTime(PodLife pod, ContainerPlan plan) => pod.Behaviour.ReadyAfter is not null && !plan.IsInit;

    /// <summary>When it would answer a probe well. After a fault has gone, the next answers are good ones.</summary>
    private static DateTimeOffset WellAt(PodLife pod, ContainerPlan plan, DateTimeOffset since)
    {
        if (plan.IsInit || plan.IsMeshProxy) return since;
        return Later(since + pod.Options.WarmUp + pod.Behaviour.Slowness, pod.BehaviourSince);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
