using System.Text.Json;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>A revision as its keeper holds it. Templates are raw JSON, for they may be written back.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Keeper">The ReplicaSet or ControllerRevision.</param>
/// <param name="Template">The pod template, with whatever the keeper added to it.</param>
internal sealed record WorkloadRevision(long Number, ObjectMeta Keeper, JsonElement Template)
{
    /// <summary>The keeper's annotations, for a ReplicaSet: an undo gives them back to the Deployment.</summary>
    public JsonElement? Annotations { get; init; }

    /// <summary>The patch that brings the workload back, for a ControllerRevision.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>What somebody wrote down as the cause.</summary>
    public string ChangeCause => Keeper.Annotations.GetValueOrDefault("kubernetes.io/change-cause", "");
}

/// <summary>A workload and its revisions.</summary>
/// <param name="Workload">Which.</param>
/// <param name="Object">It, whole.</param>
/// <param name="Revisions">In the order of their numbers.</param>
internal sealed record WorkloadHistory(WorkloadReference Workload, RawObject Object, IReadOnlyList<WorkloadRevision> Revisions)
{
    /// <summary>The revision whose template the workload has now; null while the controller has not kept it yet.</summary>
    public WorkloadRevision? Current { get; } = RevisionRules.Current(Workload, Object, Revisions);
}
