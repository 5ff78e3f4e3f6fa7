using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>
/// Brings an earlier template back, as kubectl rollout undo does (kubectl, polymorphichelpers/rollback.go). It does not bring the old proxy back: that
/// is not in the template, it is injected when a pod is made.
/// </summary>
/// <param name="ToRevision">Which; 0 for the one before the newest.</param>
public sealed record UndoVerb(long ToRevision = 0) : RolloutVerb
{
    /// <summary>What an undo does not do.</summary>
    internal const string NotTheProxy = "this does not bring the old proxy back: new pods get the one that is injected now";

    // These stay the Deployment's own; all other annotations come from the ReplicaSet.
    private static readonly string[] DeploymentsOwn =
    [
        "kubectl.kubernetes.io/last-applied-configuration",
        "deployment.kubernetes.io/revision",
        "deployment.kubernetes.io/revision-history",
        "deployment.kubernetes.io/desired-replicas",
        "deployment.kubernetes.io/max-replicas",
        "deprecated.deployment.rollback.to",
        // Ours: a ReplicaSet may hold a copy of the mark of a run that is long over.
        Restarts.Marks.RestartMark.Key,
    ];

    internal override bool NeedsRevisions => true;

    internal override VerbRefusedException? RefuseKind(WorkloadReference workload) => workload.Kind switch
    {
        WorkloadKinds.Deployment or WorkloadKinds.StatefulSet or WorkloadKinds.DaemonSet => null,
        WorkloadKinds.Rollout => new(VerbRefusedException.NotSupported, workload,
            $"{workload} cannot be undone by MeshRoll: the steps and analyses of an Argo Rollout belong to its own tool (kubectl argo rollouts undo {workload.Name} -n {workload.Namespace}); its history and images are supported."),
        _ => new(VerbRefusedException.NotSupported, workload, $"{workload} cannot be undone: a {workload.Kind} keeps no revisions; name one of {WorkloadKinds.Allowed}."),
    };

    internal override VerbVerdict Decide(VerbFacts facts)
    {
        var (workload, history) = (facts.Workload, facts.History);
        var target = RevisionRules.Choose(history.Revisions, ToRevision) ?? throw NoSuch(workload, ToRevision, history.Revisions);
        if (facts.Model is Deployment { Spec.Paused: true })
        {
            throw new VerbRefusedException("MeshRoll.WorkloadPaused", workload,
                $"{workload} cannot be undone: it is paused; resume it first (Resume-MeshRollout, or kubectl rollout resume {workload.ShortName} -n {workload.Namespace}).");
        }
        var template = history.Object.At("spec", "template") ?? throw new InvalidDataException($"{workload} has no template.");
        if (TemplateComparison.AreSame(target.Template, template)) return new VerbVerdict.Skip($"nothing to undo: its template is that of revision {target.Number} already");

        var images = string.Join(", ", TemplateContainers.Images(target.Template));
        var note = TemplateComparison.AreSameButForRestart(target.Template, template)
            ? "; it differs from now by the time of a restart alone, so the pods are replaced and nothing else changes"
            : TemplateContainers.Images(target.Template).SequenceEqual(TemplateContainers.Images(template)) ? "; its images are those of now" : "";
        return new VerbVerdict.Change(
            target.Data is { } data ? new(PatchKind.StrategicMerge, Encoding.UTF8.GetBytes(data.GetRawText())) : DeploymentPatch(history.Object, target),
            $"Undo to revision {target.Number} ({images}){note}; {NotTheProxy}",
            $"undone to revision {target.Number}; {NotTheProxy}");
    }

    private static Patch DeploymentPatch(RawObject deployment, WorkloadRevision target)
    {
        var annotations = new JsonObject();
        foreach (var entry in Entries(deployment.At("metadata", "annotations")).Where(entry => DeploymentsOwn.Contains(entry.Name))) annotations[entry.Name] = entry.Value.GetString();
        foreach (var entry in Entries(target.Annotations).Where(entry => !DeploymentsOwn.Contains(entry.Name))) annotations[entry.Name] = entry.Value.GetString();
        return new JsonPatch().Replace("/spec/template", RevisionRules.TemplateOf(target)).Add("/metadata/annotations", annotations).Build();
    }

    private static IEnumerable<JsonProperty> Entries(JsonElement? map) => map is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    /// <summary>There is no revision of that number; which there are.</summary>
    internal static VerbRefusedException NoSuch(WorkloadReference workload, long number, IReadOnlyList<WorkloadRevision> revisions)
    {
        var there = revisions.Count == 0 ? "none is kept" : $"there {(revisions.Count == 1 ? "is only" : "are")} {string.Join(", ", revisions.Select(revision => revision.Number))}";
        return number == 0
            ? new("MeshRoll.RevisionNotFound", workload, $"{workload} has no revision before the one it has now, so there is nothing to undo to: {there}.")
            : new("MeshRoll.RevisionNotFound", workload, $"{workload} has no revision {number}: {there}.");
    }
}
