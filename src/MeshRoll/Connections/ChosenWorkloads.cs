using MeshRoll.Core.Workloads;

namespace MeshRoll.Connections;

/// <summary>
/// Collects what records choose, so that a hundred piped names of one namespace become one question to the cluster.
/// </summary>
internal sealed class ChosenWorkloads
{
    private readonly Dictionary<GroupKey, List<WorkloadSelection>> _groups = [];

    /// <summary>Adds what one record chooses.</summary>
    public void Add(IReadOnlyList<MeshCluster> clusters, WorkloadSelection selection)
    {
        foreach (var cluster in clusters)
        {
            var key = new GroupKey(cluster, string.Join(',', selection.Namespaces.Order(StringComparer.Ordinal)), selection.AllNamespaces, selection.LabelSelector);
            if (!_groups.TryGetValue(key, out var group)) _groups[key] = group = [];
            group.Add(selection);
        }
    }

    /// <summary>The questions, in the order in which they first came up.</summary>
    public IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> Merge() =>
        [.. _groups.Select(group => (group.Key.Cluster, group.Value is [var only] ? only : Merge(group.Value)))];

    private static WorkloadSelection Merge(List<WorkloadSelection> selections)
    {
        string[] names = [.. selections.SelectMany(WithKinds).Distinct(StringComparer.OrdinalIgnoreCase)];
        var all = selections.Exists(selection => selection.Names.Count == 0 && selection.Kinds.Count == 0);
        return selections[0] with { Names = all ? [] : names, Kinds = [] };
    }

    // kind/name says both in one word, so that pairs stay pairs.
    private static IEnumerable<string> WithKinds(WorkloadSelection selection)
    {
        if (selection.Kinds.Count == 0) return selection.Names;
        if (selection.Names.Count == 0) return selection.Kinds;

        return selection.Names.SelectMany(name => name.Contains('/', StringComparison.Ordinal) ? [name] : selection.Kinds.Select(kind => $"{kind}/{name}"));
    }

    private sealed record GroupKey(MeshCluster Cluster, string Namespaces, bool AllNamespaces, string? LabelSelector);
}
