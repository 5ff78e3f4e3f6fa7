using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh.Webhooks;

/// <summary>One webhook of a MutatingWebhookConfiguration, as the API server reads it to decide whom to ask about a write.</summary>
internal sealed record MutatingWebhook
{
    /// <summary>Its name, such as <c>namespace.sidecar-injector.istio.io</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The service behind it; null when it is called by <see cref="Url"/>.</summary>
    public required WebhookService? Service { get; init; }

    /// <summary>The address behind it; empty when there is a service.</summary>
    public required string Url { get; init; }

    /// <summary>Whom the caller trusts, as PEM.</summary>
    public required string Authority { get; init; }

    /// <summary>Whether a write goes on when it cannot be called.</summary>
    public required bool IsIgnorable { get; init; }

    /// <summary>How long the caller waits, in seconds.</summary>
    public required long Timeout { get; init; }

    /// <summary>Part of what is its business.</summary>
    public required WebhookRule[] Rules { get; init; }

    /// <summary>Part of what is its business.</summary>
    public required LabelSelector NamespaceSelector { get; init; }

    /// <summary>Part of what is its business.</summary>
    public required LabelSelector ObjectSelector { get; init; }

    /// <summary>Reads all webhooks of a configuration, in their order.</summary>
    public static IEnumerable<MutatingWebhook> ReadAll(StoredObject configuration) => configuration.ToJson().Items("webhooks").Select(Read);

    /// <summary>Whether writes of a kind may be its business at all; asked of every write.</summary>
    public bool Concerns(string operation, ApiResource resource)
    {
        foreach (var rule in Rules)
        {
            if (rule.Concerns(operation, resource)) return true;
        }
        return false;
    }

    /// <summary>Whether a write is its business.</summary>
    /// <param name="request">The write.</param>
    /// <param name="home">The namespace of the object, or null for one that lives in none.</param>
    public bool Matches(AdmissionRequest request, StoredObject? home)
    {
        if (!Rules.Any(rule => rule.Matches(request))) return false;
        // For a namespace its own labels count; whatever lives in none is never held back by this selector (admission's namespace matcher).
        if (request.Resource == ApiResources.Namespaces && !NamespaceSelector.Matches(request.Object["metadata"].At("labels") as JsonObject)) return false;
        if (home is not null && !NamespaceSelector.Matches(home.Labels)) return false;
        return ObjectSelector.Matches(request.Object["metadata"].At("labels") as JsonObject) || (request.Before is { } before && ObjectSelector.Matches(before.Labels));
    }

    private static MutatingWebhook Read(JsonObject webhook)
    {
        var service = webhook.At("clientConfig", "service");
        return new()
        {
            Name = webhook.Text("name") ?? "",
            Service = service is null ? null : WebhookService.Read(service),
            Url = webhook.Text("clientConfig", "url") ?? "",
            Authority = MeshAuthority.Decode(webhook.Text("clientConfig", "caBundle") ?? ""),
            IsIgnorable = webhook.Text("failurePolicy") == "Ignore",
            Timeout = webhook.Number("timeoutSeconds") ?? 10,
            Rules = [.. webhook.Items("rules").Select(WebhookRule.Read)],
            NamespaceSelector = Selector(webhook["namespaceSelector"]),
            ObjectSelector = Selector(webhook["objectSelector"]),
        };
    }

    // In a webhook no selector means everything.
    private static LabelSelector Selector(JsonNode? selector)
    {
        try
        {
            return selector is JsonObject present ? LabelSelector.From(present) : LabelSelector.Everything;
        }
        catch (SelectorException)
        {
            return LabelSelector.Nothing;
        }
    }
}

/// <summary>The service behind a webhook.</summary>
internal sealed record WebhookService(string Namespace, string Name, string Path, long Port)
{
    /// <summary>The address under which the API server calls it, as its messages show it.</summary>
    public string Url(long timeout) => $"https://{Name}.{Namespace}.svc:{Port}{Path}?timeout={timeout}s";

    internal static WebhookService Read(JsonNode service) =>
        new(service.Text("namespace") ?? "", service.Text("name") ?? "", service.Text("path") is { Length: > 0 } path ? path : "/", service.Number("port") ?? 443);
}
