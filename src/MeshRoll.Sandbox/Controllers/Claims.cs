using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// Who belongs to whom: controllers take in matching objects that have no owner and let go of their own that match no more, as the real ones'
/// reference managers do. Objects without an owner are remembered, so that nobody has to search a whole namespace for them.
/// </summary>
internal sealed class Claims
{
    private readonly Cluster _cluster;
    private readonly Dictionary<(ApiResource Resource, string Namespace), SortedSet<string>> _orphans = [];

    public Claims(Cluster cluster)
    {
        _cluster = cluster;
        foreach (var resource in (ApiResource[])[ApiResources.Pods, ApiResources.ReplicaSets, ApiResources.ControllerRevisions])
        {
            foreach (var stored in cluster.Store.List(resource)) Note(stored, isGone: false);
        }
        cluster.Store.Changed += change => Note(change.Object, change.Type == ChangeType.Deleted);
    }

    /// <summary>The objects of a kind that an owner controls, after taking in and letting go.</summary>
    /// <param name="owner">Who claims.</param>
    /// <param name="selector">What labels they must have.</param>
    /// <param name="resource">The kind of object.</param>
    /// <param name="fits">What else is asked of them; null for nothing.</param>
    public List<StoredObject> Claim(StoredObject owner, LabelSelector selector, ApiResource resource, Func<StoredObject, bool>? fits = null)
    {
        var claimed = new List<StoredObject>();
        foreach (var child in _cluster.Store.OwnedBy(owner.Uid, resource))
        {
            if (child.ControllerUid != owner.Uid) continue;
            if (owner.IsDeleting || (selector.Matches(child.Labels) && fits?.Invoke(child) != false)) claimed.Add(child);
            else _cluster.Write(child, json => OwnerReference.Remove(json, owner.Uid));
        }
        if (owner.IsDeleting || !_orphans.TryGetValue((resource, owner.Namespace), out var names)) return claimed;

        foreach (var name in names.ToList())
        {
            if (_cluster.Store.Find(resource, owner.Namespace, name) is not { IsDeleting: false } orphan || !selector.Matches(orphan.Labels) || fits?.Invoke(orphan) == false) continue;
            claimed.Add(_cluster.Write(orphan, json => json.Object("metadata").List("ownerReferences").Add(OwnerReference.To(owner))));
        }
        return claimed;
    }

    private void Note(StoredObject stored, bool isGone)
    {
        if (stored.Resource != ApiResources.Pods && stored.Resource != ApiResources.ReplicaSets && stored.Resource != ApiResources.ControllerRevisions) return;
        var key = (stored.Resource, stored.Namespace);
        var isOrphan = !isGone && stored.ControllerUid.Length == 0;
        if (_orphans.TryGetValue(key, out var names))
        {
            if (isOrphan) names.Add(stored.Name);
            else names.Remove(stored.Name);
        }
        else if (isOrphan)
        {
            _orphans[key] = new(StringComparer.Ordinal) { stored.Name };
        }
    }
}
