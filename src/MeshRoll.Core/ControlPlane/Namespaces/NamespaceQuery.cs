namespace MeshRoll.Core.ControlPlane.Namespaces;

/// <summary>Which namespaces.</summary>
public sealed record NamespaceQuery
{
    /// <summary>Names with wildcards; empty for all that take part in a mesh.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Every namespace, also those that have nothing to do with a mesh; wins over <see cref="Namespaces"/>.</summary>
    public bool AllNamespaces { get; init; }

    /// <summary>Gateways' proxies too.</summary>
    public bool IncludeGateway { get; init; }
}
