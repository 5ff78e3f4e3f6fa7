using System.Net;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.Plans.Leasing;

/// <summary>Asks something of a run that is under way, on whichever machine: by a word on its Lease, which it reads within seconds.</summary>
public sealed class RunControl(ClusterSession session)
{
    /// <summary>Asks the run to start nothing more until it is resumed. False when nobody carries the plan out.</summary>
    public Task<bool> SuspendAsync(MeshRolloutPlan plan, CancellationToken cancellationToken = default) => WishAsync(plan, new RunWish(RunWishKind.Suspend, RunsOfThisMachine.By), cancellationToken);

    /// <summary>Asks the run to start nothing more, and to end when what moves has ended. False when nobody carries the plan out.</summary>
    public Task<bool> StopAsync(MeshRolloutPlan plan, CancellationToken cancellationToken = default) => WishAsync(plan, new RunWish(RunWishKind.Stop, RunsOfThisMachine.By), cancellationToken);

    /// <summary>Asks a suspended run to go on. False when nobody carries the plan out: then it is to be taken up again.</summary>
    public Task<bool> ResumeAsync(MeshRolloutPlan plan, CancellationToken cancellationToken = default) => WishAsync(plan, new RunWish(RunWishKind.Resume, RunsOfThisMachine.By), cancellationToken);

    /// <summary>Who carries a plan out; null for nobody.</summary>
    public async Task<string?> HolderAsync(MeshRolloutPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var found = await session.Client.FindAsync(Resources.Leases, plan.LeaseNamespace, PlanLease.NameOf(plan.Id), cancellationToken);
        if (found is null || found.Spec.HolderIdentity.Length == 0) return null;
        var isGone = LeaseHolder.Parse(found.Spec.HolderIdentity) is { } holder && !holder.MayRun(found.Spec.AcquireTime ?? DateTimeOffset.MaxValue, RunsOfThisMachine.Instance);
        // Clocks may differ; twice the time is certain enough for a question.
        var isStale = found.Spec.RenewTime is { } renewed && session.TimeProvider.GetUtcNow() - renewed > 2 * LeaseRules.Duration;
        return isGone || isStale ? null : found.Spec.HolderIdentity;
    }

    private async Task<bool> WishAsync(MeshRolloutPlan plan, RunWish wish, CancellationToken cancellationToken)
    {
        if (await HolderAsync(plan, cancellationToken) is null) return false;
        try
        {
            await session.Client.PatchAsync(Resources.Leases, plan.LeaseNamespace, PlanLease.NameOf(plan.Id), LeaseText.Wish(wish), Replay.Safe, cancellationToken: cancellationToken);
            return true;
        }
        catch (ApiException gone) when (gone.Code == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
