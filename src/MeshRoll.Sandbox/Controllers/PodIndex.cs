using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// Finds the pods that a selector means without looking at all pods of a namespace: they are filed under each of their labels, in those namespaces where
/// somebody has asked.
/// </summary>
internal sealed class PodIndex
{
    private readonly Cluster _cluster;
    private readonly HashSet<string> _filed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Namespace, string Key, string Value), HashSet<string>> _names = [];

    public PodIndex(Cluster cluster)
    {
        _cluster = cluster;
        cluster.Store.Changed += Observe;
    }

    /// <summary>The pods of a namespace that a selector means, by name.</summary>
    public IEnumerable<StoredObject> Matching(string @namespace, LabelSelector selector)
    {
        if (selector.IsNothing) return [];
        if (_filed.Add(@namespace))
        {
            foreach (var pod in _cluster.Store.List(ApiResources.Pods, @namespace)) File(pod);
        }
        HashSet<string>? fewest = null;
        foreach (var requirement in selector.Requirements)
        {
            if (!requirement.NamesOneValue) continue;
            if (!_names.TryGetValue((@namespace, requirement.Key, requirement.Values[0]), out var names)) return [];
            if (fewest is null || names.Count < fewest.Count) fewest = names;
        }
        var candidates = fewest is null
            ? _cluster.Store.List(ApiResources.Pods, @namespace)
            : fewest.Order(StringComparer.Ordinal).Select(name => _cluster.Store.Find(ApiResources.Pods, @namespace, name)!);
        return candidates.Where(pod => selector.Matches(pod.Labels));
    }

    private void Observe(StoreChange change)
    {
        if (change.Object.Resource != ApiResources.Pods || !_filed.Contains(change.Object.Namespace)) return;
        if (change.Before is { } before && (change.Type == ChangeType.Deleted || !Selectors.SameLabels(before, change.Object))) Unfile(before);
        if (change.Type == ChangeType.Added || (change.Type == ChangeType.Modified && !Selectors.SameLabels(change.Before!, change.Object))) File(change.Object);
    }

    private void File(StoredObject pod)
    {
        foreach (var (key, value) in pod.Labels)
        {
            var place = (pod.Namespace, key, value);
            if (!_names.TryGetValue(place, out var names)) _names[place] = names = new(StringComparer.Ordinal);
            names.Add(pod.Name);
        }
    }

    private void Unfile(StoredObject pod)
    {
        foreach (var (key, value) in pod.Labels)
        {
            var place = (pod.Namespace, key, value);
            if (_names.TryGetValue(place, out var names) && names.Remove(pod.Name) && names.Count == 0) _names.Remove(place);
        }
    }
}
