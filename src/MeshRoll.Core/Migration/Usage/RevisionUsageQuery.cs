namespace MeshRoll.Core.Migration.Usage;

/// <summary>Which revision, and what to ask for.</summary>
public sealed record RevisionUsageQuery
{
    /// <summary>The revision; never a tag.</summary>
    public required string Revision { get; init; }

    /// <summary>Leaves istiod unasked who is connected to it: then the pods' own sidecars alone count.</summary>
    public bool IgnoreProxyStatus { get; init; }

    /// <summary>Backups of injectors: what is in them would be restored after the removal, and does not block it.</summary>
    public IReadOnlyList<string> Backups { get; init; } = [];
}
