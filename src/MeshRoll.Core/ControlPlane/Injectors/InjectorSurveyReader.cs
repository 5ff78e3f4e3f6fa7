using System.Collections.Concurrent;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>Reads <see cref="InjectorSurvey"/> in two steps: webhooks and namespaces, then the services, endpoints and Deployments of the istiods they name.</summary>
internal sealed class InjectorSurveyReader(ClusterSession session, IReadOnlyCollection<string> places, CancellationToken cancellationToken)
{
    private const string IstiodSelector = $"{IstiodFacts.AppLabel}={IstiodFacts.ServiceName}";
    private readonly ConcurrentQueue<string> _remarks = [];

    /// <summary>Reads all of it. Webhooks that may not be read are an error: without them there is nothing to tell.</summary>
    public static Task<InjectorSurvey> ReadAsync(ClusterSession session, CancellationToken cancellationToken) => ReadAsync(session, [], cancellationToken);

    /// <summary>The same, looking for istiods in further namespaces too, which no webhook may name any more.</summary>
    public static Task<InjectorSurvey> ReadAsync(ClusterSession session, IReadOnlyCollection<string> places, CancellationToken cancellationToken) =>
        new InjectorSurveyReader(session, places, cancellationToken).ReadAsync();

    private async Task<InjectorSurvey> ReadAsync()
    {
        var webhooksTask = ListAsync(Resources.MutatingWebhookConfigurations.Raw, null);
        var validatorsTask = TryAsync(() => ListAsync(Resources.ValidatingWebhookConfigurations, null));
        var namespacesTask = NamespaceFacts.ReadAsync(session, null, cancellationToken);
        // The usual place is asked at once, on a guess.
        var usualTask = ReadPlaceAsync(InjectorWebhook.UsualNamespace);
        await Task.WhenAll(webhooksTask, validatorsTask, namespacesTask, usualTask);

        List<InjectorWebhook> webhooks = [.. (await webhooksTask).Select(InjectorWebhook.From).OfType<InjectorWebhook>().OrderBy(webhook => webhook.Name, StringComparer.Ordinal)];
        var namespaces = await namespacesTask;
        if (namespaces.Problem.Length > 0) _remarks.Enqueue($"Namespaces cannot be read ({namespaces.Problem}): which of them an injector matches is unknown.");

        var others = webhooks.Select(webhook => webhook.IstiodNamespace).Concat(places).Distinct(StringComparer.Ordinal).Where(place => place != InjectorWebhook.UsualNamespace);
        Place[] read = [await usualTask, .. await Task.WhenAll(others.Select(ReadPlaceAsync))];
        var istiods = await Task.WhenAll(ServicesOf(webhooks, read).Select(found => ReadIstiodAsync(found.Place, found.Service)));
        var (validators, _) = await validatorsTask;
        return new()
        {
            Webhooks = webhooks,
            Validators = validators is null ? null : [.. validators.Where(IsOfIstio)],
            Namespaces = namespaces,
            Istiods = istiods,
            Remarks = [.. _remarks],
        };
    }

    // Those that call themselves istiod's, and those that a webhook names, however they are labelled.
    private static IEnumerable<(Place Place, string Service)> ServicesOf(IReadOnlyList<InjectorWebhook> webhooks, IReadOnlyList<Place> places) =>
        places.SelectMany(place => (place.Services ?? []).Select(service => service.Metadata.Name)
            .Concat(webhooks.Where(webhook => webhook.Service?.Namespace == place.Namespace).Select(webhook => webhook.Service!.Name))
            .Distinct(StringComparer.Ordinal).Select(service => (place, service)));

    private static bool IsOfIstio(RawObject validator) =>
        validator.Metadata.Name.StartsWith("istio", StringComparison.Ordinal) && validator.Json.GetRawText().Contains("validation.istio.io", StringComparison.Ordinal);

    private async Task<Place> ReadPlaceAsync(string @namespace)
    {
        var servicesTask = TryAsync(() => ListAsync(Resources.Services, @namespace, IstiodSelector));
        var deploymentsTask = TryAsync(() => ListAsync(Resources.Deployments, @namespace, IstiodSelector));
        await Task.WhenAll(servicesTask, deploymentsTask);
        return new(@namespace, (await servicesTask).Value, (await deploymentsTask).Value, string.Join("; ", new[] { (await servicesTask).Problem, (await deploymentsTask).Problem }.OfType<string>()));
    }

    private async Task<IstiodFacts> ReadIstiodAsync(Place place, string name)
    {
        var service = place.Services?.FirstOrDefault(candidate => candidate.Metadata.Name == name);
        var endpointsTask = TryAsync(() => session.Client.FindAsync(Resources.Endpoints, place.Namespace, name, cancellationToken));
        var problem = place.Problem;
        var isKnown = service is not null;
        if (service is null)
        {
            var asked = await TryAsync(() => session.Client.FindAsync(Resources.Services, place.Namespace, name, cancellationToken));
            service = asked.Value;
            isKnown = asked.Problem is null;
            problem = asked.Problem ?? problem;
        }
        var endpoints = await endpointsTask;
        var deployments = service is null || place.Deployments is null ? null : place.Deployments.Where(deployment => IsBehind(service, deployment)).ToList();
        return new()
        {
            Namespace = place.Namespace,
            Service = name,
            Exists = isKnown ? service is not null : null,
            IsExternal = service?.Spec.Type == "ExternalName",
            Ports = [.. (service?.Spec.Ports ?? []).Select(port => port.Port)],
            Revision = RevisionOf(service, deployments) ?? IstiodFacts.RevisionOf(name),
            Endpoints = endpoints.Problem is null ? endpoints.Value?.ReadyCount ?? 0 : null,
            Deployments = deployments,
            Problem = endpoints.Problem ?? problem,
        };
    }

    // A revision's service selects by the label; the unnamed one's by istio=pilot, which its pods alone carry.
    private static string? RevisionOf(Service? service, IReadOnlyList<Deployment>? deployments) =>
        service?.Spec.Selector.GetValueOrDefault(IstioStatus.RevisionLabel) is { Length: > 0 } selected ? selected
        : deployments is [{ Metadata.Labels: var labels }] && labels.GetValueOrDefault(IstioStatus.RevisionLabel) is { Length: > 0 } labelled ? labelled : null;

    private static bool IsBehind(Service service, Deployment deployment) => service.Spec.Selector.Count > 0
        && service.Spec.Selector.All(wanted => deployment.Spec.Template.Metadata.Labels.GetValueOrDefault(wanted.Key) == wanted.Value);

    private async Task<List<T>> ListAsync<T>(Resource<T> resource, string? @namespace, string? selector = null) where T : class, IKubernetesObject
    {
        List<T> items = [];
        await foreach (var item in session.Client.ListAsync(resource, @namespace, new() { LabelSelector = selector }, cancellationToken)) items.Add(item);
        return items;
    }

    private static async Task<(T? Value, string? Problem)> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return (await read(), null);
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return (default, Refusal.InWords(e));
        }
    }

    private sealed record Place(string Namespace, IReadOnlyList<Service>? Services, IReadOnlyList<Deployment>? Deployments, string Problem);
}
