namespace MeshRoll.Kubernetes.Models;

/// <summary>Webhooks that change objects as they are created (admissionregistration.k8s.io/v1).</summary>
public sealed record MutatingWebhookConfiguration : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Its webhooks.</summary>
    public IReadOnlyList<MutatingWebhook> Webhooks { get; init => field = value ?? []; } = [];
}

/// <summary>One webhook: which objects, and who is asked.</summary>
public sealed record MutatingWebhook
{
    /// <summary>Its name, for example rev.namespace.sidecar-injector.istio.io.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Who is asked.</summary>
    public WebhookClientConfig ClientConfig { get; init => field = value ?? new(); } = new();

    /// <summary>Namespaces concerned; null means all.</summary>
    public LabelSelector? NamespaceSelector { get; init; }

    /// <summary>Objects concerned; null means all.</summary>
    public LabelSelector? ObjectSelector { get; init; }

    /// <summary>Fail or Ignore.</summary>
    public string FailurePolicy { get; init => field = value ?? ""; } = "";
}

/// <summary>Where the API server sends its question.</summary>
public sealed record WebhookClientConfig
{
    /// <summary>A URL, when no service is named.</summary>
    public string? Url { get; init; }

    /// <summary>A service inside the cluster.</summary>
    public WebhookService? Service { get; init; }
}

/// <summary>A service that answers a webhook.</summary>
public sealed record WebhookService
{
    /// <summary>Its namespace.</summary>
    public string Namespace { get; init => field = value ?? ""; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The path asked for.</summary>
    public string Path { get; init => field = value ?? ""; } = "";

    /// <summary>The service's port; the server's default is 443.</summary>
    public int? Port { get; init; }
}
