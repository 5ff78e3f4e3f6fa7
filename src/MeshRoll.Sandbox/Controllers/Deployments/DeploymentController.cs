using System.Text.Json.Nodes;
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

    /// <summary>What is complete may have ReplicaSets that are not kept any longer.</summary>
    protected override bool HeedsOwnReport(StoredObject before, StoredObject after) =>
        Cluster.Store.OwnedBy(after.Uid, ApiResources.ReplicaSets).Skip(1).Any() && IsComplete(after) && !IsComplete(before);

    private static bool IsComplete(StoredObject target) => target.As<DeploymentView>() is var wish && DeploymentStatusRules.IsComplete(wish, wish.Status);

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

        var pass = new DeploymentPass(Cluster, events, target, wish, claims.Claim(target, wish.Selector, ApiResources.ReplicaSets), RolloutDialect.Deployment, Describe);
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
            RollingUpdate.Rescale(pass);
            if (wish.IsPaused) pass.CleanUp();
            pass.SyncStatus();
            return;
        }

        if (wish.IsRecreate) Recreate(pass);
        else RollingUpdate.RollOut(pass);
        var status = pass.SyncRolloutStatus();
        if (DeploymentStatusRules.NextProgressCheck(wish, status, Cluster.Now) is { } delay) EnqueueAfter(target, delay);
    }

    private static JsonObject? Describe(DeploymentPass pass, DeploymentStatus status) => status.SameAs(pass.Wish.Status) ? null : status.ToJson();

    private void Recreate(DeploymentPass pass)
    {
        var anything = false;
        foreach (var set in pass.Old.Where(set => set.As<ReplicaSetView>().Replicas > 0).ToList()) anything |= pass.Scale(set, 0);
        if (anything || pass.Old.Any(HasPods)) return;
        if (pass.New is null) pass.CreateNew();
        if (!pass.Scale(pass.New!, pass.Wish.Replicas)) RollingUpdate.CleanUpWhenDone(pass);
    }

    // Pods that are about to end still count: two versions must never run side by side.
    private bool HasPods(StoredObject set) =>
        set.As<ReplicaSetView>().Status.Replicas > 0 || Cluster.Store.OwnedBy(set.Uid, ApiResources.Pods).Any(pod => !pod.As<PodView>().HasEnded);
}
