using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>What a revision or tag stands for.</summary>
/// <param name="Revision">The revision whose istiod is asked; null when no injector webhook serves the name, so that nothing is injected.</param>
/// <param name="IstiodNamespace">Where that istiod is; empty when unknown.</param>
/// <param name="Remark">How the name leads there, in words; empty when it is the revision's own name.</param>
public sealed record ResolvedRevision(string? Revision, string IstiodNamespace, string Remark);

/// <summary>
/// The revisions and tags of Istio, from its injector webhooks. Sources: Istio documentation, "Canary Upgrades" and "Stable revision labels";
/// for a webhook pointed at another istiod by hand, the service that it names decides, because that is who is asked.
/// </summary>
public sealed class RevisionTags
{
    /// <summary>On webhooks: the tag's name.</summary>
    public const string TagLabel = "istio.io/tag";

    private const string InjectorName = "istio-sidecar-injector";
    private const string TagName = "istio-revision-tag-";
    private const string EntrySuffix = "sidecar-injector.istio.io";
    private const string ServiceName = "istiod";

    private readonly Dictionary<string, Injector> _byName = new(StringComparer.Ordinal);

    private RevisionTags(IEnumerable<MutatingWebhookConfiguration>? webhooks)
    {
        AreKnown = webhooks is not null;
        foreach (var webhook in webhooks ?? [])
        {
            if (Read(webhook) is not { } injector) continue;
            // A tag wins over a revision of the same name: for default, istioctl then switches the revision's own webhook off.
            if (!_byName.TryGetValue(injector.Name, out var other) || (injector.IsTag && !other.IsTag)) _byName[injector.Name] = injector;
        }
    }

    /// <summary>Whether webhooks could be read at all.</summary>
    public bool AreKnown { get; }

    /// <summary>Every revision and where its istiod is, as far as webhooks tell, without repetition.</summary>
    public IReadOnlyList<ResolvedRevision> Revisions =>
        [.. _byName.Values.Select(injector => new ResolvedRevision(injector.Revision, injector.IstiodNamespace, "")).Distinct()];

    /// <summary>The names of all tags, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _byName.Values.Where(static injector => injector.IsTag).Select(static injector => injector.Name).Order(StringComparer.Ordinal)];

    /// <summary>Whether the default revision was installed with enableNamespacesByDefault, as its webhook tells.</summary>
    public bool EnabledByDefault => _byName.TryGetValue(IstioStatus.DefaultRevision, out var injector) && injector.Automatic;

    /// <summary>Reads the injector webhooks among <paramref name="webhooks"/>; null when webhooks could not be read: then every name is taken for a revision.</summary>
    public static RevisionTags From(IEnumerable<MutatingWebhookConfiguration>? webhooks) => new(webhooks);

    /// <summary>Whether <paramref name="name"/> is known to be a tag.</summary>
    public bool IsTag(string name) => _byName.TryGetValue(name, out var injector) && injector.IsTag;

    /// <summary>What <paramref name="name"/>, a revision or tag, stands for now.</summary>
    public ResolvedRevision Resolve(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!AreKnown) return new(name, "", "webhooks cannot be read, so that it is taken for a revision and not a tag");
        if (!_byName.TryGetValue(name, out var injector)) return new(null, "", $"no injector webhook serves revision {name}");
        var remark = injector switch
        {
            { IsTag: true } => $"tag {name} is revision {injector.Revision}",
            _ when injector.Revision != name => $"the injector of revision {name} asks {injector.Service}",
            _ => "",
        };
        return new(injector.Revision, injector.IstiodNamespace, remark);
    }

    private static Injector? Read(MutatingWebhookConfiguration webhook)
    {
        var metadata = webhook.Metadata;
        MutatingWebhook? entry = null;
        var automatic = false;
        foreach (var candidate in webhook.Webhooks)
        {
            if (!candidate.Name.EndsWith(EntrySuffix, StringComparison.Ordinal)) continue;
            entry ??= candidate;
            automatic |= candidate.Name.StartsWith("auto.", StringComparison.Ordinal);
        }
        var isInjector = entry is not null || metadata.Name.StartsWith(InjectorName, StringComparison.Ordinal) || metadata.Name.StartsWith(TagName, StringComparison.Ordinal);
        if (!isInjector) return null;
        entry ??= webhook.Webhooks.Count > 0 ? webhook.Webhooks[0] : null;
        if (entry is null || IsSwitchedOff(webhook)) return null;

        var service = entry.ClientConfig.Service;
        var tag = metadata.Labels.GetValueOrDefault(TagLabel) ?? NameAfter(metadata.Name, TagName, service?.Namespace);
        var revision = metadata.Labels.GetValueOrDefault(IstioStatus.RevisionLabel) ?? NameAfter(metadata.Name, InjectorName + "-", service?.Namespace) ?? "";
        if (revision.Length == 0) revision = IstioStatus.DefaultRevision;
        var asked = service is null ? null : RevisionOfService(service.Name);
        return new(tag is { Length: > 0 } ? tag : revision, tag is { Length: > 0 }, asked ?? revision, service?.Name ?? "", service?.Namespace ?? "", automatic);
    }

    // istiod, istiod-<revision>; anything else (an address, a service of a tag's own) tells nothing.
    private static string? RevisionOfService(string service)
    {
        if (service == ServiceName) return IstioStatus.DefaultRevision;
        if (!service.StartsWith(ServiceName + "-", StringComparison.Ordinal)) return null;
        var revision = service[(ServiceName.Length + 1)..];
        return revision.StartsWith("revision-tag-", StringComparison.Ordinal) ? null : revision;
    }

    // Outside of istio-system names end in -<namespace>.
    private static string? NameAfter(string name, string prefix, string? istiodNamespace)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var rest = name[prefix.Length..];
        if (istiodNamespace is not { Length: > 0 }) return rest;
        if (rest == istiodNamespace) return "";
        return rest.EndsWith("-" + istiodNamespace, StringComparison.Ordinal) ? rest[..^(istiodNamespace.Length + 1)] : rest;
    }

    // What istioctl puts into the default revision's webhook once a tag named default exists.
    private static bool IsSwitchedOff(MutatingWebhookConfiguration webhook)
    {
        foreach (var entry in webhook.Webhooks)
        {
            if (entry.NamespaceSelector?.MatchLabels.ContainsKey("istio.io/deactivated") != true) return false;
        }
        return true;
    }

    private sealed record Injector(string Name, bool IsTag, string Revision, string Service, string IstiodNamespace, bool Automatic);
}
