using System.Net;

namespace MeshRoll.Kubernetes.Api;

/// <summary>The API server said no: its Status object as an exception.</summary>
public sealed class ApiException(string id, string message, HttpStatusCode code, string reason, ApiRequestInfo request, Exception? inner = null)
    : MeshRollException(id, message, inner)
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Code { get; } = code;

    /// <summary>The machine-readable reason of the Status, such as <c>NotFound</c>, <c>Conflict</c>, <c>Forbidden</c>; empty when the server sent none.</summary>
    public string Reason { get; } = reason;

    /// <summary>What was asked: verb, resource, namespace, name.</summary>
    public ApiRequestInfo Request { get; } = request;

    /// <summary>The server's own sentence, unchanged.</summary>
    public string ServerMessage { get; init; } = "";

    /// <summary>Details, for example the field that is invalid or the disruption budget that refused.</summary>
    public IReadOnlyList<ApiCause> Causes { get; init; } = [];

    /// <summary>When the server wants to be asked again; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>One cause in a Status' details.</summary>
/// <param name="Reason">For example FieldValueInvalid or DisruptionBudget.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Field">The field concerned, or empty.</param>
public sealed record ApiCause(string Reason, string Message, string Field);

/// <summary>What was asked of the server, in the terms of RBAC.</summary>
/// <param name="Verb">get, list, watch, patch, create, update, delete.</param>
/// <param name="Resource">Plural with group, such as <c>deployments.apps</c>, with a subresource as <c>pods/eviction</c>.</param>
/// <param name="Namespace">The namespace, or null for cluster scope.</param>
/// <param name="Name">The object's name, or null.</param>
public sealed record ApiRequestInfo(string Verb, string Resource, string? Namespace, string? Name);

/// <summary>The server answered with something that is not what the Kubernetes API promises: truncated, wrong content type, endless.</summary>
public sealed class ApiProtocolException(string message, ApiRequestInfo request, Exception? inner = null)
    : MeshRollException("MeshRoll.BrokenAnswer", message, inner)
{
    /// <summary>What was asked.</summary>
    public ApiRequestInfo Request { get; } = request;

    /// <summary>Whether asking again may help: the answer was cut or stalled, not wrong.</summary>
    internal bool IsPassing { get; init; }
}
