using MeshRoll.Core.Restarts.Replacing;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Strategies;

/// <summary>
/// One more pod first. When it is ready with the sidecar wanted, the old pods are evicted one at a time, each only while as many as the workload wants
/// are ready without it; then the count is what it was. The template is not touched.
/// </summary>
/// <remarks><code>
/// marked and raised (one write) --> added pods ready --> evict one --> as many ready as before --> evict the next …
///   |                                   '--they do not come up--> count restored, old pods untouched, failed with the reason
///   '--> no old pods left, as many ready as wanted --> restored and unmarked (one write) --> the pods too many are gone
/// </code></remarks>
internal sealed class SurgeRestart : PodReplacement
{
    /// <inheritdoc/>
    public override RestartStrategy Name => RestartStrategy.Surge;

    /// <inheritdoc/>
    public override RestartRefusal? Unfit(RestartFacts facts, RestartOptions options)
    {
        var workload = facts.Workload;
        if (workload.Kind == WorkloadKinds.StatefulSet) return new("MeshRoll.SurgeUnfit", "a StatefulSet scaled up gets another ordinal with a volume of its own, not a spare of what it has; -Strategy Rolling or Evict replaces its pods one by one");
        if (workload.Kind == WorkloadKinds.DaemonSet) return new("MeshRoll.SurgeUnfit", "a DaemonSet has one pod on each node and no count to raise; use -Strategy Rolling (with maxSurge in its update strategy), or Evict");
        if (workload.Kind != WorkloadKinds.Deployment) return new("MeshRoll.SurgeUnfit", $"surging is for Deployments, not for a {workload.Kind}; use -Strategy Rolling or Evict");
        if (WorkloadTraits.IsPaused(facts.Object!)) return new("MeshRoll.WorkloadPaused", $"it is paused; resume it first (Resume-MeshRollout, or kubectl rollout resume {workload.ShortName} -n {workload.Namespace})");
        if (facts.Object is Deployment { Status: var status } && status.UpdatedReplicas < status.Replicas && Marks.MarkRules.Of(facts.Object).Mark is null) return new("MeshRoll.RolloutUnderWay", "a rollout of it is under way; wait for its end first (Wait-MeshRollout)");
        if (options.IgnoreAutoscaler) return null;
        if (facts.Autoscaler is { Name: { } name }) return new("MeshRoll.AutoscalerPresent", $"HorizontalPodAutoscaler {name} sets its count and may take the added pod away or keep it; -Strategy Rolling or Evict leaves the count alone, -IgnoreAutoscaler surges all the same");
        if (facts.Autoscaler is { Unreadable: { } why }) return new("MeshRoll.AutoscalerUnknown", $"whether an autoscaler sets its count is not known ({why}); grant the right to list horizontalpodautoscalers.autoscaling, or say -IgnoreAutoscaler");
        return null;
    }

    /// <inheritdoc/>
    protected override ReplacementMachine Machine(ReplacementOrder order, RestartOptions options) => new SurgeMachine(order, options.SurgeCount);

    /// <inheritdoc/>
    protected override string Words(RestartFacts facts, RestartOptions options, int left)
    {
        var pods = WorkloadObject.Desired(facts.Object!);
        return $"Surge from {pods} to {Wording.Count(pods + options.SurgeCount, "pod")}, evict {Wording.Count(left, "old pod")} one at a time{(options.PodDelay > TimeSpan.Zero ? $", {Wording.Duration(options.PodDelay)} apart" : "")}, back to {pods}";
    }
}
