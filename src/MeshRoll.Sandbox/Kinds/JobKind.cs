using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>Jobs (batch/v1).</summary>
internal static class JobKind
{
    private const string ControllerUid = "batch.kubernetes.io/controller-uid";
    private const string JobName = "batch.kubernetes.io/job-name";
    private const string OldControllerUid = "controller-uid";
    private const string OldJobName = "job-name";

    /// <summary>Fills a Job in. Its pods are known by its uid unless it says otherwise.</summary>
    public static void Default(JsonObject job)
    {
        var spec = job.Object("spec");
        PodSpecDefaults.FillTemplate(job);
        if (spec["completions"] is null && spec["parallelism"] is null) spec["completions"] = 1;
        spec.Fill("parallelism", 1);
        spec.Fill("backoffLimit", 6);
        spec.Fill("completionMode", "NonIndexed");
        spec.Fill("suspend", false);
        if (job.At("metadata", "labels") is null && spec.At("template", "metadata", "labels") is JsonObject { Count: > 0 } labels) job.Object("metadata")["labels"] = labels.DeepClone();
        if (!spec.Flag("manualSelector") && spec["selector"] is null) ChooseByUid(job, spec);
    }

    /// <summary>What is wrong with a Job.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject job, JsonObject? before)
    {
        var spec = job["spec"];
        foreach (var error in Negative(spec, "spec", "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished")) yield return error;
        foreach (var error in OneOf(spec, "spec", "completionMode", "NonIndexed", "Indexed")) yield return error;
        if (spec.Text("completionMode") == "Indexed" && spec.At("completions") is null) yield return Required("spec.completions", "when completion mode is Indexed");
        foreach (var error in SelectorRules.CheckSyntax(spec.At("selector"), "spec.selector")) yield return error;
        foreach (var error in PodSpecRules.CheckTemplate(job, "OnFailure", "Never")) yield return error;
        if (before is null) yield break;

        var old = before["spec"];
        foreach (var field in (string[])["completions", "selector", "template", "completionMode"])
        {
            if (JsonNode.DeepEquals(old.At(field), spec.At(field))) continue;
            if (field == "template" && MayChangeTemplate(before) && JsonNode.DeepEquals(WithoutScheduling(old.At(field)), WithoutScheduling(spec.At(field)))) continue;
            yield return Invalid($"spec.{field}", spec.At(field)?.ToJsonString() ?? "null", Immutable);
        }
    }

    private static void ChooseByUid(JsonObject job, JsonObject spec)
    {
        var (uid, name) = (job.Text("metadata", "uid") ?? "", job.Text("metadata", "name") ?? "");
        var labels = spec.Object("template", "metadata", "labels");
        labels[ControllerUid] = uid;
        labels[JobName] = name;
        labels[OldControllerUid] = uid;
        labels[OldJobName] = name;
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [ControllerUid] = uid } };
    }

    // Whoever decides where jobs run may do so while they are suspended and have not begun.
    private static bool MayChangeTemplate(JsonObject job) => job.Flag("spec", "suspend") && job.Text("status", "startTime") is null;

    private static JsonNode? WithoutScheduling(JsonNode? template)
    {
        if (template?.DeepClone() is not JsonObject copy) return template;
        var spec = copy.Object("spec");
        foreach (var field in (string[])["nodeSelector", "tolerations", "affinity", "schedulingGates"]) spec.Remove(field);
        copy.Remove("metadata");
        return copy;
    }
}
