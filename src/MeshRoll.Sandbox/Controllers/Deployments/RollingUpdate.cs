using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>How pods move from old ReplicaSets to the new one, and how all are brought to another size (rolling.go, sync.go).</summary>
internal static class RollingUpdate
{
    /// <summary>Takes the next step: grows the new ReplicaSet or else shrinks the old ones, as far as the limits allow by now.</summary>
    public static void RollOut(DeploymentPass pass)
    {
        if (pass.New is null) pass.CreateNew();
        if (GrowNew(pass) || ShrinkOld(pass)) return;
        CleanUpWhenDone(pass);
    }

    private static bool GrowNew(DeploymentPass pass)
    {
        var (wish, present) = (pass.Wish, pass.New!.As<ReplicaSetView>().Replicas);
        var total = present + pass.HeldByOld;
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

    /// <summary>Deletes old ReplicaSets, unless a rollout is under way.</summary>
    public static void CleanUpWhenDone(DeploymentPass pass)
    {
        if (pass.WasComplete) pass.CleanUp();
    }

    /// <summary>Brings the ReplicaSets to a new total without rolling anything out (sync.go, scale).</summary>
    public static void Rescale(DeploymentPass pass)
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
            return new(view.Replicas, view.Number(pass.Book.MaxReplicas) ?? wish.Status.Replicas);
        }
    }

    private static bool IsSaturated(DeploymentPass pass) =>
        pass.New?.As<ReplicaSetView>() is { } set && set.Replicas == pass.Wish.Replicas && set.Number(pass.Book.DesiredReplicas) == pass.Wish.Replicas
        && set.Status.Available == pass.Wish.Replicas;
}
