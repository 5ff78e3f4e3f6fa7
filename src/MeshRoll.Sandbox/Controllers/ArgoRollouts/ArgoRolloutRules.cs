using MeshRoll.Sandbox.Controllers.Deployments;

namespace MeshRoll.Sandbox.Controllers.ArgoRollouts;

/// <summary>What an Argo Rollout says of itself, and how far a restart may go at a time (argo-rollouts, utils/rollout and rollout/restart.go).</summary>
internal static class ArgoRolloutRules
{
    /// <summary>Phase and message.</summary>
    /// <param name="wish">What is wished.</param>
    /// <param name="status">What is there.</param>
    /// <param name="isStable">Whether the present template has been rolled out completely.</param>
    public static (string Phase, string Message) Phase(DeploymentView wish, DeploymentStatus status, bool isStable)
    {
        if (status.Conditions.Of("Progressing") is { Reason: "ProgressDeadlineExceeded" } late) return ("Degraded", $"{late.Reason}: {late.Message}");
        if (wish.IsPaused) return ("Paused", "manually paused");
        if (status.Updated < wish.Replicas) return ("Progressing", "more replicas need to be updated");
        if (status.Available < status.Updated) return ("Progressing", "updated replicas are still becoming available");
        if (status.Replicas > status.Updated) return ("Progressing", "old replicas are pending termination");
        return isStable ? ("Healthy", "") : ("Progressing", "waiting for all steps to complete");
    }

    /// <summary>How many pods may be evicted now for a restart: as many as may be missing, but one at least.</summary>
    /// <param name="replicas">Wished pods.</param>
    /// <param name="total">Pods wished by all ReplicaSets.</param>
    /// <param name="available">Pods that are available.</param>
    /// <param name="maxUnavailable">Wished pods that may be missing.</param>
    public static int MayRestart(int replicas, int total, int available, int maxUnavailable) =>
        available - (Math.Max(replicas, total) - Math.Max(maxUnavailable, 1));
}
