using System.Net;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.Plans.Leasing;

/// <summary>Asks something of a run that is under way, on whichever machine: by a word on its Lease, which it reads within seconds.</summary>
public sealed class RunControl(ClusterSession session)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    /// <summary>A run that lives renews its Lease within this time, though one request be lost.</summary>
    private static readonly TimeSpan RenewedWithin = LeaseRules.RenewEvery + TimeSpan.FromSeconds(5);

    /// <summary>Asks the run to start nothing more until it is resumed. False when nobody carries the plan out.</summary>
    public Task<bool> SuspendAsync(MeshRolloutPlan plan, CancellationToken cancellationToken = default) => WishAsync(plan, new RunWish(RunWishKind.Suspend, session.Runs.By), cancellationToken);

    /// <summary>Asks the run to start nothing more, and to end when what moves has ended. False when nobody carries the plan out.</summary>
    public Task<bool> StopAsync(MeshRolloutPlan plan, CancellationToken cancellationToken = default) => WishAsync(plan, new RunWish(RunWishKind.Stop, session.Runs.By), cancellationToken);

    /// <summary>Asks a suspended run to go on. False when nobody carries the plan out: then it is to be taken up again.</summary>
    public Task<bool> ResumeAsync(MeshRolloutPlan plan, CancellationToken cancellationToken = default) => WishAsync(plan, new RunWish(RunWishKind.Resume, session.Runs.By), cancellationToken);

    /// <summary>Who carries a plan out; null for nobody.</summary>
    public async Task<string?> HolderAsync(MeshRolloutPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var found = await session.Client.FindAsync(Resources.Leases, plan.LeaseNamespace, PlanLease.NameOf(plan.Id), cancellationToken);
        if (found is null || found.Spec.HolderIdentity.Length == 0) return null;
        var isGone = LeaseHolder.Parse(found.Spec.HolderIdentity) is { } holder && !holder.MayRun(found.Spec.AcquireTime ?? DateTimeOffset.MaxValue, session.Runs);
        if (isGone) return null;
        var looksStale = found.Spec.RenewTime is { } renewed && session.TimeProvider.GetUtcNow() - renewed > LeaseRules.Duration;
        return looksStale && !await IsRenewedAsync(plan, found, cancellationToken) ? null : found.Spec.HolderIdentity;
    }

    /// <summary>The clocks of two machines may differ by minutes: whether a Lease is held shows in that it changes.</summary>
    private async Task<bool> IsRenewedAsync(MeshRolloutPlan plan, Lease found, CancellationToken cancellationToken)
    {
        var began = session.TimeProvider.GetTimestamp();
        while (session.TimeProvider.GetElapsedTime(began) < RenewedWithin)
        {
            await Task.Delay(AskAgain, session.TimeProvider, cancellationToken);
            if (await session.Client.FindAsync(Resources.Leases, plan.LeaseNamespace, PlanLease.NameOf(plan.Id), cancellationToken) is not { } now) return false;
            if (now.Metadata.ResourceVersion != found.Metadata.ResourceVersion) return now.Spec.HolderIdentity == found.Spec.HolderIdentity;
        }
        return false;
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
