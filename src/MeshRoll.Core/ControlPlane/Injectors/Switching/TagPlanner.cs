using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshRoll.Core.ControlPlane.Injectors.Backup;
using MeshRoll.Core.ControlPlane.Injectors.Changes;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors.Switching;

/// <summary>What it takes to make, move or remove a tag. Pure.</summary>
internal static partial class TagPlanner
{
    /// <summary>The validating webhook of whichever revision is the default one.</summary>
    public const string DefaultValidator = "istiod-default-validator";

    private static Resource<RawObject> Webhooks => Resources.MutatingWebhookConfigurations.Raw;

    /// <summary>Makes a tag, or moves it.</summary>
    /// <exception cref="InjectorRefusedException">A rule does not hold.</exception>
    public static InjectorPlan Set(InjectorSurvey survey, string tag, string revision, bool move, DateTimeOffset now)
    {
        if ((Name(survey, tag) ?? TargetRules.Check(survey, revision, now)) is { } refusal) throw refusal.ToException();
        var target = TargetRules.ClientConfig(survey, revision)!;
        var existing = Find(survey, tag);
        var from = existing is null ? null : survey.RevisionAskedBy(existing) ?? existing.Revision;
        if (existing is not null && from != revision && !move)
        {
            throw new InjectorRefusedException("MeshRoll.TagExists", $"Tag {tag} is there already and points at revision {from}, for {Served(survey.NamespacesOf(existing))}: add -Force to move it to {revision}.");
        }

        List<ObjectChange> steps = [];
        var old = tag == IstioStatus.DefaultRevision ? survey.OwnWebhooks(IstioStatus.DefaultRevision).Where(webhook => webhook.IsActive).ToList() : [];
        foreach (var webhook in old)
            steps.Add(ObjectChange.Update(Webhooks, webhook.Raw, WebhookEdits.YieldToOthers).For("from now on it leaves alone what the tag's webhook, called before it, has injected"));
        steps.Add(Point(survey, existing, tag, revision, target));
        foreach (var webhook in old)
            steps.Add(ObjectChange.Update(Webhooks, webhook.Raw, WebhookEdits.SwitchOff).For("the default revision's own webhook is switched off: the tag has taken over"));
        if (tag == IstioStatus.DefaultRevision && Validator(survey, revision, target) is { } validator) steps.Add(validator);

        var namespaces = Union(existing is null ? [] : survey.NamespacesOf(existing), old.SelectMany(survey.NamespacesOf));
        var plan = new InjectorPlan
        {
            Target = $"tag {tag}",
            Action = existing is null ? $"make it, for revision {revision}" : $"point it at revision {revision} instead of {from}",
            From = from ?? (old.Count > 0 ? survey.RevisionAskedBy(old[0]) : null),
            To = revision,
            Namespaces = namespaces,
            Steps = [.. steps.Where(step => !step.IsNothing)],
            Before = [.. Touched(steps)],
            Undo = [from is null ? $"Remove-MeshRevisionTag -Tag {tag}" : $"Set-MeshRevisionTag -Tag {tag} -Revision {from} -Force"],
            TrialNamespace = namespaces is [var first, ..] ? first : null,
        };
        return Checked(survey, plan);
    }

