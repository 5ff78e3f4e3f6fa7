using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>The words in which a kind of workload keeps its ReplicaSets.</summary>
internal sealed record RolloutDialect
{
    /// <summary>Deployments.</summary>
    public static RolloutDialect Deployment { get; } = new()
    {
        Component = "deployment-controller",
        HashLabel = "pod-template-hash",
        ReplicaSets = WriteOptions.KnownToBeRight,
        Book = new("deployment.kubernetes.io"),
        // As Kubernetes 1.30 says it: a new one's size without what it was before.
        Scaling = static (set, _, before, after) => before is null ? $"Scaled up replica set {set} to {after}" : $"Scaled {(after > before ? "up" : "down")} replica set {set} to {after} from {before}",
    };

    /// <summary>Argo Rollouts.</summary>
    public static RolloutDialect Argo { get; } = new()
    {
        Component = "rollouts-controller",
        HashLabel = "rollouts-pod-template-hash",
        // What a custom resource says was looked at by nobody.
        ReplicaSets = WriteOptions.Default,
        Book = new("rollout.argoproj.io"),
        Scaling = static (set, revision, before, after) => $"Scaled {(after > (before ?? 0) ? "up" : "down")} ReplicaSet {set} (revision {revision}) from {before ?? 0} to {after}",
    };

    /// <summary>Who speaks in events.</summary>
    public required string Component { get; init; }

    /// <summary>The label by which ReplicaSets and pods know their template.</summary>
    public required string HashLabel { get; init; }

    /// <summary>How ReplicaSets are made.</summary>
    public required WriteOptions ReplicaSets { get; init; }

    /// <summary>The annotations.</summary>
    public required RevisionBook Book { get; init; }

    /// <summary>What the event of a scaling says: the ReplicaSet, its revision, its size before (null for a new one) and after.</summary>
    public required Func<string, long, int?, int, string> Scaling { get; init; }
}
