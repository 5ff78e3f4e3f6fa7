using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

public static partial class RolloutStatusRules
{
    /// <summary>
    /// The rollout of a StatefulSet (kubectl, StatefulSetStatusViewer). Not of strategy RollingUpdate: kubectl gives up, here the pods'
    /// label controller-revision-hash is compared with status.updateRevision.
    /// </summary>
    public static RolloutStatus Of(StatefulSet set, RolloutExpectation expected, IReadOnlyCollection<Pod> pods)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(expected);
        var status = set.Status;
        var desired = set.Spec.Replicas ?? 1;
        var updated = status.UpdatedReplicas;

        if (Lost(set.Metadata, expected) is { } lost) return Is(RolloutState.Failed, lost);
        if (set.Spec.UpdateStrategy.Type == "OnDelete") return OnDelete();
        if (status.ObservedGeneration == 0 || !Observed(set.Metadata, status.ObservedGeneration, expected)) return Is(RolloutState.Pending, NotObserved);
        if (status.ReadyReplicas < desired) return Is(RolloutState.Progressing, $"{status.ReadyReplicas} of {Wording.Count(desired, "pod")} ready, {updated} updated");
        if (set.Spec.UpdateStrategy.RollingUpdate?.Partition is { } partition)
        {
            var wanted = Math.Max(0, desired - partition);
            if (updated < wanted) return Is(RolloutState.Progressing, $"{updated} of {Wording.Count(wanted, "pod")} updated{Above(partition)}");
            return Is(RolloutState.Complete, partition > 0 ? $"done: {Wording.CountIs(updated, "pod")} new{Above(partition)}, the others keep the old template" : AllNew(desired));
        }
        if (status.UpdateRevision != status.CurrentRevision) return Is(RolloutState.Progressing, $"{updated} of {Wording.Count(desired, "pod")} updated");
        return Is(RolloutState.Complete, AllNew(desired));

        RolloutStatus OnDelete()
        {
            if (status.ObservedGeneration == 0 || !Observed(set.Metadata, status.ObservedGeneration, expected)) return Is(RolloutState.Pending, NotObserved);
            var (current, left) = CountByHash(pods, NewTemplate.Of(set));
            if (left > 0) return Is(RolloutState.Progressing, OldPodsLeft(left, current, desired), current, left);
            if (current < desired) return Is(RolloutState.Progressing, $"{current} of {Wording.Count(desired, "pod")} updated", current, left);
            if (status.ReadyReplicas < desired) return Is(RolloutState.Progressing, $"{status.ReadyReplicas} of {Wording.Count(desired, "pod")} ready", current, left);
            return Is(RolloutState.Complete, AllNew(desired), current, left);
        }

        RolloutStatus Is(RolloutState state, string message, int? current = null, int? left = null) => new(state, message)
        {
            Desired = desired,
            Updated = current ?? updated,
            Ready = status.ReadyReplicas,
            // Servers before 1.22 do not report availability of StatefulSets; there ready is all that is known.
            Available = status.AvailableReplicas > 0 ? status.AvailableReplicas : set.Spec.MinReadySeconds == 0 ? status.ReadyReplicas : 0,
            Old = left ?? Math.Max(0, status.Replicas - updated),
            Revision = status.UpdateRevision,
        };
    }

    private static string Above(int partition) => partition > 0 ? $" (partition: from ordinal {partition} up)" : "";

    /// <summary>Pods that stay, by whether they are of the new template.</summary>
    private static (int New, int Old) CountByHash(IReadOnlyCollection<Pod> pods, NewTemplate template)
    {
        var (current, old) = (0, 0);
        foreach (var pod in pods)
        {
            if (pod.Metadata.DeletionTimestamp is not null) continue;
            if (template.Made(pod)) current++; else old++;
        }
        return (current, old);
    }
}
