using MeshRoll.Core.ControlPlane.Injectors.Switching;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>What is to be said of an injector. Pure.</summary>
internal static class InjectorRules
{
    /// <summary>Describes one.</summary>
    public static MeshInjector Describe(InjectorSurvey survey, InjectorWebhook webhook, string cluster, DateTimeOffset now)
    {
        var asked = survey.AskedBy(webhook);
        var revision = survey.RevisionAskedBy(webhook);
        var bundle = CaBundles.StateOf(webhook.CaBundle, OwnBundle(survey, webhook, revision), now);
        var injector = new MeshInjector
        {
            Cluster = cluster,
            Name = webhook.Name,
            Kind = webhook.Tag is null ? MeshInjectorKind.Revision : MeshInjectorKind.Tag,
            Tag = webhook.Tag,
            Revision = webhook.Revision,
            Service = webhook.Service?.Name,
            ServiceNamespace = webhook.Service?.Namespace,
            Url = webhook.Entry.ClientConfig.Url,
            AsksRevision = revision,
            Ready = asked?.Ready,
            Endpoints = asked?.IsExternal == true ? null : asked?.Endpoints,
            Active = webhook.IsActive,
            FailurePolicy = string.Join(", ", webhook.Model.Webhooks.Select(entry => entry.FailurePolicy).Where(policy => policy.Length > 0).Distinct(StringComparer.Ordinal)),
            Webhooks = [.. webhook.Model.Webhooks.Select(entry => entry.Name)],
            Namespaces = survey.Namespaces.Complete ? survey.NamespacesOf(webhook) : null,
            CaBundle = bundle,
        };
        var (health, reason) = Judge(injector, asked, webhook);
        return injector with { Health = health, Reason = reason };
    }

    // The authority to compare with; null where the webhook is that very one.
    private static string? OwnBundle(InjectorSurvey survey, InjectorWebhook webhook, string? revision) =>
        revision is not null && survey.OwnWebhooks(revision) is [var own] && own.Name != webhook.Name && survey.RevisionAskedBy(own) == revision && own.CaBundle.Length > 0 ? own.CaBundle : null;

    private static (InjectorHealth Health, string Reason) Judge(MeshInjector injector, IstiodFacts? asked, InjectorWebhook webhook)
    {
        if (!injector.Active) return (InjectorHealth.Inactive, "switched off: its selectors match nothing");
        var service = $"service {injector.Service} in {injector.ServiceNamespace}";
        var effect = injector.FailurePolicy.Contains("Fail", StringComparison.Ordinal) ? "no pod that it matches can be created" : "pods that it matches come without sidecar";
        if (asked?.Exists == false) return (InjectorHealth.Broken, $"{service} does not exist: {effect}");
        if (asked?.Ready == false) return (InjectorHealth.Broken, $"nobody stands ready behind {service}{(asked.PodsInWords is { Length: > 0 } pods ? $" ({pods})" : "")}: {effect}");
        if (asked is { Exists: true, IsExternal: false, Ports.Count: > 0 } && !asked.Ports.Contains(webhook.Service?.Port ?? 443))
            return (InjectorHealth.Broken, $"{service} has no port {webhook.Service?.Port ?? 443}: {effect}");
        switch (injector.CaBundle)
        {
            case CaBundleState.Unreadable: return (InjectorHealth.Broken, $"its caBundle holds no certificate: {effect}");
            case CaBundleState.Expired: return (InjectorHealth.Broken, $"the authority in its caBundle has expired: {effect}");
            case CaBundleState.Differs: return (InjectorHealth.Broken, $"its caBundle is not that of revision {injector.AsksRevision}'s own webhook, so that istiod's certificate may be refused: {effect}");
            case CaBundleState.Missing when asked is not null: return (InjectorHealth.Degraded, "it has no caBundle: only the API server's own authorities are trusted");
        }
        if (asked is null) return (InjectorHealth.Unknown, $"it calls {injector.Url}, which cannot be looked into");
        if (asked.Ready is null) return (InjectorHealth.Unknown, asked.IsExternal ? $"{service} points outside of the cluster" : $"whether istiod is ready is unknown ({asked.Problem})");
        if (webhook.CaBundles.Distinct(StringComparer.Ordinal).Skip(1).Any()) return (InjectorHealth.Degraded, "its webhooks trust different authorities");
        if (WebhookEdits.Yields(webhook.Model))
            return (InjectorHealth.Degraded, "a change of the tag default was interrupted: Set-MeshRevisionTag finishes it, Remove-MeshRevisionTag -Tag default takes it back; pods are injected once all the same");
        if (injector.AsksRevision is { } other && other != injector.Revision) return (InjectorHealth.Healthy, $"labelled {injector.Revision}, but asks {other}");
        return (InjectorHealth.Healthy, injector.Tag is null ? "" : $"tag {injector.Tag} is revision {injector.Revision}");
    }
}
