using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>
/// Which of Istio's injector webhooks match a pod. One is right. Of two, each injects, and the last one has its way: mostly a tag named default beside the
/// default revision's own webhook, which an upgrade has switched on again.
/// </summary>
internal static class CompetingInjectors
{
    private const string EntrySuffix = "sidecar-injector.istio.io";

    /// <summary>Whether a configuration has an injector of Istio's in it.</summary>
    public static bool IsInjector(MutatingWebhookConfiguration configuration) => configuration.Webhooks.Any(IsEntry);

    /// <summary>The configurations that match, by name, in the order in which the API server calls them.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<MutatingWebhookConfiguration> configurations, Namespace @namespace, ObjectMeta pod) =>
    [
        .. configurations.Where(configuration => configuration.Webhooks.Any(entry => IsEntry(entry)
                && SelectorMatch.Selects(entry.NamespaceSelector, @namespace.Metadata.Labels) && SelectorMatch.Selects(entry.ObjectSelector, pod.Labels)))
            .Select(configuration => configuration.Metadata.Name).Order(StringComparer.Ordinal),
    ];

    private static bool IsEntry(MutatingWebhook entry) => entry.Name.EndsWith(EntrySuffix, StringComparison.Ordinal);
}
