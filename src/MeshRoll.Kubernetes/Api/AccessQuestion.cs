using System.Text.Json;

namespace MeshRoll.Kubernetes.Api;

/// <summary>A question about the caller's own rights, as the server's authorizer sees a request.</summary>
/// <param name="Verb">get, list, watch, patch, create, update, delete.</param>
/// <param name="Resource">The resource in the plural; of no meaning for a path.</param>
public sealed record AccessQuestion(string Verb, string Resource)
{
    /// <summary>The API group; empty for core.</summary>
    public string Group { get; init; } = "";

    /// <summary>Such as <c>eviction</c> or <c>log</c>; null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>Where; null for all namespaces, and for what lives in none. A namespace itself is asked for as living in itself.</summary>
    public string? Namespace { get; init; }

    /// <summary>One object; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>A path that is no resource, such as <c>/version</c>; null for a resource.</summary>
    public string? Path { get; init; }
}

/// <summary>What the server says of a right.</summary>
/// <param name="Allowed">Whether the caller has it.</param>
/// <param name="Reason">Which binding gives it, or what is wrong, in the server's words; mostly empty for a no.</param>
public sealed record AccessAnswer(bool Allowed, string Reason)
{
    internal static AccessAnswer From(JsonElement status)
    {
        var reason = Text(status, "reason");
        var error = Text(status, "evaluationError");
        return new(status.GetProperty("allowed").GetBoolean(), reason.Length > 0 ? reason : error);
    }

    private static string Text(JsonElement status, string property) => status.TryGetProperty(property, out var text) ? text.GetString() ?? "" : "";
}
