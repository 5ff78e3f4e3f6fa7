using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors.Changes;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors.Switching;

/// <summary>What it takes to label namespaces. Each is one write of two labels. Pure.</summary>
internal static class NamespacePlanner
{
    /// <summary>The namespaces meant.</summary>
    /// <param name="survey">What is there.</param>
    /// <param name="patterns">Names, with wildcards.</param>
    /// <param name="onlyInjected">Whether those without injection are none of it: a pattern leaves them out, a name is refused.</param>
    /// <exception cref="Kubernetes.MeshRollException">One does not exist, is the system's, or is not injected.</exception>
    public static IReadOnlyList<Namespace> Find(InjectorSurvey survey, IReadOnlyList<string> patterns, bool onlyInjected)
    {
        if (!survey.Namespaces.Complete)
            throw new InjectorRefusedException("MeshRoll.TargetUnknown", $"Namespaces cannot be read ({survey.Namespaces.Problem}): ask for the right to list namespaces.");
        List<Namespace> found = [];
        foreach (var pattern in patterns.Select(text => new NamePattern(text)))
        {
            if (pattern.Literal is { } name)
            {
                var named = survey.Namespaces.Find(name) ?? throw NotFoundException.Namespace(name, survey.Namespaces.Known.Keys);
                if (InjectionRules.SystemNamespaces.Contains(name)) throw new InjectorRefusedException("MeshRoll.NamespaceNotInjected", $"Istio never injects into the system namespace {name}: leave it out.");
                if (onlyInjected && !IsInjected(survey, named)) throw new InjectorRefusedException("MeshRoll.NamespaceNotInjected", $"Namespace {name} is not injected, so that there is nothing to switch: Set-MeshNamespaceRevision brings it into the mesh.");
                found.Add(named);
            }
            else
            {
                found.AddRange(survey.Namespaces.Known.Values.Where(candidate => pattern.IsMatch(candidate.Metadata.Name) && !InjectionRules.SystemNamespaces.Contains(candidate.Metadata.Name) && (!onlyInjected || IsInjected(survey, candidate))));
            }
        }
        return [.. found.DistinctBy(one => one.Metadata.Name).OrderBy(one => one.Metadata.Name, StringComparer.Ordinal)];
    }

    /// <summary>The plan.</summary>
    /// <exception cref="InjectorRefusedException">A rule does not hold.</exception>
    public static InjectorPlan Plan(InjectorSurvey survey, IReadOnlyList<Namespace> namespaces, NamespaceWish wish, DateTimeOffset now)
    {
        var to = Target(survey, wish, now);
        List<ObjectChange> steps = [.. namespaces.Select(home => ObjectChange.Update(Resources.Namespaces.Raw, Projected(home), json => Label(json, wish)).For($"its label names {Text(wish)}"))];
        var names = namespaces.Select(home => home.Metadata.Name).ToList();
        var plan = new InjectorPlan
        {
            Target = TagPlanner.Served(names),
            Action = wish is NamespaceWish.None ? "take the injection labels away" : $"label with {Text(wish)}{(to is null || Text(wish).EndsWith("=" + to, StringComparison.Ordinal) ? "" : $" (revision {to})")}",
            From = namespaces.Select(home => Now(survey, home.Metadata.Labels)).Distinct(StringComparer.Ordinal).ToList() is [var one] ? one : null,
            To = to,
            Namespaces = names,
            Steps = [.. steps.Where(step => !step.IsNothing)],
            Before = [.. steps.Where(step => !step.IsNothing).Select(step => (step.Resource, step.Live!))],
            Undo = Undo(survey, namespaces),
            TrialNamespace = to is not null && names is [var first, ..] ? first : null,
            Remarks = wish is NamespaceWish.None && namespaces.Any(home => IsInjected(survey, home)) ? ["New pods come without a sidecar from now on; those that run keep theirs until they are replaced."] : [],
        };
        if (DoubleInjection.After(survey, plan.Steps) is { } twice) throw twice.ToException();
        return plan;
    }

    /// <summary>The write that gives a namespace these two labels; null for none.</summary>
    public static ObjectChange WithLabels(Namespace home, string? injection, string? revision) => ObjectChange.Update(Resources.Namespaces.Raw, Projected(home), json =>
    {
        Label(json, new NamespaceWish.None());
        if (injection is not null) WebhookEdits.Label(json, InjectionRules.NamespaceLabel, injection);
        if (revision is not null) WebhookEdits.Label(json, IstioStatus.RevisionLabel, revision);
    });

