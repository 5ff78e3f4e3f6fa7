namespace MeshRoll.Core.Permissions;

/// <summary>Which rights are meant.</summary>
public sealed record PermissionQuery
{
    /// <summary>Commands, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Cmdlets { get; init; } = [];

    /// <summary>Features whose rights are needed too, with wildcards.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Namespaces to work on, with wildcards; empty for the connection's own.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Whether all namespaces are to be worked on.</summary>
    public bool AllNamespaces { get; init; }
}
