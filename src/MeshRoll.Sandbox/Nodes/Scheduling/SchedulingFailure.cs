namespace MeshRoll.Sandbox.Nodes.Scheduling;

/// <summary>Why no node would take a pod, counted, and said as the default scheduler says it (framework.FitError, Kubernetes 1.30).</summary>
internal sealed class SchedulingFailure
{
    private readonly Dictionary<string, int> _objections = new(StringComparer.Ordinal);
    private int _nodes;
    private int _lasting;

    /// <summary>Notes a node that would not do.</summary>
    public void Add(IReadOnlyList<string> objections)
    {
        _nodes++;
        if (objections.Any(NodeFit.IsLasting)) _lasting++;
        foreach (var objection in objections) _objections[objection] = _objections.GetValueOrDefault(objection) + 1;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (_nodes == 0) return "no nodes available to schedule pods";
        var counted = _objections.Select(objection => $"{objection.Value} {objection.Key}").Order(StringComparer.Ordinal);
        return $"0/{_nodes} nodes are available: {string.Join(", ", counted)}. {Preemption()}";
    }

    // Nothing here has a priority, so there is never a victim.
    private string Preemption()
    {
        var answers = new List<string>(2);
        if (_lasting > 0) answers.Add($"{_lasting} Preemption is not helpful for scheduling");
        if (_nodes > _lasting) answers.Add($"{_nodes - _lasting} No preemption victims found for incoming pod");
        answers.Sort(StringComparer.Ordinal);
        return $"preemption: 0/{_nodes} nodes are available: {string.Join(", ", answers)}.";
    }
}
