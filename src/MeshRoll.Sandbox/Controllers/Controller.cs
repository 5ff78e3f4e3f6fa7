using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// Brings one kind of object to what its spec says, whenever something about it may have changed: told of changes, it remembers whose turn it is and
/// looks at each once, after the change that woke it.
/// </summary>
internal abstract class Controller
{
    // The real controllers' rate limiter: 5 ms, doubled with each failure.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(5);

    // About five minutes of retries in sum. What fails for longer is tried again as time passes, but virtual time does not run for its sake: it would run for ever.
    private const int RetriesInForeground = 16;
    private const int LongestDoubling = 17;

    private readonly ApiResource[] _managed;
    private readonly HashSet<(string Namespace, string Name)> _queued = [];
    private readonly Dictionary<(string Namespace, string Name), PendingWork> _planned = [];
    private readonly Dictionary<(string Namespace, string Name), int> _failures = [];
    private (string Namespace, string Name)? _turn;

    /// <param name="cluster">The cluster it works on.</param>
    /// <param name="resource">The kind of object it cares for.</param>
    /// <param name="managed">The kinds of objects that it makes for them: a change of one wakes its owner.</param>
    protected Controller(Cluster cluster, ApiResource resource, params ApiResource[] managed)
    {
        (Cluster, Resource, _managed) = (cluster, resource, managed);
        cluster.Store.Changed += Observe;
    }

    /// <summary>Looks at everything there is, for a cluster that has objects already.</summary>
    public virtual void LookAtAll()
    {
        foreach (var stored in Cluster.Store.List(Resource)) Observe(new(stored.Version, ChangeType.Added, stored, null));
    }

    /// <summary>The cluster it works on.</summary>
    protected Cluster Cluster { get; }

    /// <summary>The kind of object it cares for.</summary>
    protected ApiResource Resource { get; }

    /// <summary>Whether there may be something to do about an object when nothing has changed but what this controller has just said of it.</summary>
    /// <param name="before">The object before.</param>
    /// <param name="after">The object with the new status.</param>
    protected virtual bool HeedsOwnReport(StoredObject before, StoredObject after) => true;

    /// <summary>
    /// Brings one object on; it exists. Called again whenever something about it changes, when the time of <see cref="EnqueueAfter"/> has come, and
    /// after a growing while when it throws <see cref="ApiStatusException"/>.
    /// </summary>
    protected abstract void Reconcile(StoredObject target);

    /// <summary>One object is gone.</summary>
    protected virtual void Forget(string @namespace, string name)
    {
    }

    /// <summary>Which objects without an owner belong to an object of this kind; null where none is taken in.</summary>
    protected virtual LabelSelector? SelectorOf(StoredObject target) => null;

    /// <summary>Wakes whoever this change concerns: by itself the object, the owner of what it manages, and whoever might take in what has no owner.</summary>
    protected virtual void Observe(StoreChange change)
    {
        if (change.Object.Resource == Resource)
        {
            if (!IsOwnReport(change) || HeedsOwnReport(change.Before!, change.Object)) Enqueue(change.Object.Namespace, change.Object.Name);
            return;
        }
        if (!_managed.Contains(change.Object.Resource)) return;
        WakeOwner(change.Object);
        if (change.Before is { } before && before.ControllerUid != change.Object.ControllerUid) WakeOwner(before);
        if (change.Object.ControllerUid.Length == 0 && change.Type != ChangeType.Deleted) WakeAdopters(change.Object);
    }

    /// <summary>Looks at an object soon.</summary>
    protected void Enqueue(string @namespace, string name)
    {
        if (!_queued.Add((@namespace, name))) return;
        Cluster.Simulation.Soon(() => TakeTurn((@namespace, name)));
    }

    /// <inheritdoc cref="Enqueue(string, string)"/>
    protected void Enqueue(StoredObject target) => Enqueue(target.Namespace, target.Name);

    /// <summary>Looks at an object again after a while, unless its turn comes before; the earliest of several calls counts.</summary>
    protected void EnqueueAfter(StoredObject target, TimeSpan delay, bool background = false)
    {
        var key = (target.Namespace, target.Name);
        if (_planned.TryGetValue(key, out var planned))
        {
            if (!planned.IsOver && planned.Due <= Cluster.Now + delay && (background || !planned.IsBackground)) return;
            planned.Cancel();
        }
        _planned[key] = Cluster.Simulation.After(delay, () => Enqueue(key.Namespace, key.Name), background);
    }

    private void TakeTurn((string Namespace, string Name) key)
    {
        _queued.Remove(key);
        // Whoever still has reason to come back says so in this turn.
        if (_planned.Remove(key, out var planned)) planned.Cancel();
        if (Cluster.Store.Find(Resource, key.Namespace, key.Name) is not { } target)
        {
            _failures.Remove(key);
            Forget(key.Namespace, key.Name);
            return;
        }
        try
        {
            _turn = key;
            Reconcile(target);
            _failures.Remove(key);
        }
        catch (ApiStatusException)
        {
            var failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            EnqueueAfter(target, FirstRetry * Math.Pow(2, Math.Min(failures, LongestDoubling)), background: failures >= RetriesInForeground);
        }
        finally
        {
            _turn = null;
        }
    }

    private bool IsOwnReport(StoreChange change) =>
        change.Before is { } before && _turn == (before.Namespace, before.Name) && change.Type == ChangeType.Modified && change.Object.Metadata == before.Metadata && change.Object.Wish == before.Wish;

    private void WakeOwner(StoredObject child)
    {
        if (child.ControllerUid.Length > 0 && Cluster.Store.FindByUid(child.ControllerUid) is { } owner && owner.Resource == Resource) Enqueue(owner);
    }

    private void WakeAdopters(StoredObject orphan)
    {
        foreach (var candidate in Cluster.Store.List(Resource, orphan.Namespace))
        {
            if (SelectorOf(candidate) is not { } selector) return;
            if (selector.Matches(orphan.Labels)) Enqueue(candidate);
        }
    }
}