    /// <summary>Removes a tag. For the tag <c>default</c> the default revision's own webhook, where it is still there, takes over again.</summary>
    /// <exception cref="InjectorRefusedException">A rule does not hold.</exception>
    public static InjectorPlan Remove(InjectorSurvey survey, string tag, bool force, DateTimeOffset now)
    {
        var existing = Find(survey, tag);
        var heir = tag == IstioStatus.DefaultRevision && survey.OwnWebhooks(IstioStatus.DefaultRevision) is [var own] && TargetRules.Check(survey, IstioStatus.DefaultRevision, now) is null ? own : null;
        if (existing is null && (heir is null || !WebhookEdits.Yields(heir.Model)) && !IsLeftBehind(survey, heir))
            throw new InjectorRefusedException("MeshRoll.TagNotFound", $"There is no tag {tag}; {(survey.Tags.Count == 0 ? "there are none at all" : $"the tags are {TargetRules.InWords(survey.Tags)}")}.");

        var namespaces = survey.NamespacesOf(existing ?? heir!);
        if (heir is null && namespaces.Count > 0 && !force)
        {
            throw new InjectorRefusedException("MeshRoll.TagInUse", $"Tag {tag} still serves {Served(namespaces)}, whose new pods would come without a sidecar: "
                + "point them elsewhere with Set-MeshNamespaceRevision, or add -Force.");
        }
        if (!survey.Namespaces.Complete && !force)
            throw new InjectorRefusedException("MeshRoll.TagInUse", $"Whether namespaces still use tag {tag} cannot be read ({survey.Namespaces.Problem}): ask for the right to list namespaces, or add -Force.");

        List<ObjectChange> steps = [.. Removal(survey, existing, heir)];
        var from = existing is null ? null : survey.RevisionAskedBy(existing) ?? existing.Revision;
        var plan = new InjectorPlan
        {
            Target = $"tag {tag}",
            Action = heir is null ? "remove it" : "remove it, and switch the default revision's own webhook on again",
            From = from,
            To = heir is null ? null : survey.RevisionAskedBy(heir) ?? IstioStatus.DefaultRevision,
            Namespaces = namespaces,
            Steps = [.. steps.Where(step => !step.IsNothing)],
            Before = [.. Touched(steps)],
            Undo = from is null ? [] : [$"Set-MeshRevisionTag -Tag {tag} -Revision {from}"],
            TrialNamespace = heir is not null && namespaces is [var first, ..] ? first : null,
            Remarks = heir is null && namespaces.Count > 0 ? [$"New pods of {Served(namespaces)} come without a sidecar from now on."] : [],
        };
        return Checked(survey, plan);
    }

    /// <summary>The webhook of a tag; null when there is none.</summary>
    public static InjectorWebhook? Find(InjectorSurvey survey, string tag) => survey.Webhooks.FirstOrDefault(webhook => webhook.Tag == tag);

    // Without the tag's webhook: what a removal that was killed has left to do.
    private static IEnumerable<ObjectChange> Removal(InjectorSurvey survey, InjectorWebhook? existing, InjectorWebhook? heir)
    {
        if (heir is not null && existing is not null)
        {
            yield return ObjectChange.Update(Webhooks, heir.Raw, json =>
            {
                WebhookEdits.SwitchOn(json, IstioStatus.DefaultRevision);
                WebhookEdits.YieldToOthers(json);
            }).For("the default revision's own webhook is on again, and leaves alone what the tag's webhook, called before it, has injected");
        }
        if (existing is not null) yield return ObjectChange.Delete(Webhooks, existing.Raw).For("the tag is gone");
        if (heir is null) yield break;
        yield return ObjectChange.Update(Webhooks, heir.Raw, json =>
        {
            WebhookEdits.SwitchOn(json, IstioStatus.DefaultRevision);
            foreach (var entry in WebhookEdits.Entries(json)) WebhookEdits.StopYielding(entry);
        }).For("it injects by itself again");
        if (Validator(survey, IstioStatus.DefaultRevision, TargetRules.ClientConfig(survey, IstioStatus.DefaultRevision)!) is { } validator) yield return validator;
    }

    // The last write of a removal is the validator's.
    private static bool IsLeftBehind(InjectorSurvey survey, InjectorWebhook? heir) => heir is not null
        && survey.Validators?.FirstOrDefault(validator => validator.Metadata.Name == DefaultValidator) is { } found
        && found.Metadata.Labels.GetValueOrDefault(IstioStatus.RevisionLabel) is { } revision && revision != IstioStatus.DefaultRevision;

