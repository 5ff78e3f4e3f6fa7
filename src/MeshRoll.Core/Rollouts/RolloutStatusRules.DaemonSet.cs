using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

public static partial class RolloutStatusRules
{
    /// <summary>
    /// The rollout of a DaemonSet (kubectl, DaemonSetStatusViewer). Not of strategy RollingUpdate: kubectl gives up, here the pods'
    /// template generation is compared with the DaemonSet's.
    /// </summary>
    public static RolloutStatus Of(DaemonSet set, RolloutExpectation expected, IReadOnlyCollection<Pod> pods)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(expected);
        var status = set.Status;
        var desired = status.DesiredNumberScheduled;
        var updated = status.UpdatedNumberScheduled;
        var template = NewTemplate.Of(set, pods);

        if (Lost(set.Metadata, expected) is { } lost) return Is(RolloutState.Failed, lost);
        if (set.Spec.UpdateStrategy.Type == "OnDelete") return OnDelete();
        if (!Observed(set.Metadata, status.ObservedGeneration, expected)) return Is(RolloutState.Pending, NotObserved);
        if (updated < desired) return Is(RolloutState.Progressing, $"{updated} of {Wording.Count(desired, "pod")} updated");
        if (status.NumberAvailable < desired) return Is(RolloutState.Progressing, $"{status.NumberAvailable} of {Wording.Count(desired, "updated pod")} available");
        return Is(RolloutState.Complete, AllNew(desired));

        RolloutStatus OnDelete()
        {
            if (!Observed(set.Metadata, status.ObservedGeneration, expected)) return Is(RolloutState.Pending, NotObserved);
            var (current, left) = CountByHash(pods, template);
            if (left > 0) return Is(RolloutState.Progressing, OldPodsLeft(left, current, desired), current, left);
            if (current < desired) return Is(RolloutState.Progressing, $"{current} of {Wording.Count(desired, "pod")} updated", current, left);
            if (status.NumberAvailable < desired) return Is(RolloutState.Progressing, $"{status.NumberAvailable} of {Wording.Count(desired, "updated pod")} available", current, left);
            return Is(RolloutState.Complete, AllNew(desired), current, left);
        }

        RolloutStatus Is(RolloutState state, string message, int? current = null, int? left = null) => new(state, message)
        {
            Desired = desired,
            Updated = current ?? updated,
            Ready = status.NumberReady,
            Available = status.NumberAvailable,
            Old = left ?? Math.Max(0, status.CurrentNumberScheduled - updated),
            Revision = template.Hash,
        };
    }
}
