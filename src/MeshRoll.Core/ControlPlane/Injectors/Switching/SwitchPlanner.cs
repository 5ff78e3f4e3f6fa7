using MeshRoll.Core.ControlPlane.Injectors.Changes;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.ControlPlane.Injectors.Switching;

/// <summary>Sees which way a mesh is wired and plans a switch that way. Pure.</summary>
internal static class SwitchPlanner
{
    /// <summary>The plan.</summary>
    /// <exception cref="InjectorRefusedException">A rule does not hold, or it is not clear what is meant.</exception>
    public static InjectorPlan Plan(InjectorSurvey survey, SwitchRequest request, DateTimeOffset now)
    {
        // Whatever the way, the target comes first: a revision mistyped is not a question of wiring.
        if (TargetRules.Check(survey, request.To, now) is { } refusal) throw refusal.ToException();
        if (request.Namespaces.Count > 0) return ByNamespace(survey, request, now);

        var chosen = Choose(survey, request);
        if (chosen.Injector.Tag is { } tag)
        {
            return TagPlanner.Set(survey, tag, request.To, move: true, now) with
            {
                Way = SwitchWay.Tag,
                Reason = chosen.Reason,
                Undo = Previous(survey, chosen.Injector) is { } from ? [$"Switch-MeshInjector -To {from} -Tag {tag}"] : [],
                Remarks = Left(survey, chosen.Injector, request.To),
            };
        }
        return ByService(survey, chosen.Injector, request.To) with { Reason = chosen.Reason };
    }

