namespace MeshRoll.Core.Workloads;

/// <summary>The names and kinds of a selection, and which of the names were met.</summary>
internal sealed class NameFilter
{
    private readonly IReadOnlyList<WorkloadName> names;
    private readonly IReadOnlyList<string> kinds;
    private readonly HashSet<WorkloadName> met = [];
    private readonly SortedSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>Reads and checks a selection before anything is asked of a cluster.</summary>
    /// <exception cref="InvalidRequestException">A name, kind or label selector cannot be read.</exception>
    public NameFilter(WorkloadSelection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        names = [.. selection.Names.Select(WorkloadName.Parse)];
        kinds = WorkloadName.ParseKinds(selection.Kinds);
        LabelSelectorSyntax.Check(selection.LabelSelector);
    }

    /// <summary>Whether everything passes.</summary>
    public bool IsEmpty => names.Count == 0 && kinds.Count == 0;

    /// <summary>Literal names that nothing has met so far.</summary>
    public IEnumerable<WorkloadName> Unmet => names.Where(name => name.IsLiteral && !met.Contains(name));

    /// <summary>Names of what has been looked at, for near matches.</summary>
    public IEnumerable<string> Seen => seen;

    /// <summary>Whether a kind may pass at all.</summary>
    public bool MayBe(string kind) => (kinds.Count == 0 || kinds.Contains(kind)) && (names.Count == 0 || names.Any(name => name.Kind is null || name.Kind == kind));

    /// <summary>Whether a workload is meant.</summary>
    public bool IsMatch(WorkloadReference workload)
    {
        if (kinds.Count > 0 && !kinds.Contains(workload.Kind)) return false;
        if (names.Count == 0) return true;
        seen.Add(workload.Name);
        var matches = false;
        foreach (var name in names)
        {
            if (!name.IsMatch(workload)) continue;
            met.Add(name);
            matches = true;
        }
        return matches;
    }
}
