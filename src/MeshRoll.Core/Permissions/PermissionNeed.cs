namespace MeshRoll.Core.Permissions;

/// <summary>A row of <see cref="PermissionTable"/>: verbs on one resource, and what a command needs them for.</summary>
internal sealed record PermissionNeed
{
    /// <summary>get, list, watch, create, update, patch, delete.</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    /// <summary>The API group; empty for core.</summary>
    public string Group { get; init; } = "";

    /// <summary>The resource in the plural, with its subresource: <c>pods/eviction</c>. A path that is none begins with a slash.</summary>
    public required string Resource { get; init; }

    /// <summary>Where.</summary>
    public required PermissionScope Scope { get; init; }

    /// <summary>The only objects that are meant; empty for all of the scope.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>How namespaces must be chosen for this to be needed.</summary>
    public NamespaceChoice Choice { get; init; }

    /// <summary>The features that need it, any of them; empty where the command always does.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>What it serves, as the end of "needed to …".</summary>
    public required string For { get; init; }

    /// <summary>Whether it is a path and no resource.</summary>
    public bool IsPath => Resource.StartsWith('/');

    /// <summary>The resource as RBAC and people name it: <c>deployments.apps</c>, <c>pods/eviction</c>.</summary>
    public string FullName => Group.Length == 0 ? Resource : Resource.Split('/') is [var plural, var sub] ? $"{plural}.{Group}/{sub}" : $"{Resource}.{Group}";
}