    /// <summary>Which injector is meant, and why. The order is the rule.</summary>
    public static (InjectorWebhook Injector, string Reason) Choose(InjectorSurvey survey, SwitchRequest request)
    {
        if (request.Name is { } name)
        {
            return survey.Webhooks.FirstOrDefault(webhook => webhook.Name == name) is { } named ? (named, $"webhook {name} was named")
                : throw new InjectorRefusedException("MeshRoll.InjectorNotFound", $"There is no injector webhook {name} of Istio; those are {Names(survey)}.");
        }
        if (request.Tag is { } tag)
        {
            return TagPlanner.Find(survey, tag) is { } pointed ? (pointed, $"tag {tag} was named")
                : throw new InjectorRefusedException("MeshRoll.TagNotFound", $"There is no tag {tag}; {(survey.Tags.Count == 0 ? "there are none at all: Set-MeshRevisionTag makes one" : $"the tags are {TargetRules.InWords(survey.Tags)}")}.");
        }

        // A revision's own webhook serves those who named that revision; what many follow are tags and the default.
        List<InjectorWebhook> shared = [.. survey.Webhooks.Where(webhook => webhook.IsActive && (webhook.Tag is not null || webhook.Revision == IstioStatus.DefaultRevision))];
        List<InjectorWebhook> used = [.. shared.Where(webhook => survey.NamespacesOf(webhook).Count > 0)];
        switch (used)
        {
            case [var only]:
                return (only, only.Tag is { } used1
                    ? $"tag {used1} is what {TagPlanner.Served(survey.NamespacesOf(only))} follow{(survey.NamespacesOf(only).Count == 1 ? "s" : "")}"
                    : $"{TagPlanner.Served(survey.NamespacesOf(only))} {(survey.NamespacesOf(only).Count == 1 ? "follows" : "follow")} the default revision's webhook, which names the service to ask");
            case [_, ..]:
                throw new InjectorRefusedException("MeshRoll.InjectorAmbiguous", $"Several injectors are followed: {string.Join("; ", used.Select(webhook => $"{webhook.Name} by {TagPlanner.Served(survey.NamespacesOf(webhook))}"))}. Say which with -Name or -Tag, or name -Namespace.");
        }
        var labelled = survey.Webhooks.Where(webhook => webhook.IsActive && webhook.Tag is null).SelectMany(survey.NamespacesOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (labelled.Count > 0)
        {
            throw new InjectorRefusedException("MeshRoll.NamespaceNeeded", $"Here {TagPlanner.Served(labelled)} {(labelled.Count == 1 ? "names its revision itself, by its" : "name their revision themselves, by their")} label {IstioStatus.RevisionLabel}: "
                + $"say with -Namespace which to label with {request.To}.");
        }
        return shared.Count == 1 ? (shared[0], $"{shared[0].Name} is the only injector that namespaces can follow; none does yet")
            : throw new InjectorRefusedException("MeshRoll.NamespaceNeeded", $"No namespace asks for injection yet{(survey.Namespaces.Complete ? "" : ", as far as could be read")}: say with -Namespace which to label with {request.To}, or which injector is meant with -Name or -Tag ({Names(survey)}).");
    }

    private static InjectorPlan ByService(InjectorSurvey survey, InjectorWebhook webhook, string to)
    {
        if (!webhook.IsActive)
        {
            throw new InjectorRefusedException("MeshRoll.InjectorInactive", $"Webhook {webhook.Name} is switched off, because a tag has taken over: switch the tag ({TargetRules.InWords(survey.Tags)}) with -Tag, or remove it with Remove-MeshRevisionTag.");
        }
        var target = TargetRules.ClientConfig(survey, to)!;
        var from = Previous(survey, webhook);
        var step = ObjectChange.Update(Resources.MutatingWebhookConfigurations.Raw, webhook.Raw, json => WebhookEdits.PointAt(json, target)).For($"the webhook asks {to}");
        var namespaces = survey.NamespacesOf(webhook);
        var plan = new InjectorPlan
        {
            Way = SwitchWay.Service,
            Target = $"webhook {webhook.Name}",
            Action = $"ask service {(string?)target["service"]?["name"]} (revision {to}) instead of {webhook.Service?.Name ?? webhook.Entry.ClientConfig.Url} ({from ?? "unknown"})",
            From = from,
            To = to,
            Namespaces = namespaces,
            Steps = step.IsNothing ? [] : [step],
            Before = [(step.Resource, webhook.Raw)],
            Undo = from is null ? [] : [$"Switch-MeshInjector -To {from} -Name {webhook.Name}"],
            TrialNamespace = namespaces is [var first, ..] ? first : null,
            Remarks = [.. Rival(survey, webhook, to), .. Left(survey, webhook, to)],
        };
        return DoubleInjection.After(survey, plan.Steps) is { } refusal ? throw refusal.ToException() : plan;
    }

    private static InjectorPlan ByNamespace(InjectorSurvey survey, SwitchRequest request, DateTimeOffset now)
    {
        var namespaces = NamespacePlanner.Find(survey, request.Namespaces, onlyInjected: true);
        var plan = NamespacePlanner.Plan(survey, namespaces, new NamespaceWish.Revision(request.To), now);
        return plan with { Way = SwitchWay.Namespace, Reason = "-Namespace was given: the label of each namespace decides" };
    }

    // An istiod writes its own authority into all webhooks that are labelled with its revision.
    private static IEnumerable<string> Rival(InjectorSurvey survey, InjectorWebhook webhook, string to)
    {
        if (webhook.Revision == to || survey.IstiodOf(webhook.Revision) is not { Ready: not false } || TargetRules.ClientConfig(survey, webhook.Revision) is not { } own) yield break;
        if ((string?)own["caBundle"] != (string?)TargetRules.ClientConfig(survey, to)?["caBundle"])
        {
            yield return $"Webhook {webhook.Name} stays labelled {IstioStatus.RevisionLabel}={webhook.Revision}, whose istiod may write its own authority back, and that differs from the one of {to}: follow it with Get-MeshInjector, or use a tag (Set-MeshRevisionTag).";
        }
    }

    // Who does not come along.
    private static IReadOnlyList<string> Left(InjectorSurvey survey, InjectorWebhook switched, string to)
    {
        var left = survey.Webhooks.Where(webhook => webhook.Name != switched.Name && webhook.IsActive && (survey.RevisionAskedBy(webhook) ?? webhook.Revision) != to)
            .SelectMany(survey.NamespacesOf).Distinct(StringComparer.Ordinal).Except(survey.NamespacesOf(switched), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return left.Count == 0 ? [] : [$"{(left.Count == 1 ? "Namespace" : "Namespaces")} {string.Join(", ", left.Take(5))}{(left.Count > 5 ? $" and {left.Count - 5} more" : "")} {(left.Count == 1 ? "names" : "name")} another revision or tag and {(left.Count == 1 ? "stays" : "stay")} with it: -Namespace labels {(left.Count == 1 ? "it" : "them")}."];
    }

    private static string? Previous(InjectorSurvey survey, InjectorWebhook webhook) => survey.RevisionAskedBy(webhook);

    private static string Names(InjectorSurvey survey) => survey.Webhooks.Count == 0 ? "none at all" : TargetRules.InWords(survey.Webhooks.Select(webhook => webhook.Name));
}
