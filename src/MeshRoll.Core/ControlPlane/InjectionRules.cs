using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>Whether and by whom a new pod would be injected, and the rule that decides it.</summary>
/// <param name="Revision">The revision or tag that injects; null when none does.</param>
/// <param name="Rule">The deciding rule in words, such as <c>namespace label istio.io/rev=1-11-8</c>.</param>
public sealed record InjectionDecision(string? Revision, string Rule)
{
    /// <summary>Whether a new pod would get a sidecar at all.</summary>
    public bool Injects => Revision is not null;
}

/// <summary>
/// Which revision of Istio injects a new pod. Sources: Istio documentation, "Installing the Sidecar", "Controlling the injection policy" and
/// "Canary Upgrades"; the selectors of the injector webhooks and the order in which istiod itself looks.
/// </summary>
public static class InjectionRules
{
    /// <summary>On namespaces: enabled or disabled.</summary>
    public const string NamespaceLabel = "istio-injection";

    /// <summary>On pods: true or false.</summary>
    public const string PodLabel = "sidecar.istio.io/inject";

    /// <summary>Namespaces that istiod never injects into.</summary>
    public static IReadOnlyList<string> SystemNamespaces { get; } = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

    /// <summary>Decides. The order of the guards is the rule.</summary>
    /// <param name="namespace">The namespace with its labels; null when they could not be read, which leaves what they decide undecided (a null answer).</param>
    /// <param name="namespaceName">Its name.</param>
    /// <param name="pod">Labels and annotations of the pod, or of the template it is made from.</param>
    /// <param name="hostNetwork">Whether the pod uses the node's network.</param>
    /// <param name="enabledByDefault">Whether the default revision was installed with enableNamespacesByDefault.</param>
    public static InjectionDecision? Decide(Namespace? @namespace, string namespaceName, ObjectMeta pod, bool hostNetwork, bool enabledByDefault)
    {
        ArgumentNullException.ThrowIfNull(namespaceName);
        ArgumentNullException.ThrowIfNull(pod);

        if (hostNetwork) return None("the pod uses the host's network");
        if (SystemNamespaces.Contains(namespaceName)) return None($"namespace {namespaceName} is a system namespace");

        // The label is the newer way: where both are set it wins.
        if (pod.Labels.TryGetValue(PodLabel, out var label) ? IsRefusal(label) : IsRefusal(pod.Annotations.GetValueOrDefault(PodLabel)))
        {
            return label is not null ? None($"pod label {PodLabel}={label}") : None($"pod annotation {PodLabel}={pod.Annotations[PodLabel]}");
        }

        if (@namespace is null) return null;
        var labels = @namespace.Metadata.Labels;
        if (labels.TryGetValue(NamespaceLabel, out var injection))
        {
            // Every selector that looks at revisions asks for the absence of this label, whatever its value.
            var rule = $"namespace label {NamespaceLabel}={injection}";
            return injection == "enabled" ? new(IstioStatus.DefaultRevision, rule) : None(rule);
        }

        if (labels.TryGetValue(IstioStatus.RevisionLabel, out var revision)) return By(revision, $"namespace label {IstioStatus.RevisionLabel}={revision}");
        if (pod.Labels.TryGetValue(IstioStatus.RevisionLabel, out var own)) return By(own, $"pod label {IstioStatus.RevisionLabel}={own}");
        // The webhook's selector knows the label only, and only this spelling.
        if (label == "true") return new(IstioStatus.DefaultRevision, $"pod label {PodLabel}=true");
        if (enabledByDefault && label is null) return new(IstioStatus.DefaultRevision, "injection is on by default (enableNamespacesByDefault)");
        return None("neither the namespace nor the pod asks for injection");
    }

    /// <summary>Whether the pod itself asks for injection, which also the policy "disabled" (autoInject) honours.</summary>
    public static bool AsksForInjection(ObjectMeta pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var wish = pod.Labels.TryGetValue(PodLabel, out var label) ? label : pod.Annotations.GetValueOrDefault(PodLabel);
        return wish is { Length: > 0 } && !IsRefusal(wish);
    }

    // istiod takes YAML's words for true; any other word means no, none means whatever the policy is.
    private static bool IsRefusal(string? wish) => wish is { Length: > 0 } && wish.ToLowerInvariant() is not ("y" or "yes" or "true" or "on");

    private static InjectionDecision By(string revision, string rule) => revision.Length == 0 ? None(rule + " names no revision") : new(revision, rule);

    private static InjectionDecision None(string rule) => new(null, rule);
}
