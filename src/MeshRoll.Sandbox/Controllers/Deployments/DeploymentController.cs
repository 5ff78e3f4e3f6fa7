using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>Rolls each Deployment's template out over ReplicaSets, and says how far it is.</summary>
internal sealed class DeploymentController(Cluster cluster, EventRecorder events, Claims claims) : Controller(cluster, ApiResources.Deployments, ApiResources.ReplicaSets)
{
    /// <inheritdoc/>
    protected override LabelSelector SelectorOf(StoredObject target) => target.As<DeploymentView>().Selector;

    /// <inheritdoc/>
    protected override void Observe(StoreChange change)
    {
        base.Observe(change);
        // With Recreate, the last old pod's end is what it waits for; no ReplicaSet tells of that, for it counts no ending pods.
        if (change.Type == ChangeType.Deleted && change.Object.Resource == ApiResources.Pods
            && Cluster.Store.FindByUid(change.Object.ControllerUid) is { } set
            && Cluster.Store.FindByUid(set.ControllerUid) is { } owner
            && owner.Resource == Resource && owner.As<DeploymentView>().IsRecreate)
        {
            Enqueue(owner);
        }
    }

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        var wish = target.As<DeploymentView>();
        if (wish.Selector.IsEverything) return;

        var pass = new DeploymentPass(Cluster, events, target, claims.Claim(target, wish.Selector, ApiResources.ReplicaSets));
        if (target.IsDeleting)
        {
            pass.SyncNew();
            pass.SyncStatus();
            return;
        }
        pass.NotePause();
        pass.SyncNew();
        if (wish.IsPaused || pass.WasScaled)
        {
            Rescale(pass);
            if (wish.IsPaused) pass.CleanUp();
            pass.SyncStatus();
            return;
        }

        if (wish.IsRecreate) Recreate(pass);
        else RollOut(pass);
        var status = pass.SyncRolloutStatus();
        if (DeploymentStatusRules.NextProgressCheck(wish, status, Cluster.Now) is { } delay) EnqueueAfter(target, delay);
    }

    private static void RollOut(DeploymentPass pass)
    {
        if (pass.New is null) pass.CreateNew();
        if (GrowNew(pass) || ShrinkOld(pass)) return;
        CleanUpWhenDone(pass);
    }

    private static bool GrowNew(DeploymentPass pass)
    {
        var (wish, present) = (pass.Wish, pass.New!.As<ReplicaSetView>().Replicas);
        var total = present + pass.Old.Sum(set => set.As<ReplicaSetView>().Held);
        return pass.Scale(pass.New!, present > wish.Replicas ? wish.Replicas : RollingArithmetic.NewReplicas(wish.Replicas, wish.Limits.Surge, total, present));
    }

    private static bool ShrinkOld(DeploymentPass pass)
    {
        StoredObject[] old = [.. pass.Old.Where(set => set.As<ReplicaSetView>().Replicas > 0)];
        if (old.Length == 0) return false;
        var sizes = RollingArithmetic.OldReplicas([.. old.Select(Size)], Size(pass.New!), pass.Wish.Replicas, pass.Wish.Limits.Unavailable);
        var anything = false;
        for (var i = 0; i < old.Length; i++)
        {
            if (sizes[i] != old[i].As<ReplicaSetView>().Replicas) anything |= pass.Scale(old[i], sizes[i]);
        }
        return anything;

        static RollingArithmetic.Size Size(StoredObject set) => new(set.As<ReplicaSetView>().Replicas, set.As<ReplicaSetView>().Available);
    }

    private void Recreate(DeploymentPass pass)
    {
        var anything = false;
        foreach (var set in pass.Old.Where(set => set.As<ReplicaSetView>().Replicas > 0).ToList()) anything |= pass.Scale(set, 0);
        if (anything || pass.Old.Any(HasPods)) return;
        if (pass.New is null) pass.CreateNew();
        if (!pass.Scale(pass.New!, pass.Wish.Replicas)) CleanUpWhenDone(pass);
    }

    // Pods that are about to end still count: two versions must never run side by side.
    private bool HasPods(StoredObject set) =>
        set.As<ReplicaSetView>().Status.Replicas > 0 || Cluster.Store.OwnedBy(set.Uid, ApiResources.Pods).Any(pod => !pod.As<PodView>().HasEnded);

    private static void CleanUpWhenDone(DeploymentPass pass)
    {
        if (pass.WasComplete) pass.CleanUp();
    }

    /// <summary>Brings the ReplicaSets to a new total without rolling anything out (sync.go, scale).</summary>
    private static void Rescale(DeploymentPass pass)
    {
        var wish = pass.Wish;
        StoredObject[] active = [.. pass.All.Where(set => set.As<ReplicaSetView>().Replicas > 0)];
        if (active.Length <= 1)
        {
            var newest = pass.New ?? (pass.Old is [.., var last] ? last : null);
            if ((active is [var single] ? single : newest) is { } only) pass.Scale(only, wish.Replicas);
            return;
        }
        if (IsSaturated(pass))
        {
            foreach (var set in active.Where(set => set != pass.New)) pass.Scale(set, 0);
            return;
        }
        if (wish.IsRecreate) return;

        var grows = wish.Replicas > 0 && wish.Replicas + wish.Limits.Surge > active.Sum(set => set.As<ReplicaSetView>().Replicas);
        active = [.. active.OrderBy(set => set.As<ReplicaSetView>().Created).ThenBy(set => set.Name, StringComparer.Ordinal)];
        // Of equal ones, the newest shall grow first and the oldest shrink first; sorting by size keeps that order.
        if (grows) Array.Reverse(active);
        active = [.. active.OrderByDescending(set => set.As<ReplicaSetView>().Replicas)];
        var sizes = ProportionalScaling.Sizes([.. active.Select(Share)], wish.Replicas, wish.Limits.Surge);
        for (var i = 0; i < active.Length; i++) pass.Scale(active[i], sizes[i]);

        ProportionalScaling.Share Share(StoredObject set)
        {
            var view = set.As<ReplicaSetView>();
            return new(view.Replicas, view.Number(RevisionAnnotations.MaxReplicas) ?? wish.Status.Replicas);
        }
    }

    private static bool IsSaturated(DeploymentPass pass) =>
        pass.New?.As<ReplicaSetView>() is { } set && set.Replicas == pass.Wish.Replicas && set.Number(RevisionAnnotations.DesiredReplicas) == pass.Wish.Replicas
        && set.Status.Available == pass.Wish.Replicas;
}
