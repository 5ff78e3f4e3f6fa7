namespace MeshRoll.Core.Workloads;

/// <summary>The names and kinds of a selection, and which of the names were met.</summary>
internal sealed class NameFilter
{
    private readonly IReadOnlyList<WorkloadName> _names;
    private readonly IReadOnlyList<string> _kinds;
    private readonly HashSet<WorkloadName> _met = [];
    private readonly SortedSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Reads and checks a selection before anything is asked of a cluster.</summary>
    /// <exception cref="InvalidRequestException">A name, kind or label selector cannot be read.</exception>
    public NameFilter(WorkloadSelection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        _names = [.. selection.Names.Select(WorkloadName.Parse)];
        _kinds = WorkloadName.ParseKinds(selection.Kinds);
        LabelSelectorSyntax.Check(selection.LabelSelector);
    }

    /// <summary>Whether everything passes.</summary>
    public bool IsEmpty => _names.Count == 0 && _kinds.Count == 0;

    /// <summary>Literal names that nothing has met so far.</summary>
    public IEnumerable<WorkloadName> Unmet => _names.Where(name => name.IsLiteral && !_met.Contains(name));

    /// <summary>Names of what has been looked at, for near matches.</summary>
    public IEnumerable<string> Seen => _seen;

    /// <summary>Whether a kind may pass at all.</summary>
    public bool MayBe(string kind) => (_kinds.Count == 0 || _kinds.Contains(kind)) && (_names.Count == 0 || _names.Any(name => name.Kind is null || name.Kind == kind));

    /// <summary>Whether a workload is meant.</summary>
    public bool IsMatch(WorkloadReference workload)
    {
        if (_kinds.Count > 0 && !_kinds.Contains(workload.Kind)) return false;
        if (_names.Count == 0) return true;
        _seen.Add(workload.Name);
        var matches = false;
        foreach (var name in _names)
        {
            if (!name.IsMatch(workload)) continue;
            _met.Add(name);
            matches = true;
        }
        return matches;
    }
}
