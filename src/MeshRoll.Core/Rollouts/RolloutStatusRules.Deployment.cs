using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

public static partial class RolloutStatusRules
{
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    /// <summary>The rollout of a Deployment (kubectl, DeploymentStatusViewer).</summary>
    public static RolloutStatus Of(Deployment deployment, RolloutExpectation expected)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(expected);
        var status = deployment.Status;
        var desired = deployment.Spec.Replicas ?? 1;
        var (updated, old) = (status.UpdatedReplicas, Math.Max(0, status.Replicas - status.UpdatedReplicas));

        if (Lost(deployment.Metadata, expected) is { } lost) return Is(RolloutState.Failed, lost);
        if (!Observed(deployment.Metadata, status.ObservedGeneration, expected)) return Is(RolloutState.Pending, NotObserved);
        if (DeadlineExceeded(deployment, expected)) return Is(RolloutState.Failed, NoProgress(deployment));
        if (updated < desired) return Waiting($"{updated} of {Wording.Count(desired, "pod")} updated");
        if (old > 0) return Waiting($"{Wording.CountIs(old, "old pod")} still terminating");
        if (status.AvailableReplicas < updated) return Waiting($"{status.AvailableReplicas} of {Wording.Count(updated, "updated pod")} available");
        return Is(RolloutState.Complete, AllNew(desired));

        RolloutStatus Is(RolloutState state, string message) => new(state, message)
        {
            Desired = desired,
            Updated = updated,
            Ready = status.ReadyReplicas,
            Available = status.AvailableReplicas,
            Old = old,
            Revision = deployment.Metadata.Annotations.GetValueOrDefault(RevisionAnnotation, ""),
        };

        RolloutStatus Waiting(string message) => deployment.Spec.Paused
            ? Is(RolloutState.Paused, $"paused by somebody ({message}); it goes on when it is resumed")
            : Is(RolloutState.Progressing, message);
    }

    /// <summary>
    /// The Progressing condition with reason ProgressDeadlineExceeded. There is none without progressDeadlineSeconds. One last confirmed before
    /// the change is of an earlier rollout: the controller replaces it only when it has made the new ReplicaSet.
    /// </summary>
    private static bool DeadlineExceeded(Deployment deployment, RolloutExpectation expected)
    {
        foreach (var condition in deployment.Status.Conditions)
        {
            if (condition is not { Type: "Progressing", Reason: "ProgressDeadlineExceeded" }) continue;
            var time = condition.LastUpdateTime ?? condition.LastTransitionTime;
            return !(time < expected.Since);
        }
        return false;
    }

    private static string NoProgress(Deployment deployment) =>
        $"made no progress within its deadline of {Wording.Duration(TimeSpan.FromSeconds(deployment.Spec.ProgressDeadlineSeconds ?? 600))} ({deployment.Status.UpdatedReplicas} of {Wording.Count(deployment.Spec.Replicas ?? 1, "pod")} updated, {deployment.Status.AvailableReplicas} available)";
}