    /// <summary>Sets or removes the two labels that decide.</summary>
    public static void Label(JsonObject json, NamespaceWish wish)
    {
        if (json["metadata"]!["labels"] is not JsonObject labels) json["metadata"]!["labels"] = labels = [];
        labels.Remove(InjectionRules.NamespaceLabel);
        labels.Remove(IstioStatus.RevisionLabel);
        switch (wish)
        {
            case NamespaceWish.Revision(var revision): labels[IstioStatus.RevisionLabel] = revision; break;
            case NamespaceWish.Tag(var tag): labels[IstioStatus.RevisionLabel] = tag; break;
            case NamespaceWish.Enabled: labels[InjectionRules.NamespaceLabel] = "enabled"; break;
        }
        if (labels.Count == 0) json["metadata"]!.AsObject().Remove("labels");
    }

    // Who would inject, checked as for any switch.
    private static string? Target(InjectorSurvey survey, NamespaceWish wish, DateTimeOffset now)
    {
        if (wish is NamespaceWish.None) return null;
        if (wish is NamespaceWish.Revision(var revision) && TargetRules.Check(survey, revision, now) is { } refused) throw refused.ToException();
        if (wish is NamespaceWish.Tag(var tag) && TagPlanner.Find(survey, tag) is null)
            throw new InjectorRefusedException("MeshRoll.TagNotFound", $"There is no tag {tag}; {(survey.Tags.Count == 0 ? "there are none at all: Set-MeshRevisionTag makes one" : $"the tags are {TargetRules.InWords(survey.Tags)}")}.");

        JsonObject probe = new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject() } };
        Label(probe, wish);
        var labels = RawObject.From(probe).Metadata.Labels;
        var serving = survey.Webhooks.FirstOrDefault(webhook => webhook.Matching(labels, InjectorSurvey.NoLabels).Any())
            ?? throw new InjectorRefusedException("MeshRoll.InjectorNotFound", $"No injector webhook serves {Text(wish)}, so that pods would come without a sidecar: restore it with Restore-MeshInjector, or make a tag with Set-MeshRevisionTag.");
        var to = survey.RevisionAskedBy(serving) ?? serving.Revision;
        if (wish is not NamespaceWish.Revision && TargetRules.Check(survey, to, now) is { } refusal) throw refusal.ToException();
        if (wish is NamespaceWish.Revision(var wanted) && to != wanted)
            throw new InjectorRefusedException("MeshRoll.InjectorNotFound", $"Namespaces labelled {Text(wish)} are served by {serving.Name}, which asks revision {to} and not {wanted}: point it back with Switch-MeshInjector -To {wanted} -Name {serving.Name}, or use a tag.");
        return to;
    }

    private static bool IsInjected(InjectorSurvey survey, Namespace home) => survey.Webhooks.Any(webhook => webhook.Matching(home.Metadata.Labels, InjectorSurvey.NoLabels).Any());

    private static string? Now(InjectorSurvey survey, IReadOnlyDictionary<string, string> labels) =>
        survey.Webhooks.FirstOrDefault(webhook => webhook.Matching(labels, InjectorSurvey.NoLabels).Any()) is { } serving ? survey.RevisionAskedBy(serving) ?? serving.Revision : null;

    private static string Text(NamespaceWish wish) => wish switch
    {
        NamespaceWish.Revision(var revision) => $"{IstioStatus.RevisionLabel}={revision}",
        NamespaceWish.Tag(var tag) => $"{IstioStatus.RevisionLabel}={tag}",
        NamespaceWish.Enabled => $"{InjectionRules.NamespaceLabel}=enabled",
        _ => "nothing",
    };

    // What cannot be said in a command's words, such as istio-injection=disabled, comes back from the backup.
    private static IReadOnlyList<string> Undo(InjectorSurvey survey, IReadOnlyList<Namespace> namespaces)
    {
        var ways = namespaces.GroupBy(home => Back(survey, home.Metadata.Labels) ?? "", home => home.Metadata.Name, StringComparer.Ordinal).ToList();
        return ways.Exists(way => way.Key.Length == 0) ? [] : [.. ways.Select(way => $"Set-MeshNamespaceRevision -Namespace {string.Join(", ", way)} {way.Key}")];
    }

    private static string? Back(InjectorSurvey survey, IReadOnlyDictionary<string, string> labels) =>
        (labels.GetValueOrDefault(InjectionRules.NamespaceLabel), labels.GetValueOrDefault(IstioStatus.RevisionLabel)) switch
        {
            ("enabled", null) => "-Default",
            (null, null) => "-Remove",
            (null, { Length: > 0 } tag) when survey.Tags.Contains(tag) => $"-Tag {tag}",
            (null, { Length: > 0 } revision) => $"-Revision {revision}",
            _ => null,
        };

    // Only labels are looked at and patched; the model has all of them.
    private static RawObject Projected(Namespace home)
    {
        JsonObject metadata = new() { ["name"] = home.Metadata.Name, ["resourceVersion"] = home.Metadata.ResourceVersion, ["uid"] = home.Metadata.Uid };
        if (home.Metadata.Labels.Count > 0) metadata["labels"] = new JsonObject(home.Metadata.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        return RawObject.From(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = metadata });
    }
}