    private static InjectorRefusal? Name(InjectorSurvey survey, string tag)
    {
        if (!NameShape().IsMatch(tag)) return new("MeshRoll.TagInvalid", $"\"{tag}\" cannot be a tag's name: it takes small letters, digits and dashes, a letter or digit at both ends, at most 63 of them.");
        return tag != IstioStatus.DefaultRevision && survey.OwnWebhooks(tag).Count > 0
            ? new("MeshRoll.TagInvalid", $"{tag} is the name of a revision, so that its webhook and the tag's would both inject: choose another name.") : null;
    }

    private static ObjectChange Point(InjectorSurvey survey, InjectorWebhook? existing, string tag, string revision, JsonObject target)
    {
        if (existing is not null)
        {
            return ObjectChange.Update(Webhooks, existing.Raw, json =>
            {
                WebhookEdits.PointAt(json, target);
                WebhookEdits.Label(json, IstioStatus.RevisionLabel, revision);
            }).For($"the tag asks revision {revision}");
        }
        if (survey.OwnWebhooks(revision) is not [var own])
        {
            throw new InjectorRefusedException("MeshRoll.InjectorNotFound", $"Revision {revision} has no webhook of its own ({InjectorWebhook.NameFor(revision, TargetRules.IstiodOf(survey, revision)!.Namespace)}) "
                + "that the tag could be made from: restore it with Restore-MeshInjector, or install the revision anew.");
        }
        var automatic = survey.OwnWebhooks(IstioStatus.DefaultRevision).Concat(survey.OwnWebhooks(revision)).Any(webhook => webhook.Model.Webhooks.Any(entry => entry.Name.StartsWith("auto.", StringComparison.Ordinal)));
        var name = InjectorWebhook.NameForTag(tag, own.IstiodNamespace);
        return ObjectChange.Create(Webhooks, WebhookEdits.ForTag(BackupObject.Clean(own.Raw, Webhooks), name, tag, revision, target, automatic)).For($"the tag is there, and asks revision {revision}");
    }

    // It concerns Istio's own kinds that name no revision; who has none is told nothing new by it.
    private static ObjectChange? Validator(InjectorSurvey survey, string revision, JsonObject target) =>
        survey.Validators?.FirstOrDefault(validator => validator.Metadata.Name == DefaultValidator) is not { } validator ? null
        : ObjectChange.Update(Resources.ValidatingWebhookConfigurations, validator, json =>
        {
            foreach (var entry in (json["webhooks"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (entry["clientConfig"]?["service"] is not JsonObject service || target["service"] is not JsonObject asked) continue;
                service["name"] = asked["name"]?.DeepClone();
                service["namespace"] = asked["namespace"]?.DeepClone();
                entry["clientConfig"]!["caBundle"] = target["caBundle"]?.DeepClone();
            }
            WebhookEdits.Label(json, IstioStatus.RevisionLabel, revision);
        }).For($"Istio's own objects that name no revision are checked by revision {revision}");

    private static InjectorPlan Checked(InjectorSurvey survey, InjectorPlan plan) => DoubleInjection.After(survey, plan.Steps) is { } refusal ? throw refusal.ToException() : plan;

    internal static IEnumerable<(Resource<RawObject> Resource, RawObject Object)> Touched(IEnumerable<ObjectChange> steps) =>
        steps.Where(step => step.Live is not null).Select(step => (step.Resource, step.Live!)).DistinctBy(touched => (touched.Resource.Kind, touched.Item2.Metadata.Name));

    internal static string Served(IReadOnlyList<string> namespaces) => namespaces.Count switch
    {
        0 => "no namespace",
        1 => $"namespace {namespaces[0]}",
        <= 5 => $"namespaces {string.Join(", ", namespaces)}",
        _ => $"{namespaces.Count} namespaces ({string.Join(", ", namespaces.Take(5))}, ...)",
    };

    private static IReadOnlyList<string> Union(IEnumerable<string> first, IEnumerable<string> second) => [.. first.Union(second, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex NameShape();
}
