using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.Garbage;

/// <summary>
/// Deletes what belongs to objects that are gone, and lets go of objects that wait for their dependents: deletion in the background, in the
/// foreground, or with orphans (pkg/controller/garbagecollector).
/// </summary>
internal sealed class GarbageCollector
{
    private readonly Cluster _cluster;
    private readonly HashSet<string> _queued = new(StringComparer.Ordinal);

    public GarbageCollector(Cluster cluster)
    {
        _cluster = cluster;
        cluster.Store.Changed += Observe;
    }

    private void Observe(StoreChange change)
    {
        var stored = change.Object;
        if (change.Type == ChangeType.Deleted)
        {
            foreach (var dependent in _cluster.Store.OwnedBy(stored.Uid)) Enqueue(dependent.Uid);
        }
        else if (stored.IsDeleting && stored.HasFinalizers)
        {
            Enqueue(stored.Uid);
        }
        for (var i = 0; i < stored.Owners.Count; i++)
        {
            // An owner that is gone by now takes it along, and one that waits may be waiting for this one.
            var owner = _cluster.Store.FindByUid(stored.Owners[i]);
            if (owner is null && change.Type != ChangeType.Deleted) Enqueue(stored.Uid);
            else if (owner is { IsDeleting: true, HasFinalizers: true }) Enqueue(owner.Uid);
        }
    }

    private void Enqueue(string uid)
    {
        if (!_queued.Add(uid)) return;
        _cluster.Simulation.Soon(() =>
        {
            _queued.Remove(uid);
            try
            {
                Process(uid);
            }
            catch (ApiStatusException)
            {
                // Somebody does not let go of it for now, such as a webhook.
                _cluster.Simulation.After(TimeSpan.FromSeconds(5), () => Enqueue(uid), background: true);
            }
        });
    }

    private void Process(string uid)
    {
        if (_cluster.Store.FindByUid(uid) is not { } stored) return;
        var finalizers = stored.HasFinalizers ? Finalizers(stored) : [];
        if (stored.IsDeleting && finalizers.Contains(Deletion.OrphanFinalizer)) Orphan(stored);
        else if (stored.IsDeleting && finalizers.Contains(Deletion.ForegroundFinalizer)) AwaitDependents(stored);
        else if (!stored.IsDeleting && stored.Owners.Count > 0) JudgeDependent(stored, finalizers);
    }

    /// <summary>Cuts an object's dependents loose, then lets it go.</summary>
    private void Orphan(StoredObject owner)
    {
        foreach (var dependent in _cluster.Store.OwnedBy(owner.Uid)) _cluster.Write(dependent, json => OwnerReference.Remove(json, owner.Uid));
        RemoveFinalizer(owner, Deletion.OrphanFinalizer);
    }

    /// <summary>Deletes an object's dependents; lets it go when none is left that holds it up.</summary>
    private void AwaitDependents(StoredObject owner)
    {
        var blocked = false;
        foreach (var dependent in _cluster.Store.OwnedBy(owner.Uid))
        {
            if (!dependent.IsDeleting) Enqueue(dependent.Uid);
            blocked |= Reference(dependent, owner.Uid).Flag("blockOwnerDeletion");
        }
        if (!blocked) RemoveFinalizer(owner, Deletion.ForegroundFinalizer);
    }

    /// <summary>Deletes an object none of whose owners stays; one that has another owner only forgets those that do not.</summary>
    private void JudgeDependent(StoredObject dependent, IReadOnlyList<string> finalizers)
    {
        var waiting = dependent.Owners.Where(owner => _cluster.Store.FindByUid(owner) is { IsDeleting: true } deleted && Finalizers(deleted).Contains(Deletion.ForegroundFinalizer)).ToList();
        var dangling = dependent.Owners.Where(owner => _cluster.Store.FindByUid(owner) is null).ToList();
        if (waiting.Count + dangling.Count == 0) return;
        if (waiting.Count + dangling.Count < dependent.Owners.Count)
        {
            _cluster.Write(dependent, json =>
            {
                foreach (var owner in waiting.Concat(dangling)) OwnerReference.Remove(json, owner);
            });
            return;
        }
        // What is awaited shall in turn await its own dependents.
        var policy = waiting.Count > 0 && _cluster.Store.OwnedBy(dependent.Uid).Any() ? "Foreground"
            : finalizers.Contains(Deletion.OrphanFinalizer) ? "Orphan"
            : finalizers.Contains(Deletion.ForegroundFinalizer) ? "Foreground"
            : "Background";
        _cluster.Delete(dependent, new DeleteOptions { PropagationPolicy = policy, Uid = dependent.Uid });
    }

    private void RemoveFinalizer(StoredObject stored, string finalizer) => _cluster.Change(stored, json =>
    {
        var list = json.Object("metadata").List("finalizers");
        foreach (var entry in list.Where(entry => entry?.GetValue<string>() == finalizer).ToList()) list.Remove(entry);
        if (list.Count == 0) json.Object("metadata").Remove("finalizers");
    });

    private static IReadOnlyList<string> Finalizers(StoredObject stored)
    {
        if (!stored.HasFinalizers) return [];
        using var document = JsonDocument.Parse(stored.Json);
        return [.. document.RootElement.Items("metadata", "finalizers").Select(finalizer => finalizer.GetString() ?? "")];
    }

    private static JsonObject? Reference(StoredObject dependent, string ownerUid) =>
        dependent.ToJson().Items("metadata", "ownerReferences").FirstOrDefault(reference => reference.Text("uid") == ownerUid);
}
