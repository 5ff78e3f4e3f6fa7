using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>Which revisions a workload has, and which one is meant (kubectl, polymorphichelpers/history.go and rollback.go).</summary>
internal static class RevisionRules
{
    /// <summary>The annotation with a Deployment's revision, on itself and on its ReplicaSets.</summary>
    public const string DeploymentRevision = "deployment.kubernetes.io/revision";

    /// <summary>The same of an Argo Rollout.</summary>
    public const string ArgoRevision = "rollout.argoproj.io/revision";

    /// <summary>The revisions of a Deployment or an Argo Rollout: the ReplicaSets it controls.</summary>
    public static IReadOnlyList<WorkloadRevision> OfReplicaSets(RawObject workload, IEnumerable<RawObject> replicaSets, string annotation)
    {
        var revisions = new List<WorkloadRevision>();
        foreach (var set in replicaSets)
        {
            if (!IsControlledBy(set.Metadata, workload) || set.At("spec", "template") is not { } template) continue;
            if (Number(set.Metadata.Annotations.GetValueOrDefault(annotation)) is not { } number) continue;
            revisions.Add(new(number, set.Metadata, template) { Annotations = set.At("metadata", "annotations") });
        }
        return InOrder(revisions);
    }

    /// <summary>The revisions of a StatefulSet or DaemonSet: the ControllerRevisions it controls.</summary>
    public static IReadOnlyList<WorkloadRevision> OfControllerRevisions(RawObject workload, IEnumerable<ControllerRevision> kept)
    {
        var revisions = new List<WorkloadRevision>();
        foreach (var revision in kept)
        {
            var data = new RawObject { Metadata = revision.Metadata, Json = revision.Data };
            if (!IsControlledBy(revision.Metadata, workload) || data.At("spec", "template") is not { } template) continue;
            revisions.Add(new(revision.Revision, revision.Metadata, template) { Data = revision.Data });
        }
        return InOrder(revisions);
    }

    /// <summary>The revision of a number, 0 meaning the one before the newest; null when there is none.</summary>
    public static WorkloadRevision? Choose(IReadOnlyList<WorkloadRevision> revisions, long number)
    {
        if (number > 0) return revisions.FirstOrDefault(revision => revision.Number == number);
        return revisions.Count > 1 ? revisions[^2] : null;
    }

    /// <summary>
    /// The revision that is the workload's template now. An Argo Rollout names its hash: its own template lacks the defaults that the API gives
    /// ReplicaSets, and may not be its own at all.
    /// </summary>
    public static WorkloadRevision? Current(WorkloadReference workload, RawObject whole, IReadOnlyList<WorkloadRevision> revisions)
    {
        if (workload.Kind == WorkloadKinds.Rollout)
        {
            return whole.At("status", "currentPodHash")?.GetString() is { Length: > 0 } hash
                ? revisions.LastOrDefault(revision => revision.Keeper.Labels.GetValueOrDefault("rollouts-pod-template-hash") == hash)
                : null;
        }
        return whole.At("spec", "template") is { } template ? revisions.LastOrDefault(revision => TemplateComparison.AreSame(revision.Template, template)) : null;
    }

    /// <summary>A revision's template without what its keeper added to it: as the workload had it.</summary>
    public static JsonObject TemplateOf(WorkloadRevision revision)
    {
        var template = JsonObject.Create(revision.Template)!;
        template.Remove("$patch");
        if (template["metadata"]?["labels"] is JsonObject labels)
        {
            labels.Remove("pod-template-hash");
            labels.Remove("rollouts-pod-template-hash");
        }
        return template;
    }

    /// <summary>
    /// Whether a pod was made from a revision: a ReplicaSet owns its pods; those of a StatefulSet carry the ControllerRevision's name, those of a
    /// DaemonSet its hash.
    /// </summary>
    public static bool IsOf(Pod pod, WorkloadRevision revision, RawObject workload)
    {
        if (pod.Metadata.Controller is not { } owner) return false;
        if (revision.Data is null) return owner.Uid == revision.Keeper.Uid;
        const string hash = "controller-revision-hash";
        return owner.Uid == workload.Metadata.Uid && pod.Metadata.Labels.GetValueOrDefault(hash) is { } made
            && (made == revision.Keeper.Name || made == revision.Keeper.Labels.GetValueOrDefault(hash));
    }

    // A ReplicaSet that its controller has not numbered yet counts as 0, as it does for kubectl; one with nonsense does not count.
    private static long? Number(string? annotation)
    {
        if (annotation is null) return 0;
        return long.TryParse(annotation, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static bool IsControlledBy(ObjectMeta kept, RawObject workload) => kept.Controller is { } owner && owner.Uid == workload.Metadata.Uid;

    private static IReadOnlyList<WorkloadRevision> InOrder(List<WorkloadRevision> revisions) =>
        [.. revisions.OrderBy(revision => revision.Number).ThenBy(revision => revision.Keeper.Name, StringComparer.Ordinal)];
}
