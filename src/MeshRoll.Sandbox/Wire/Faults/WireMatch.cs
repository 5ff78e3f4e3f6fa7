using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Wire.Faults;

/// <summary>Which requests a fault concerns. What is left out concerns all. * and ? are wildcards; case does not matter.</summary>
public sealed record WireMatch
{
    /// <summary>get, list, watch, create, update, patch, delete or deletecollection; or in capitals an HTTP method: GET is get, list and watch.</summary>
    public string Verb { get; init; } = "*";

    /// <summary>
    /// The resource in the plural: <c>pods</c>, <c>deployments.apps</c> with its group, <c>pods/eviction</c> with its subresource, <c>*/scale</c>.
    /// Without a slash a subresource is not meant, as in RBAC.
    /// </summary>
    public string Resource { get; init; } = "";

    /// <summary>The namespace. A pattern does not fit a request across all namespaces, save for *.</summary>
    public string Namespace { get; init; } = "*";

    /// <summary>The object's name. A pattern does not fit a request without a name, save for *.</summary>
    public string Name { get; init; } = "*";

    /// <summary>The path, for what is no resource: <c>/version</c>, <c>/debug/*</c>.</summary>
    public string Path { get; init; } = "*";

    /// <summary>Whether a request is concerned.</summary>
    internal bool Fits(HttpRequest request)
    {
        var target = request.Target;
        return FitsVerb(request.Method, target.Verb)
            && (Resource is "" or "*/*" || (target.IsResource && FitsResource(target)))
            && Pattern.Like(Namespace, target.Namespace)
            && Pattern.Like(Name, target.Name)
            && Pattern.Like(Path, request.Path);
    }

    private bool FitsVerb(string method, string verb) => IsMethod(Verb) ? Verb == method : Pattern.Like(Verb, verb);

    private static bool IsMethod(string verb) => verb is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS";

    private bool FitsResource(RequestTarget target)
    {
        var slash = Resource.IndexOf('/', StringComparison.Ordinal);
        var resource = slash < 0 ? Resource : Resource[..slash];
        var subresource = slash < 0 ? "" : Resource[(slash + 1)..];
        if (slash >= 0 && target.Subresource.Length == 0) return false;
        return Pattern.Like(subresource, target.Subresource)
            && Pattern.Like(resource, resource.Contains('.', StringComparison.Ordinal) ? $"{target.Resource}.{target.Group}" : target.Resource);
    }
}
