using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

/// <summary>
/// How long a rolling replacement takes: steps times the time of a step. 30 pods, 25 % of them at a time, 100 s until one is ready: at least
/// 30 / (30 × 25 %) × 100 s = 400 s. What a workload does not tell (how fast it starts and stops) is assumed small, so this is what to expect
/// when all goes well; <see cref="Remaining"/> corrects it by what was measured.
/// </summary>
public static class DurationEstimate
{
    /// <summary>Scheduling a pod and starting its containers from an image that is on the node.</summary>
    private static readonly TimeSpan Startup = TimeSpan.FromSeconds(3);

    /// <summary>Stopping a pod, where its successor has to wait for that; never more than its own grace period.</summary>
    private static readonly TimeSpan Stopping = TimeSpan.FromSeconds(5);

    /// <summary>The whole restart of a workload of any of the four kinds; null for other kinds, zero for no pods.</summary>
    public static TimeSpan? Of(IKubernetesObject workload) => workload switch
    {
        Deployment deployment => Of(deployment),
        StatefulSet set => Of(set),
        DaemonSet set => Of(set),
        ArgoRollout rollout => Steps(rollout.Spec.Replicas ?? 1, 1) * (PodReady(rollout.Spec.Template.Spec, rollout.Spec.MinReadySeconds) + Stop(rollout.Spec.Template.Spec)),
        _ => null,
    };

    /// <summary>The whole restart of a Deployment. As many pods move at a time as may be too many and may be missing together; Recreate moves all at once.</summary>
    public static TimeSpan Of(Deployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var pods = deployment.Spec.Replicas ?? 1;
        var ready = PodReady(deployment.Spec.Template.Spec, deployment.Spec.MinReadySeconds);
        if (pods == 0) return TimeSpan.Zero;
        if (deployment.Spec.Strategy.Type == "Recreate") return ready + Stop(deployment.Spec.Template.Spec);

        var surge = Surge(deployment);
        var step = Steps(pods, surge + Unavailable(deployment));
        return step * (surge == 0 ? ready + Stop(deployment.Spec.Template.Spec) : ready);
    }

    /// <summary>The whole restart of a StatefulSet: one pod after the other, from the highest ordinal down to the partition.</summary>
    public static TimeSpan Of(StatefulSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Replaced(set) * (PodReady(set.Spec.Template.Spec, set.Spec.MinReadySeconds) + Stop(set.Spec.Template.Spec));
    }

    /// <summary>The whole restart of a DaemonSet: so many nodes at a time as may be without a pod (1 when it does not say).</summary>
    public static TimeSpan Of(DaemonSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var nodes = set.Status.DesiredNumberScheduled;
        var ready = PodReady(set.Spec.Template.Spec, set.Spec.MinReadySeconds);
        return Steps(nodes, StepOf(set)) * (SurgeOf(set) > 0 ? ready : ready + Stop(set.Spec.Template.Spec));
    }

    /// <summary>
    /// The time left after <paramref name="elapsed"/>, with <paramref name="done"/> of <paramref name="total"/> pods new and available: by the pace
    /// measured so far once there is one, until then by the estimate. Null when neither tells. What is followed has a <see cref="RolloutPace"/>, which knows more.
    /// </summary>
    public static TimeSpan? Remaining(TimeSpan? expected, TimeSpan elapsed, int done, int total)
    {
        if (done >= total) return TimeSpan.Zero;
        if (done > 0 && elapsed > TimeSpan.Zero) return TimeSpan.FromSeconds(Math.Round(elapsed.TotalSeconds / done * (total - done), 1));
        if (expected is not { } whole) return null;
        return whole > elapsed ? whole - elapsed : null;
    }

    /// <summary>Pods that a restart of a workload replaces: all it has, but for those that a partition holds back.</summary>
    public static int Replaced(IKubernetesObject workload) =>
        Math.Max(0, WorkloadObject.Desired(workload) - (workload is StatefulSet { Spec.UpdateStrategy.RollingUpdate.Partition: { } partition } ? partition : 0));

