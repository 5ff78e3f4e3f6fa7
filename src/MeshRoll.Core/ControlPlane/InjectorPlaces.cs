using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>Where the control plane of a mesh is, as its injector's webhook tells. A mesh that has no webhook is not there.</summary>
internal static class InjectorPlaces
{
    /// <summary>Istio's namespace where nobody chose another.</summary>
    public const string UsualIstio = "istio-system";

    /// <summary>Linkerd's namespace where nobody chose another.</summary>
    public const string UsualLinkerd = "linkerd";

    /// <summary>Consul's namespace where nobody chose another.</summary>
    public const string UsualConsul = "consul";

    private const string LinkerdEntry = "proxy-injector.linkerd.io";
    private const string ConsulEntry = "connect-injector.consul.hashicorp.com";

    /// <summary>The namespaces of Istio's control planes, the usual one where a webhook names none; empty without webhooks of Istio.</summary>
    public static IReadOnlyList<string> OfIstio(IEnumerable<MutatingWebhookConfiguration> webhooks) =>
    [
        .. RevisionTags.From(webhooks).Revisions.Select(revision => revision.IstiodNamespace.Length == 0 ? UsualIstio : revision.IstiodNamespace)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Linkerd's namespace; null where it is not.</summary>
    public static string? OfLinkerd(IEnumerable<MutatingWebhookConfiguration> webhooks) => Of(webhooks, LinkerdEntry, UsualLinkerd);

    /// <summary>The namespace of Consul's injector; null where it is not.</summary>
    public static string? OfConsul(IEnumerable<MutatingWebhookConfiguration> webhooks) => Of(webhooks, ConsulEntry, UsualConsul);

    private static string? Of(IEnumerable<MutatingWebhookConfiguration> webhooks, string entryName, string usual)
    {
        foreach (var webhook in webhooks)
        {
            foreach (var entry in webhook.Webhooks)
            {
                if (entry.Name.EndsWith(entryName, StringComparison.Ordinal)) return entry.ClientConfig.Service?.Namespace is { Length: > 0 } place ? place : usual;
            }
        }
        return null;
    }
}
