using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

/// <summary>
/// Is this rollout done? One function per kind, its guards in the order in which kubectl decides (kubectl, polymorphichelpers/rollout_status.go),
/// the sentence beside each decision. Beyond kubectl, on purpose: a status of an older generation than the expected one never counts;
/// a deadline that was exceeded before the change does not count; a paused Deployment is reported as Paused rather than as waiting;
/// OnDelete is followed by the pods; and a workload that was deleted, or made again under its name, is an end.
/// </summary>
public static partial class RolloutStatusRules
{
    /// <summary>The rollout of a workload of any of the four kinds.</summary>
    /// <param name="workload">A Deployment, StatefulSet, DaemonSet or ArgoRollout.</param>
    /// <param name="expected">Which rollout.</param>
    /// <param name="pods">The workload's own pods; used where its status cannot tell (OnDelete, the restart of an Argo Rollout).</param>
    /// <exception cref="ArgumentException">Another kind.</exception>
    public static RolloutStatus Of(IKubernetesObject workload, RolloutExpectation expected, IReadOnlyCollection<Pod> pods) => workload switch
    {
        Deployment deployment => Of(deployment, expected),
        StatefulSet set => Of(set, expected, pods),
        DaemonSet set => Of(set, expected, pods),
        ArgoRollout rollout => Of(rollout, expected, pods),
        null => throw new ArgumentNullException(nameof(workload)),
        _ => throw new ArgumentException($"A {workload.GetType().Name} has no rollout.", nameof(workload)),
    };

    /// <summary>The end of a rollout whose workload is not there any more.</summary>
    public static RolloutStatus Deleted(RolloutStatus last)
    {
        ArgumentNullException.ThrowIfNull(last);
        return last with { State = RolloutState.Failed, Message = "was deleted while it was being followed" };
    }

    /// <summary>Why <paramref name="workload"/> cannot be the expected one, or null when it can.</summary>
    private static string? Lost(ObjectMeta workload, RolloutExpectation expected)
    {
        if (expected.Uid.Length > 0 && workload.Uid.Length > 0 && workload.Uid != expected.Uid) return "was deleted and made again under the same name: this is another workload now";
        if (workload.DeletionTimestamp is not null) return "is being deleted";
        return null;
    }

    /// <summary>Whether a status of <paramref name="observed"/> speaks of the newest template known, the expected one or one after it.</summary>
    private static bool Observed(ObjectMeta workload, long observed, RolloutExpectation expected) =>
        observed >= Math.Max(workload.Generation, expected.Generation ?? 0);

    private const string NotObserved = "waiting for the controller to see the change";

    private static string AllNew(int pods) => pods switch
    {
        0 => "done: no pods are wanted",
        1 => "done: the pod is new and available",
        _ => $"done: all {pods} pods are new and available",
    };

    private static string OldPodsLeft(int old, int updated, int desired) =>
        $"update strategy OnDelete: {Wording.CountIs(old, "pod")} still of an older template; {(old == 1 ? "it is" : "each is")} replaced when somebody deletes it ({updated} of {Wording.Count(desired, "pod")} updated)";
}
