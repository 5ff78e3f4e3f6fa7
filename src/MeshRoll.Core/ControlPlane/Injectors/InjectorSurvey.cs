using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>All that decides who injects whom, read once: Istio's injector webhooks, the services they ask, namespaces. Immutable; rules work on it.</summary>
internal sealed record InjectorSurvey
{
    /// <summary>Istio's injector webhooks, by name.</summary>
    public IReadOnlyList<InjectorWebhook> Webhooks { get; init; } = [];

    /// <summary>Istio's validating webhooks, which istiod keeps supplied with its own authority; null when they could not be read.</summary>
    public IReadOnlyList<RawObject>? Validators { get; init; }

    /// <summary>The namespaces of the cluster.</summary>
    public NamespaceFacts Namespaces { get; init; } = new();

    /// <summary>The services of istiods.</summary>
    public IReadOnlyList<IstiodFacts> Istiods { get; init; } = [];

    /// <summary>What could not be read and what follows from it.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The revisions there are: those with a webhook of their own or an istiod, in order.</summary>
    public IReadOnlyList<string> Revisions =>
    [
        .. Webhooks.Where(webhook => webhook.Tag is null).Select(webhook => webhook.Revision)
            .Concat(Istiods.Where(istiod => istiod.Exists == true).Select(istiod => istiod.Revision).OfType<string>())
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The tags there are, in order.</summary>
    public IReadOnlyList<string> Tags => [.. Webhooks.Select(webhook => webhook.Tag).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The webhook that belongs to a revision itself: labelled with it and no tag, as <c>istioctl tag set</c> looks for it.</summary>
    public IReadOnlyList<InjectorWebhook> OwnWebhooks(string revision) => [.. Webhooks.Where(webhook => webhook.Tag is null && webhook.Revision == revision)];

    /// <summary>The service that a webhook asks; null when it calls an address.</summary>
    public IstiodFacts? AskedBy(InjectorWebhook webhook) =>
        webhook.Service is not { } service ? null : Istiods.FirstOrDefault(istiod => istiod.Namespace == service.Namespace && istiod.Service == service.Name);

    /// <summary>The revision that a webhook really asks; null when nothing tells.</summary>
    public string? RevisionAskedBy(InjectorWebhook webhook) =>
        webhook.Service is not { } service ? null : AskedBy(webhook)?.Revision ?? IstiodFacts.RevisionOf(service.Name);

    /// <summary>The version of a revision's istiod, by its image; null when that could not be read.</summary>
    public string? VersionOf(string revision)
    {
        foreach (var deployment in Istiods.Where(istiod => istiod.Revision == revision).SelectMany(istiod => istiod.Deployments ?? []))
        {
            var containers = deployment.Spec.Template.Spec.Containers;
            if ((containers.FirstOrDefault(container => container.Name == "discovery") ?? (containers is [var first, ..] ? first : null)) is { } discovery) return ImageReference.Parse(discovery.Image).Version;
        }
        return null;
    }

    /// <summary>The service of a revision's istiod; null when none was found.</summary>
    public IstiodFacts? IstiodOf(string revision) =>
        Istiods.FirstOrDefault(istiod => istiod.Revision == revision && istiod.Service == IstiodFacts.ServiceFor(revision)) ?? Istiods.FirstOrDefault(istiod => istiod.Revision == revision);

    /// <summary>Namespaces in which a pod that asks for nothing would be injected by a webhook.</summary>
    public IReadOnlyList<string> NamespacesOf(InjectorWebhook webhook) =>
    [
        .. Namespaces.Known.Values
            .Where(@namespace => !InjectionRules.SystemNamespaces.Contains(@namespace.Metadata.Name) && webhook.Matching(@namespace.Metadata.Labels, NoLabels).Any())
            .Select(@namespace => @namespace.Metadata.Name).Order(StringComparer.Ordinal),
    ];

    /// <summary>A pod that asks for nothing.</summary>
    public static IReadOnlyDictionary<string, string> NoLabels { get; } = new Dictionary<string, string>();

}
