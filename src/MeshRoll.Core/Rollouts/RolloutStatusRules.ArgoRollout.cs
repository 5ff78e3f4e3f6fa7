using System.Globalization;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

public static partial class RolloutStatusRules
{
    private const string ArgoRevisionAnnotation = "rollout.argoproj.io/revision";

    /// <summary>
    /// The rollout, or restart, of an Argo Rollout (argo-rollouts, kubectl-argo-rollouts status and rollout/restart.go): its controller judges
    /// by itself and reports a phase; a restart is done when status.restartedAt has reached spec.restartAt.
    /// </summary>
    public static RolloutStatus Of(ArgoRollout rollout, RolloutExpectation expected) => Of(rollout, expected, []);

    /// <summary>
    /// The same with its pods. A restart keeps the template, so that its status calls all of them updated from the first moment on; how far it is can be
    /// seen on the pods.
    /// </summary>
    public static RolloutStatus Of(ArgoRollout rollout, RolloutExpectation expected, IReadOnlyCollection<Pod> pods)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(pods);
        var status = rollout.Status;
        var desired = rollout.Spec.Replicas ?? 1;
        var (updated, old) = (status.UpdatedReplicas, Math.Max(0, status.Replicas - status.UpdatedReplicas));
        var (restarting, detail) = (rollout.Spec.RestartAt is { } at && !(status.RestartedAt >= at), status.Message.Length > 0 ? $": {Wording.Line(status.Message)}" : "");

        if (Lost(rollout.Metadata, expected) is { } lost) return Is(RolloutState.Failed, lost);
        // Versions before 1.0 put a hash here: then the phase is all there is to go by.
        if (long.TryParse(status.ObservedGeneration, CultureInfo.InvariantCulture, out var observed) && !Observed(rollout.Metadata, observed, expected)) return Is(RolloutState.Pending, NotObserved);
        if (status.Phase == "Degraded") return Is(RolloutState.Failed, $"its controller reports it as degraded{detail}");
        if (rollout.Spec.Paused || status.Phase == "Paused") return Is(RolloutState.Paused, $"paused{detail}; it goes on when it is resumed or promoted");
        if (restarting && pods.Count > 0)
        {
            (updated, old) = CountByHash(pods, NewTemplate.Of(rollout));
            return Is(RolloutState.Progressing, $"{updated} of {Wording.Count(desired, "pod")} restarted, {status.AvailableReplicas} available");
        }
        if (restarting) return Is(RolloutState.Progressing, $"pods from before the restart are being replaced; {status.AvailableReplicas} of {Wording.Count(desired, "pod")} available");
        if (status.Phase != "Healthy") return Is(RolloutState.Progressing, $"{updated} of {Wording.Count(desired, "pod")} updated{detail}");
        return Is(RolloutState.Complete, AllNew(desired));

        RolloutStatus Is(RolloutState state, string message) => new(state, message)
        {
            Desired = desired,
            Updated = updated,
            Ready = status.ReadyReplicas,
            Available = status.AvailableReplicas,
            Old = old,
            Revision = rollout.Metadata.Annotations.GetValueOrDefault(ArgoRevisionAnnotation, ""),
        };
    }
}
