using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.ControlPlane.Istiods;

/// <summary>From all that was read to one object for each revision. Pure.</summary>
internal static class ControlPlaneRules
{
    private static readonly Dictionary<string, string> NoAnnotations = [];

    /// <summary>The revisions by name: those with an istiod, and those that webhooks, ConfigMaps or pods still speak of.</summary>
    public static IReadOnlyList<MeshControlPlane> Describe(ControlPlaneFacts facts)
    {
        List<MeshControlPlane> all = [.. facts.Istiods.Istiods.Select(istiod => Of(facts, istiod.Revision, istiod.Namespace, istiod))];
        foreach (var (revision, place) in SpokenOf(facts))
        {
            if (!all.Exists(known => known.Revision == revision && (place is null || known.Namespace == place))) all.Add(Of(facts, revision, place, null));
        }
        return [.. all.OrderBy(static one => one.Revision, StringComparer.Ordinal).ThenBy(static one => one.Namespace, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Proxies by the revision of the istiod they are connected to. A proxy of which that is unknown makes the number of its own revision unknown: it is
    /// connected to one of the istiods that did not answer, and mostly that is its own.
    /// </summary>
    public static IReadOnlyDictionary<string, int?> CountConnected(IEnumerable<MeshProxyStatus> proxies)
    {
        Dictionary<string, int?> connected = new(StringComparer.Ordinal);
        foreach (var proxy in proxies)
        {
            if (proxy.Revision is not { } revision) continue;
            if (proxy.State == ProxyState.Unknown) connected[revision] = null;
            else if (!connected.TryGetValue(revision, out var count)) connected[revision] = proxy.Connected == true ? 1 : 0;
            else if (proxy.Connected == true) connected[revision] = count + 1;
        }
        return connected;
    }

    // Where an istiod should be, by those who speak of it: a place is known for ConfigMaps and services, not for pods.
    private static IEnumerable<(string Revision, string? Place)> SpokenOf(ControlPlaneFacts facts)
    {
        foreach (var service in facts.Survey?.Istiods ?? [])
        {
            if (service is { Exists: true, Revision: { } revision }) yield return (revision, service.Namespace);
        }
        foreach (var injector in facts.Knowledge.Injectors) yield return (injector.Revision, injector.IstiodNamespace);
        foreach (var injector in facts.Injectors ?? [])
        {
            if (injector is { Active: true, AsksRevision: { } revision }) yield return (revision, injector.ServiceNamespace);
        }
        foreach (var revision in facts.Pods?.Keys ?? []) yield return (revision, null);
    }

    private static MeshControlPlane Of(ControlPlaneFacts facts, string revision, string? place, Istiod? istiod)
    {
        var service = facts.Survey?.Istiods.Where(candidate => candidate.Exists == true && candidate.Revision == revision && (place is null || candidate.Namespace == place))
            .OrderBy(candidate => candidate.Service == IstiodFacts.ServiceFor(revision) ? 0 : 1).FirstOrDefault();
        var injectors = facts.Injectors?.Where(injector => injector.Active && injector.AsksRevision == revision && (place is null || injector.ServiceNamespace == place)).ToList();
        var config = facts.Knowledge.Injectors.FirstOrDefault(injector => injector.Revision == revision && (place is null || injector.IstiodNamespace == place));
        var (health, reason) = Judge(facts, revision, istiod, service, injectors, config);
        return new()
        {
            Cluster = facts.Cluster,
            Revision = revision,
            Namespace = place,
            Name = istiod?.Name,
            Version = istiod?.Version,
            Replicas = istiod?.Replicas,
            Ready = istiod?.Ready,
            Service = service?.Service,
            Endpoints = service is { IsExternal: false } ? service.Endpoints : null,
            Tags = injectors?.Select(static injector => injector.Tag).OfType<string>().Order(StringComparer.Ordinal).ToList(),
            Default = facts.Knowledge.Tags.AreKnown ? facts.Knowledge.Tags.Resolve(IstioStatus.DefaultRevision).Revision == revision : null,
            Injectors = injectors?.Select(static injector => injector.Name).ToList(),
            ConfigMap = config is null ? null : IstioInjector.NameOf(revision),
            Hub = Known(config?.Hub),
            ImageTag = Known(config?.Tag),
            Image = config?.ImageFor(NoAnnotations)?.ToString(),
            Namespaces = NamespacesOf(injectors),
            Pods = facts.Pods is { } pods ? pods.GetValueOrDefault(revision) : null,
            Connected = facts.Connected is { } connected ? connected.GetValueOrDefault(revision, 0) : null,
            Health = health,
            Reason = reason,
        };
    }

    // The order of the guards is the rule: the worst is said.
    private static (ControlPlaneHealth Health, string Reason) Judge(
        ControlPlaneFacts facts, string revision, Istiod? istiod, IstiodFacts? service, IReadOnlyList<MeshInjector>? injectors, IstioInjector? config)
    {
        if (istiod is null)
        {
            if (!facts.Istiods.Complete) return (ControlPlaneHealth.Unknown, $"whether it has an istiod is unknown ({facts.Istiods.Problem})");
            if (service is { IsExternal: true }) return (ControlPlaneHealth.Unknown, $"service {service.Service} points outside of the cluster");
            return (ControlPlaneHealth.Down, $"it has no istiod{Mourners(facts, revision, injectors)}");
        }
        if (istiod.Replicas == 0) return (ControlPlaneHealth.Down, $"its istiod is scaled to 0{Mourners(facts, revision, injectors)}");
        if (istiod.Ready == 0) return (ControlPlaneHealth.Down, $"none of {Wording.Count(istiod.Replicas, "replica")} of its istiod is ready");
        if (service is null && ServicesWereRead(facts.Survey, istiod.Namespace)) return (ControlPlaneHealth.Down, "no service leads to its istiod");
        if (service is { IsExternal: false, Endpoints: 0 }) return (ControlPlaneHealth.Down, $"nobody stands ready behind service {service.Service}");
        if (istiod.Ready < istiod.Replicas) return (ControlPlaneHealth.Degraded, $"{istiod.Ready} of {istiod.Replicas} replicas of its istiod are ready");
        if (injectors?.FirstOrDefault(static injector => injector.Health == InjectorHealth.Broken) is { } broken) return (ControlPlaneHealth.Degraded, $"injector {broken.Name}: {broken.Reason}");
        if (config is null && facts.Knowledge.InjectorProblem.Length == 0) return (ControlPlaneHealth.Degraded, $"there is no ConfigMap {IstioInjector.NameOf(revision)}");
        return (ControlPlaneHealth.Healthy, injectors is { Count: 0 } ? "no injector webhook asks it: it gets no new pods" : "");
    }

    // Services are looked for in the usual place and where webhooks lead.
    private static bool ServicesWereRead(InjectorSurvey? survey, string place) =>
        survey is not null && (place == InjectorWebhook.UsualNamespace || survey.Webhooks.Any(webhook => webhook.IstiodNamespace == place))
        && !survey.Istiods.Any(service => service.Namespace == place && service.Exists is null);

    private static string Mourners(ControlPlaneFacts facts, string revision, IReadOnlyList<MeshInjector>? injectors)
    {
        List<string> left = [];
        if (injectors is { Count: > 0 }) left.Add($"{Wording.Count(injectors.Count, "injector webhook")} still ask{(injectors.Count == 1 ? "s" : "")} it");
        if (facts.Pods?.GetValueOrDefault(revision) is > 0 and var pods) left.Add($"{Wording.Count(pods, "pod")} still run{(pods == 1 ? "s" : "")} its sidecar");
        return left.Count == 0 ? "" : ": " + string.Join(", and ", left);
    }

    private static IReadOnlyList<string>? NamespacesOf(IReadOnlyList<MeshInjector>? injectors)
    {
        if (injectors is null || injectors.Any(static injector => injector.Namespaces is null)) return null;
        return [.. injectors.SelectMany(static injector => injector.Namespaces!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static string? Known(string? text) => text is { Length: > 0 } ? text : null;
}
