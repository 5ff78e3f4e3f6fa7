namespace MeshRoll.Core.Migration.Usage;

/// <summary>Which revision, and what to ask for.</summary>
public sealed record RevisionUsageQuery
{
    /// <summary>The revision; never a tag.</summary>
    public required string Revision { get; init; }

    /// <summary>Leaves istiod unasked who is connected to it: then the pods' own sidecars alone count.</summary>
    public bool IgnoreProxyStatus { get; init; }

    /// <summary>
    /// Webhook configurations that are safe in a backup, by name, with the services that they ask there: they would be restored after the removal, and do not block it.
    /// </summary>
    public IReadOnlyDictionary<string, string> Kept { get; init; } = new Dictionary<string, string>();
}
