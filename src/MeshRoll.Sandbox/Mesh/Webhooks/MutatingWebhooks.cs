using System.Text.Json;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Mesh.Webhooks;

/// <summary>
/// Calls mutating webhooks about writes as the API server does: configurations by name, their webhooks in their order, each that matches; a webhook
/// that cannot be called fails the write unless its failurePolicy is Ignore. Who answers are the pods behind the service at that moment.
/// </summary>
/// <remarks>Conditions in CEL (matchConditions) are not looked at, and nobody is asked twice (reinvocationPolicy).</remarks>
internal sealed class MutatingWebhooks : IAdmission
{
    private readonly Cluster _cluster;
    private readonly IReadOnlyList<IInjector> _injectors;
    private List<MutatingWebhook>? _webhooks;
    private int _calls;

    public MutatingWebhooks(Cluster cluster, IReadOnlyList<IInjector> injectors)
    {
        (_cluster, _injectors) = (cluster, injectors);
        cluster.Store.Changed += change =>
        {
            if (change.Object.Resource == ApiResources.MutatingWebhookConfigurations) _webhooks = null;
        };
    }

    private List<MutatingWebhook> Webhooks => _webhooks ??= [.. _cluster.Store.List(ApiResources.MutatingWebhookConfigurations).SelectMany(MutatingWebhook.ReadAll)];

    /// <inheritdoc/>
    public bool Concerns(string operation, ApiResource resource)
    {
        foreach (var webhook in Webhooks)
        {
            if (webhook.Concerns(operation, resource)) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public void Admit(AdmissionRequest request)
    {
        // Webhooks must not be able to lock out those who would repair them.
        if (request.Resource == ApiResources.MutatingWebhookConfigurations || request.Resource == ApiResources.ValidatingWebhookConfigurations) return;
        if (!Concerns(request.Operation, request.Resource)) return;

        var home = request.Namespace.Length > 0 ? _cluster.Store.Find(ApiResources.Namespaces, "", request.Namespace) : null;
        foreach (var webhook in Webhooks)
        {
            if (!webhook.Matches(request, home)) continue;
            try
            {
                Call(webhook, request);
            }
            catch (WebhookFailure failure)
            {
                if (!webhook.IsIgnorable) throw ApiStatusException.Internal($"failed calling webhook \"{webhook.Name}\": {failure.Message}");
            }
        }
    }

    private void Call(MutatingWebhook webhook, AdmissionRequest request)
    {
        // The sandbox never leaves the machine: what is outside of the cluster cannot be found.
        if (webhook.Service is not { } service)
            throw WebhookFailure.Unreachable($"{webhook.Url}?timeout={webhook.Timeout}s", $"dial tcp: lookup {HostOf(webhook.Url)}: no such host");

        var url = service.Url(webhook.Timeout);
        var (pod, injector) = Backend(service, url);
        if (!injector.IsTrusted(pod, webhook.Authority))
            throw WebhookFailure.Unreachable(url, "tls: failed to verify certificate: x509: certificate signed by unknown authority");
        injector.Inject(pod, service.Path, request);
    }

    private (StoredObject Pod, IInjector Injector) Backend(WebhookService service, string url)
    {
        var store = _cluster.Store;
        if (store.Find(ApiResources.Services, service.Namespace, service.Name) is not { } found) throw WebhookFailure.Unreachable(url, $"service \"{service.Name}\" not found");
        if (!found.As<ServicePorts>().Numbers.Contains(service.Port))
            throw WebhookFailure.Unreachable(url, $"no service port {service.Port} found for service \"{service.Name}\"");
        if (!ServiceBackends.HasAny(store, service.Namespace, service.Name)) throw WebhookFailure.Unreachable(url, $"no endpoints available for service \"{service.Name}\"");

        var pods = ServiceBackends.Ready(store, service.Namespace, service.Name);
        // One after the other, as connections are spread.
        var pod = pods.Count == 0 ? null : pods[_calls++ % pods.Count];
        if (pod is not null && _injectors.FirstOrDefault(candidate => candidate.Is(pod)) is { } injector) return (pod, injector);
        var address = pod?.ToJson().Text("status", "podIP") ?? found.ToJson().Text("spec", "clusterIP") ?? "";
        throw WebhookFailure.Unreachable(url, $"dial tcp {address}:{service.Port}: connect: connection refused");
    }

    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Host : url;

    /// <summary>The ports of a Service.</summary>
    private sealed record ServicePorts(IReadOnlyList<long> Numbers) : IObjectView<ServicePorts>
    {
        public static ServicePorts Read(JsonElement root) => new([.. root.Items("spec", "ports").Select(port => port.Number("port") ?? 0)]);
    }
}
