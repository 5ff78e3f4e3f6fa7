namespace MeshRoll.Core.Sidecars;

/// <summary>The sidecars of one workload's pods, summed up.</summary>
public sealed record WorkloadSidecars
{
    /// <summary>Pods with a sidecar.</summary>
    public int Total { get; init; }

    /// <summary>Of them, those whose sidecar is outdated.</summary>
    public int Outdated { get; init; }

    /// <summary>Of them, those that cannot be judged.</summary>
    public int Unknown { get; init; }

    /// <summary>Versions seen, sorted, without repetition.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>The version a new pod would get; null when unknown or none.</summary>
    public string? DesiredVersion { get; init; }

    /// <summary>The revision a new pod would be injected by; null when unknown or none.</summary>
    public string? DesiredRevision { get; init; }

    /// <summary>Why it is outdated, or else why that cannot be told, in words; otherwise the last word on why not. Empty without sidecars.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether there are sidecars and every one is known to be up to date: then a restart would change nothing.</summary>
    public bool UpToDate => Total > 0 && Outdated == 0 && Unknown == 0;

    /// <summary>Sums up. An outdated sidecar's reason goes before an unknown one's, and that before all others.</summary>
    public static WorkloadSidecars Summarize(IEnumerable<MeshSidecar> sidecars)
    {
        ArgumentNullException.ThrowIfNull(sidecars);
        int total = 0, outdated = 0, unknown = 0;
        MeshSidecar? telling = null;
        string? version = null, revision = null;
        SortedSet<string> versions = new(StringComparer.Ordinal);
        foreach (var sidecar in sidecars)
        {
            total++;
            if (sidecar.Outdated == true) outdated++;
            if (sidecar.Outdated is null) unknown++;
            if (sidecar.Version is not null) versions.Add(sidecar.Version);
            version ??= sidecar.DesiredVersion;
            revision ??= sidecar.DesiredRevision;
            if (telling is null || Weight(sidecar) > Weight(telling)) telling = sidecar;
        }
        return new()
        {
            Total = total,
            Outdated = outdated,
            Unknown = unknown,
            Versions = [.. versions],
            DesiredVersion = version,
            DesiredRevision = revision,
            Reason = telling is null ? "" : outdated > 0 && outdated < total ? $"{outdated} of {total}: {telling.Reason}" : telling.Reason,
        };
    }

    private static int Weight(MeshSidecar sidecar) => sidecar.Outdated switch { true => 2, null => 1, false => 0 };
}
