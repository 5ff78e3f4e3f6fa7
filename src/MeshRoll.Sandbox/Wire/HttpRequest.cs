using System.Diagnostics.CodeAnalysis;
using MeshRoll.Sandbox.Authorizing;

namespace MeshRoll.Sandbox.Wire;

/// <summary>One request, read to its end.</summary>
internal sealed record HttpRequest
{
    private RequestTarget? _target;

    /// <summary>An empty request, to be filled.</summary>
    public HttpRequest()
    {
    }

    // A copy with another path or method is about something else: what was understood is not copied.
    [SetsRequiredMembers]
    private HttpRequest(HttpRequest other)
    {
        Method = other.Method;
        Path = other.Path;
        Query = other.Query;
        Headers = other.Headers;
        Body = other.Body;
        Identity = other.Identity;
    }

    /// <summary>GET, POST, PUT, PATCH, DELETE …</summary>
    public required string Method { get; init; }

    /// <summary>The path, percent-decoded, without the query: <c>/api/v1/pods</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The query's parameters, decoded, in their order; a name may come more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Headers by name, whatever the case; several of one name are joined with a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Who asks, as far as that was found out already; null before, and where nobody wants to know.</summary>
    public Identity? Identity { get; init; }

    /// <summary>What the request is about in Kubernetes' terms: verb, resource, namespace, name.</summary>
    public RequestTarget Target => _target ??= RequestTarget.Parse(Method, Path, Query);

    /// <summary>The first value of a query parameter, or null where it is missing.</summary>
    public string? QueryValue(string name)
    {
        foreach (var (key, value) in Query)
        {
            if (key == name) return value;
        }
        return null;
    }

    /// <summary>A header's value, or the empty string.</summary>
    public string Header(string name) => Headers.TryGetValue(name, out var value) ? value : "";
}
