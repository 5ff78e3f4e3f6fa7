using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors.Changes;
using MeshRoll.Core.ControlPlane.Injectors.Switching;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors.Backup;

/// <summary>What it takes to bring a backup back, as far as that is safe now. Pure.</summary>
internal static class RestorePlanner
{
    /// <summary>The plan.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="survey">What is there now.</param>
    /// <param name="identity">The cluster.</param>
    /// <param name="force">Whether a backup of another cluster is taken.</param>
    /// <param name="now">The time by which certificates expire.</param>
    /// <exception cref="InjectorRefusedException">A rule does not hold.</exception>
    public static InjectorPlan Plan(BackupFile file, InjectorSurvey survey, ClusterIdentity identity, bool force, DateTimeOffset now)
    {
        if ((force ? null : OfThisCluster(file, identity)) is { } foreign) throw foreign.ToException();
        List<string> remarks = [];
        List<ObjectChange> steps = [.. file.Entries.Select(entry => Step(file, entry, survey, now, remarks)).OfType<ObjectChange>()];
        steps = [.. InOrder(survey, [.. steps.Where(step => !step.IsNothing)])];
        var webhooks = file.Entries.Where(entry => entry.Resource.Kind == "MutatingWebhookConfiguration").Select(entry => InjectorWebhook.From(RawObject.From(entry.Json))!).ToList();
        var namespaces = webhooks.SelectMany(survey.NamespacesOf).Concat(file.Entries.Where(entry => entry.Resource.Kind == "Namespace").Select(entry => entry.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var to = webhooks.Where(webhook => webhook.IsActive).Select(survey.RevisionAskedBy).Distinct(StringComparer.Ordinal).ToList() is [{ } one] ? one : null;
        var plan = new InjectorPlan
        {
            Target = file.Entries.Count > 2 ? $"{file.Entries.Count} objects" : string.Join(", ", file.Entries.Select(entry => entry.Resource.Kind == "Namespace" ? $"namespace {entry.Name}" : $"webhook {entry.Name}")),
            Action = $"restore as in {file.Path}",
            To = to,
            Namespaces = namespaces,
            Steps = steps,
            Before = [.. TagPlanner.Touched(steps)],
            // One that was gone is made: there is nothing to be restored, and taking it away again is no one's wish but by name.
            Undo = steps is [{ Live: null, Desired: { } made }] && (string?)made["metadata"]?["labels"]?[RevisionTags.TagLabel] is { Length: > 0 } tag ? [$"Remove-MeshRevisionTag -Tag {tag}"] : [],
            TrialNamespace = to is not null && webhooks.SelectMany(survey.NamespacesOf).Order(StringComparer.Ordinal).FirstOrDefault() is { } first ? first : null,
            Remarks = remarks,
        };
        return DoubleInjection.After(survey, plan.Steps) is { } refusal ? throw refusal.ToException() : plan;
    }

    /// <summary>A backup belongs to the cluster it was taken from.</summary>
    public static InjectorRefusal? OfThisCluster(BackupFile file, ClusterIdentity identity) => identity.IsSameAs(file.Server, file.Uid) switch
    {
        true => null,
        false => new("MeshRoll.BackupForeignCluster", $"{file.Path}, line 1: this is a backup of another cluster ({(file.Cluster.Length > 0 ? file.Cluster : file.Server)}, {file.Server}), not of {identity.Name} ({identity.Server}). Connect to that one, or add -Force if you mean it."),
        null => new("MeshRoll.BackupForeignCluster", $"{file.Path}, line 1: the file does not say which cluster it is of. Make sure that it is of {identity.Name}, and add -Force."),
    };

    /// <summary>The Istio that is asked is at least the one the backup was taken with.</summary>
    public static InjectorRefusal? NotNewer(BackupFile file, BackupEntry entry, string revision, InjectorSurvey survey)
    {
        if (file.Versions.GetValueOrDefault(revision) is not { } then || survey.VersionOf(revision) is not { } now || !VersionOrder.IsNewer(then, now)) return null;
        return new("MeshRoll.BackupNewerIstio", $"{file.Path}, line {entry.Line}: {entry.Name} was backed up with Istio {then} as revision {revision}, which is {now} now: a newer webhook may ask what an older istiod does not answer. "
            + $"Install {then} first, or take another backup.");
    }

    // What injects comes first, what is switched off last; until then the latter leaves alone what the former has injected.
    private static IEnumerable<ObjectChange> InOrder(InjectorSurvey survey, IReadOnlyList<ObjectChange> steps)
    {
        var ending = steps.Where(step => step.Resource.Kind == "MutatingWebhookConfiguration" && step.Live is not null && InjectorWebhook.From(RawObject.From(step.Desired!)) is { IsActive: false }).ToList();
        var yielding = survey.Webhooks.Where(webhook => webhook.IsActive && ending.Exists(step => step.Name == webhook.Name))
            .Select(webhook => ObjectChange.Update(Resources.MutatingWebhookConfigurations.Raw, webhook.Raw, WebhookEdits.YieldToOthers).For("until it is switched off it leaves alone what others have injected"));
        return [.. yielding, .. steps.Except(ending), .. ending];
    }

    private static ObjectChange? Step(BackupFile file, BackupEntry entry, InjectorSurvey survey, DateTimeOffset now, List<string> remarks) => entry.Resource.Kind switch
    {
        "Namespace" => Namespace(file, entry, survey),
        "ValidatingWebhookConfiguration" => Validator(file, entry, survey),
        _ => Injector(file, entry, survey, now, remarks),
    };

    private static ObjectChange Injector(BackupFile file, BackupEntry entry, InjectorSurvey survey, DateTimeOffset now, List<string> remarks)
    {
        var webhook = InjectorWebhook.From(RawObject.From(entry.Json))!;
        var revision = survey.RevisionAskedBy(webhook) ?? webhook.Revision;
        var refusal = TargetRules.Exists(survey, revision) ?? TargetRules.IsReady(survey, revision) ?? TargetRules.HasEndpoints(survey, revision) ?? NotNewer(file, entry, revision, survey);
        if (webhook.IsActive && refusal is not null) throw (refusal with { Message = refusal.Message.StartsWith(file.Path, StringComparison.Ordinal) ? refusal.Message : $"{file.Path}, line {entry.Line}: {refusal.Message}" }).ToException();

        var desired = entry.Json.DeepClone().AsObject();
        if (TargetRules.HasAuthority(survey, revision, now) is null)
        {
            var bundle = TargetRules.ClientConfig(survey, revision)!["caBundle"];
            foreach (var item in WebhookEdits.Entries(desired)) item["clientConfig"]!["caBundle"] = bundle?.DeepClone();
        }
        else
        {
            if (CaBundles.StateOf(webhook.CaBundle, null, now) is not CaBundleState.Valid)
                throw new InjectorRefusedException("MeshRoll.CaBundleNotFound", $"{file.Path}, line {entry.Line}: neither the file nor a webhook of revision {revision} in the cluster has an authority (caBundle) that is of use. Have istiod write it anew by restarting it, and repeat.");
            remarks.Add($"The authority (caBundle) of {entry.Name} comes from the file, because no webhook of revision {revision} in the cluster carries one.");
        }
        var resource = Resources.MutatingWebhookConfigurations.Raw;
        var live = survey.Webhooks.FirstOrDefault(one => one.Name == entry.Name);
        return (live is null ? ObjectChange.Create(resource, desired) : ObjectChange.Update(resource, live.Raw, json => Replace(json, desired))).For($"as it was, asking revision {revision}");
    }

    // istiod keeps its authority up to date by itself; only whom it asks is brought back.
    private static ObjectChange? Validator(BackupFile file, BackupEntry entry, InjectorSurvey survey)
    {
        if (survey.Validators is null)
            throw new InjectorRefusedException("MeshRoll.TargetUnknown", $"{file.Path}, line {entry.Line}: validating webhooks cannot be read, so that {entry.Name} cannot be restored: ask for the right to list validatingwebhookconfigurations.");
        var live = survey.Validators.FirstOrDefault(validator => validator.Metadata.Name == entry.Name);
        var desired = entry.Json.DeepClone().AsObject();
        var service = (string?)desired["webhooks"]?[0]?["clientConfig"]?["service"]?["name"] ?? "";
        if (IstiodFacts.RevisionOf(service) is { } revision && TargetRules.ClientConfig(survey, revision)?["caBundle"] is { } bundle)
        {
            foreach (var item in desired["webhooks"]!.AsArray().OfType<JsonObject>()) item["clientConfig"]!["caBundle"] = bundle.DeepClone();
        }
        return (live is null ? ObjectChange.Create(Resources.ValidatingWebhookConfigurations, desired) : ObjectChange.Update(Resources.ValidatingWebhookConfigurations, live, json => Replace(json, desired))).For("as it was");
    }

    private static ObjectChange Namespace(BackupFile file, BackupEntry entry, InjectorSurvey survey)
    {
        var home = survey.Namespaces.Find(entry.Name)
            ?? throw new InjectorRefusedException("MeshRoll.NamespaceNotFound", $"{file.Path}, line {entry.Line}: there is no namespace {entry.Name} any more. Take it out of this file, or make it again.");
        var labels = entry.Json["metadata"]?["labels"] as JsonObject;
        return NamespacePlanner.WithLabels(home, (string?)labels?[InjectionRules.NamespaceLabel], (string?)labels?[IstioStatus.RevisionLabel]).For("its labels as they were");
    }

    private static void Replace(JsonObject json, JsonObject desired)
    {
        foreach (var part in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            if (desired["metadata"]?[part] is { } map) json["metadata"]![part] = map.DeepClone();
            else json["metadata"]!.AsObject().Remove(part);
        }
        foreach (var (name, value) in desired)
        {
            if (name is not ("metadata" or "apiVersion" or "kind")) json[name] = value?.DeepClone();
        }
    }
}
