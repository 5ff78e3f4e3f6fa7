using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Namespaces;

/// <summary>
/// What can be wrong between a namespace's labels, Istio's webhooks and its istiods. Sources: Istio documentation, "Installing the Sidecar",
/// "Canary Upgrades"; the webhooks' own selectors.
/// </summary>
internal static class NamespaceConflicts
{
    /// <summary>All of them, a sentence each. What cannot be read is no conflict.</summary>
    public static IReadOnlyList<string> Of(Namespace @namespace, MeshKnowledge knowledge, IstiodListing istiods)
    {
        List<string> conflicts = [];
        AddIf(BothLabels(@namespace.Metadata.Labels));
        var decision = InjectionRules.Decide(@namespace, @namespace.Metadata.Name, NoPod, hostNetwork: false, enabledByDefault: false);
        if (decision is { Injects: true }) AddIf(NobodyServes(decision, knowledge.Tags, istiods));
        AddIf(SeveralServe(CompetingInjectors.Of(knowledge.InjectorWebhooks, @namespace, NoPod)));
        return conflicts;

        void AddIf(string? conflict)
        {
            if (conflict is not null) conflicts.Add(conflict);
        }
    }

    private static ObjectMeta NoPod { get; } = new();

    private static string? BothLabels(IReadOnlyDictionary<string, string> labels)
    {
        if (!labels.TryGetValue(InjectionRules.NamespaceLabel, out var injection) || !labels.TryGetValue(IstioStatus.RevisionLabel, out var revision)) return null;
        var wins = injection == "enabled" ? "the default revision injects" : "nothing is injected";
        return $"both labels are set: {InjectionRules.NamespaceLabel}={injection} wins, {wins}, and {IstioStatus.RevisionLabel}={revision} is ignored";
    }

    // Either the name leads nowhere, so that pods come without a sidecar; or it leads to an istiod that is not there, so that with failurePolicy Fail none comes.
    private static string? NobodyServes(InjectionDecision decision, RevisionTags tags, IstiodListing istiods)
    {
        if (!tags.AreKnown) return null;
        var resolved = tags.Resolve(decision.Revision!);
        if (resolved.Revision is not { } revision) return $"{decision.Rule} names no revision or tag that has an injector webhook: new pods get no sidecar";
        if (!istiods.Complete) return null;
        List<Istiod> all = [.. istiods.Of(revision)];
        if (all.Count == 0) return $"{decision.Rule} leads to revision {revision}, which has no istiod";
        return all.Exists(static istiod => istiod.Ready > 0) ? null : $"{decision.Rule} leads to revision {revision}, of whose istiod no replica is ready";
    }

    private static string? SeveralServe(IReadOnlyList<string> webhooks) =>
        webhooks.Count < 2 ? null : $"{webhooks.Count} injector webhooks match ({string.Join(", ", webhooks)}): new pods are injected {(webhooks.Count == 2 ? "twice" : $"{webhooks.Count} times")}";
}
