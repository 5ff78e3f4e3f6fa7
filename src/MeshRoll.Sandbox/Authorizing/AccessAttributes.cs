using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>What somebody wants to do: something with a resource, or something with a path that is none.</summary>
internal sealed record AccessAttributes
{
    /// <summary>get, list, watch, create …, or for paths the method in small letters.</summary>
    public required string Verb { get; init; }

    /// <summary>The API group, empty for the core group.</summary>
    public string Group { get; init; } = "";

    /// <summary>The resource in the plural; empty for a path.</summary>
    public string Resource { get; init; } = "";

    /// <summary>status, scale, log …, or empty.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>The namespace; empty for cluster-wide objects and for all namespaces.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The object's name; empty for any.</summary>
    public string Name { get; init; } = "";

    /// <summary>The path, where no resource is meant; otherwise null.</summary>
    public string? Path { get; init; }

    /// <summary>The resource with its subresource: <c>pods/log</c>.</summary>
    public string CombinedResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    /// <summary>What a request wants.</summary>
    public static AccessAttributes Of(HttpRequest request)
    {
        var target = request.Target;
        if (!target.IsResource) return new() { Verb = target.Verb, Path = request.Path };
        return new()
        {
            Verb = target.Verb,
            Group = target.Group,
            Resource = target.Resource,
            Subresource = target.Subresource,
            Namespace = target.Namespace,
            Name = target.Name,
        };
    }
}
