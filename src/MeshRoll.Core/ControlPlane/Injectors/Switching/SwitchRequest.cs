namespace MeshRoll.Core.ControlPlane.Injectors.Switching;

/// <summary>What is to be switched, and where to. At most one of <see cref="Name"/>, <see cref="Tag"/> and <see cref="Namespaces"/> is given; none means: as this mesh is wired.</summary>
public sealed record SwitchRequest
{
    /// <summary>The revision that injects from now on.</summary>
    public required string To { get; init; }

    /// <summary>A webhook by its name; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>A tag; null for none.</summary>
    public string? Tag { get; init; }

    /// <summary>Namespaces to be labelled, with wildcards; empty for none.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];
}
