using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Api;

/// <summary>Paths of the API, derived from what an object says about itself.</summary>
public static class ObjectPath
{
    private static readonly HashSet<string> ClusterScoped =
    [
        "Namespace", "Node", "PersistentVolume", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "APIService",
        "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "PriorityClass", "StorageClass",
    ];

    /// <summary>The collection that the object is created in, such as <c>/apis/apps/v1/namespaces/shop/deployments</c>.</summary>
    /// <exception cref="ArgumentException">The object does not say its kind or apiVersion.</exception>
    public static string CollectionOf(JsonObject body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var apiVersion = (string?)body["apiVersion"] ?? throw new ArgumentException("the object has no apiVersion", nameof(body));
        var kind = (string?)body["kind"] ?? throw new ArgumentException("the object has no kind", nameof(body));
        var @namespace = ClusterScoped.Contains(kind) ? null : (string?)body["metadata"]?["namespace"] ?? "default";
        return Collection(apiVersion, PluralOf(kind), @namespace);
    }

    /// <summary>The object's own path, such as <c>/apis/apps/v1/namespaces/shop/deployments/web</c>.</summary>
    public static string Of(JsonObject body) => $"{CollectionOf(body)}/{(string?)body["metadata"]?["name"]}";

    /// <summary>The path of a collection, of all namespaces when none is given.</summary>
    public static string Collection(string apiVersion, string plural, string? @namespace = null)
    {
        ArgumentNullException.ThrowIfNull(apiVersion);
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? $"/apis/{apiVersion}" : $"/api/{apiVersion}";
        return @namespace is null ? $"{root}/{plural}" : $"{root}/namespaces/{@namespace}/{plural}";
    }

    /// <summary>The path of the pods of one namespace, or of all.</summary>
    public static string Pods(string? @namespace = null) => Collection("v1", "pods", @namespace);

    /// <summary>The path of the deployments of one namespace, or of all.</summary>
    public static string Deployments(string? @namespace = null) => Collection("apps/v1", "deployments", @namespace);

    private static string PluralOf(string kind)
    {
        var lower = kind.ToLowerInvariant();
        return lower switch
        {
            "endpoints" => lower,
            _ when lower.EndsWith("ss", StringComparison.Ordinal) => lower + "es",
            _ when lower.EndsWith('y') => lower[..^1] + "ies",
            _ => lower + "s",
        };
    }
}
