using System.Collections.Concurrent;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>
/// Reads <see cref="MeshKnowledge"/> in two steps: webhooks, namespaces and, on the guess that it is Istio's usual place, the injectors of istio-system
/// at once; then what the webhooks point to.
/// </summary>
internal sealed class MeshKnowledgeReader(ClusterSession session, SidecarTarget target, CancellationToken cancellationToken)
{
    private const string UsualIstioNamespace = InjectorPlaces.UsualIstio;
    private readonly ConcurrentQueue<string> _remarks = [];

    public static async Task<MeshKnowledge> ReadAsync(ClusterSession session, SidecarTarget target, Task<NamespaceFacts> namespaces, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        // No mesh says anything of a container it does not know.
        if (target.SidecarContainer is { } container && SidecarContainers.MeshOf(container) is null) return new() { Target = target, Namespaces = await namespaces };
        return await new MeshKnowledgeReader(session, target, cancellationToken).ReadAsync(namespaces);
    }

    private async Task<MeshKnowledge> ReadAsync(Task<NamespaceFacts> namespacesTask)
    {
        var webhooksTask = TryAsync(() => ListAsync(Resources.MutatingWebhookConfigurations, null, null));
        var usualTask = TryAsync(() => ListAsync(Resources.ConfigMaps, UsualIstioNamespace, IstioStatus.RevisionLabel));
        await Task.WhenAll(webhooksTask, usualTask, namespacesTask);

        var namespaces = await namespacesTask;
        if (namespaces.Problem.Length > 0) _remarks.Enqueue($"Namespaces cannot be read ({namespaces.Problem}): what their labels decide is unknown.");
        var (webhooks, webhookProblem) = await webhooksTask;
        if (webhookProblem is not null) _remarks.Enqueue($"Injector webhooks cannot be read ({webhookProblem}): tags are taken for revisions, and a changed injector is not seen.");

        var tags = RevisionTags.From(webhooks);
        var istioTask = ReadInjectorsAsync(tags, namespaces, webhooks is not null, await usualTask);
        var linkerdTask = ReadLinkerdAsync(webhooks);
        var consulTask = ReadConsulAsync(webhooks);
        await Task.WhenAll(istioTask, linkerdTask, consulTask);

        var (injectors, injectorProblem) = await istioTask;
        return new()
        {
            Target = target,
            Namespaces = namespaces,
            Tags = tags,
            InjectorWebhooks = [.. (webhooks ?? []).Where(CompetingInjectors.IsInjector)],
            Injectors = injectors,
            InjectorProblem = injectorProblem,
            Linkerd = await linkerdTask,
            Consul = await consulTask,
            Remarks = [.. _remarks],
        };
    }

    private async Task<(IReadOnlyList<IstioInjector> Injectors, string Problem)> ReadInjectorsAsync(
        RevisionTags tags, NamespaceFacts namespaces, bool webhooksKnown, Reading<List<ConfigMap>> usual)
    {
        Dictionary<(string Namespace, string Revision), IstioInjector> found = [];
        foreach (var map in usual.Value ?? [])
        {
            if (IstioInjector.From(map) is { } injector) found[(injector.IstiodNamespace, injector.Revision)] = injector;
        }

        // ConfigMaps without the label, of an istiod elsewhere, or where listing is forbidden: by name.
        HashSet<(string Namespace, string Revision)> wanted = [];
        foreach (var revision in tags.Revisions)
        {
            wanted.Add((revision.IstiodNamespace.Length == 0 ? UsualIstioNamespace : revision.IstiodNamespace, revision.Revision!));
        }
        if (!webhooksKnown) wanted.UnionWith(NamedBy(namespaces).Select(static revision => (UsualIstioNamespace, revision)));
        wanted.ExceptWith(found.Keys);

        var answers = await Task.WhenAll(wanted.Select(async key =>
        {
            var name = IstioInjector.NameOf(key.Revision);
            var (map, problem) = await TryAsync(() => session.Client.FindAsync(Resources.ConfigMaps, key.Namespace, name, cancellationToken));
            return (key, injector: map is null ? null : IstioInjector.From(map), problem: problem is null ? null : $"ConfigMap {name} in {key.Namespace} cannot be read, {problem}");
        }));
        var worst = "";
        foreach (var (key, injector, problem) in answers)
        {
            // The name it was asked for by is the revision, whatever the ConfigMap says of itself.
            if (injector is not null) found[key] = injector with { Revision = key.Revision };
            if (problem is not null) worst = problem;
        }
        if (worst.Length > 0) _remarks.Enqueue($"{worst}: the version its new sidecars get is unknown.");
        return ([.. found.Values], worst);
    }

    private HashSet<string> NamedBy(NamespaceFacts namespaces)
    {
        HashSet<string> names = [IstioStatus.DefaultRevision];
        if (target.Revision is not null) names.Add(target.Revision);
        foreach (var @namespace in namespaces.Known.Values)
        {
            if (@namespace.Metadata.Labels.TryGetValue(IstioStatus.RevisionLabel, out var revision) && revision.Length > 0) names.Add(revision);
        }
        return names;
    }

    private async Task<LinkerdInjector?> ReadLinkerdAsync(List<MutatingWebhookConfiguration>? webhooks)
    {
        // Where webhooks cannot be read its usual namespace is tried.
        if ((webhooks is null ? InjectorPlaces.UsualLinkerd : InjectorPlaces.OfLinkerd(webhooks)) is not { } place) return null;
        var (map, problem) = await TryAsync(() => session.Client.FindAsync(Resources.ConfigMaps, place, LinkerdInjector.ConfigMapName, cancellationToken));
        if (problem is not null && webhooks is not null) _remarks.Enqueue($"ConfigMap {LinkerdInjector.ConfigMapName} in {place} cannot be read ({problem}): the version Linkerd injects is unknown.");
        return map is null ? null : LinkerdInjector.From(map);
    }

    private async Task<ConsulInjector?> ReadConsulAsync(List<MutatingWebhookConfiguration>? webhooks)
    {
        if ((webhooks is null ? InjectorPlaces.UsualConsul : InjectorPlaces.OfConsul(webhooks)) is not { } place) return null;
        var (deployments, problem) = await TryAsync(() => ListAsync(Resources.Deployments, place, ConsulInjector.Selector));
        if (problem is not null && webhooks is not null) _remarks.Enqueue($"The deployment of Consul's injector in {place} cannot be read ({problem}): the version Consul injects is unknown.");
        return deployments is [var first, ..] ? ConsulInjector.From(first) : null;
    }

    private async Task<List<T>> ListAsync<T>(Resource<T> resource, string? @namespace, string? selector) where T : class, IKubernetesObject
    {
        List<T> items = [];
        await foreach (var item in session.Client.ListAsync(resource, @namespace, new() { LabelSelector = selector }, cancellationToken)) items.Add(item);
        return items;
    }

    // What a server refuses or garbles leaves judgements unknown.
    private static async Task<Reading<T>> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return new(await read(), null);
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return new(default, Refusal.InWords(e));
        }
    }

    private readonly record struct Reading<T>(T? Value, string? Problem);
}