    /// <summary>
    /// Pods that a workload's own update strategy moves at a time: those it may have too many and those it may miss, never more than it has.
    /// Recreate moves all; an Argo Rollout's restart and a StatefulSet one.
    /// </summary>
    public static int AtATime(IKubernetesObject workload)
    {
        switch (workload)
        {
            case Deployment deployment:
                var pods = deployment.Spec.Replicas ?? 1;
                if (deployment.Spec.Strategy.Type == "Recreate") return pods;
                return Math.Min(pods, Surge(deployment)) + Math.Min(pods, Unavailable(deployment));
            case DaemonSet set:
                return Math.Min(set.Status.DesiredNumberScheduled, StepOf(set));
            default:
                return Math.Min(1, Replaced(workload));
        }
    }

    /// <summary>From a pod's eviction to its successor being available, where one follows the other.</summary>
    public static TimeSpan OfOnePod(PodTemplate? template, TimeSpan minReady) => template is null ? Startup + Stopping + minReady : PodReady(template.Spec, 0) + minReady + Stop(template.Spec);

    /// <summary>Pods a Deployment may have too many during its rolling update; its default is 25 %.</summary>
    public static int Surge(Deployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return (deployment.Spec.Strategy.RollingUpdate?.MaxSurge ?? new(25, true)).Of(deployment.Spec.Replicas ?? 1, roundUp: true);
    }

    /// <summary>Pods a Deployment may miss during its rolling update; its default is 25 %. Never both this and the surge are 0: the controller then takes 1.</summary>
    public static int Unavailable(Deployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var missing = (deployment.Spec.Strategy.RollingUpdate?.MaxUnavailable ?? new(25, true)).Of(deployment.Spec.Replicas ?? 1, roundUp: false);
        return missing == 0 && Surge(deployment) == 0 ? 1 : missing;
    }

    private static int SurgeOf(DaemonSet set) => set.Spec.UpdateStrategy.RollingUpdate?.MaxSurge?.Of(set.Status.DesiredNumberScheduled, roundUp: true) ?? 0;

    private static int StepOf(DaemonSet set) =>
        SurgeOf(set) is > 0 and var surge ? surge : Math.Max(1, set.Spec.UpdateStrategy.RollingUpdate?.MaxUnavailable?.Of(set.Status.DesiredNumberScheduled, roundUp: true) ?? 1);

    /// <summary>
    /// From a pod's creation to its being available: native sidecars one after the other as far as their startup probes make the next one wait, then the
    /// slowest container's first possible success, and minReadySeconds.
    /// </summary>
    private static TimeSpan PodReady(PodSpec pod, int minReadySeconds)
    {
        int before = 0, slowest = 0;
        foreach (var container in pod.InitContainers)
        {
            // Other init containers end by themselves, and nothing says when.
            if (container.RestartPolicy != "Always") continue;
            slowest = Math.Max(slowest, before + FirstSuccess(container));
            before += container.StartupProbe?.InitialDelaySeconds ?? 0;
        }
        foreach (var container in pod.Containers) slowest = Math.Max(slowest, before + FirstSuccess(container));
        return Startup + TimeSpan.FromSeconds(slowest) + TimeSpan.FromSeconds(minReadySeconds);
    }

    // Both delays count from the container's start; no readiness probe is made before the startup probe has passed.
    private static int FirstSuccess(Container container)
    {
        var started = container.StartupProbe?.InitialDelaySeconds ?? 0;
        if (container.ReadinessProbe is not { } readiness) return started;
        return Math.Max(started, readiness.InitialDelaySeconds) + Math.Max(0, readiness.SuccessThreshold - 1) * readiness.PeriodSeconds;
    }

    private static TimeSpan Stop(PodSpec pod)
    {
        var grace = TimeSpan.FromSeconds(Math.Clamp(pod.TerminationGracePeriodSeconds ?? 30, 0, 3600));
        return grace < Stopping ? grace : Stopping;
    }

    private static int Steps(int pods, int atATime) => (pods + Math.Max(1, atATime) - 1) / Math.Max(1, atATime);
}
