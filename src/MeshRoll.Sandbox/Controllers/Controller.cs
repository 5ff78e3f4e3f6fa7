using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// Brings one kind of object to what its spec says, whenever something about it may have changed: told of changes, it remembers whose turn it is and
/// looks at each once, after the change that woke it.
/// </summary>
internal abstract class Controller
{
    private readonly HashSet<(string Namespace, string Name)> _queued = [];

    protected Controller(Cluster cluster, ApiResource resource)
    {
        Cluster = cluster;
        Resource = resource;
        cluster.Store.Changed += Observe;
    }

    /// <summary>The cluster it works on.</summary>
    protected Cluster Cluster { get; }

    /// <summary>The kind of object it cares for.</summary>
    protected ApiResource Resource { get; }

    /// <summary>Brings one object on; it exists. Called again whenever something about it changes, and after <see cref="EnqueueAfter"/>.</summary>
    protected abstract void Reconcile(StoredObject target);

    /// <summary>One object is gone.</summary>
    protected virtual void Forget(string @namespace, string name)
    {
    }

    /// <summary>Wakes whoever this change concerns: by itself the object, and the owner of what it manages.</summary>
    protected virtual void Observe(StoreChange change)
    {
        if (change.Object.Resource == Resource)
        {
            Enqueue(change.Object.Namespace, change.Object.Name);
            return;
        }
        if (change.Object.ControllerUid.Length > 0 && Cluster.Store.FindByUid(change.Object.ControllerUid) is { } owner && owner.Resource == Resource)
            Enqueue(owner.Namespace, owner.Name);
    }

    /// <summary>Looks at an object soon.</summary>
    protected void Enqueue(string @namespace, string name)
    {
        if (!_queued.Add((@namespace, name))) return;
        Cluster.Simulation.Soon(() =>
        {
            _queued.Remove((@namespace, name));
            if (Cluster.Store.Find(Resource, @namespace, name) is { } target) Reconcile(target);
            else Forget(@namespace, name);
        });
    }

    /// <summary>Looks at an object again after a while.</summary>
    protected void EnqueueAfter(StoredObject target, TimeSpan delay, bool background = false) =>
        Cluster.Simulation.After(delay, () => Enqueue(target.Namespace, target.Name), background);
}
