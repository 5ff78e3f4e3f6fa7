using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Plans.Windows;

namespace MeshRoll.Core.Plans.Runs;

/// <summary>
/// What keeps a run from starting anything now: a closed window, a freeze, somebody's wish, a Lease or a journal that is gone. Waits in short pieces, so that a
/// clock that is set, or a machine that slept, is noticed.
/// </summary>
internal sealed class RunHold(ClusterSession session, MeshRolloutPlan plan, PlanLease lease, RunRecorder recorder)
{
    private static readonly TimeSpan Piece = TimeSpan.FromSeconds(5);

    private bool _isPaused;

    /// <summary>When something may be started now: the plan's windows, or those of the wave whose turn it is.</summary>
    public PlanCalendar Calendar { get; set; } = plan.Calendar;

    /// <summary>Whether nothing may be started at this moment. Asks nothing of the cluster.</summary>
    public bool IsOn => recorder.Broken is not null || !lease.IsSure || lease.Wish.Kind is RunWishKind.Suspend or RunWishKind.Stop || recorder.State.IsSuspended || !Calendar.IsOpen(Now);

    private DateTimeOffset Now => session.TimeProvider.GetUtcNow();

    /// <summary>Waits until something may be started.</summary>
    /// <returns>False when the run is to stop instead; the journal says so then.</returns>
    public async Task<bool> PassAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (recorder.Broken is { } broken) throw broken;
            var news = lease.News();
            if (await IsStoppedAsync(cancellationToken)) return false;
            await HeedAsync(cancellationToken);
            if (!recorder.State.IsSuspended)
            {
                var isOpen = Calendar.IsOpen(Now);
                if (isOpen && lease.IsSure) break;
                if (!isOpen && !_isPaused) recorder.Write(RunEvent.Paused, Calendar.Because(Now), until: Calendar.NextChange(Now));
                _isPaused |= !isOpen;
            }
            await WaitAsync(news, Calendar.NextChange(Now), cancellationToken);
        }
        if (_isPaused) recorder.Write(RunEvent.Continued);
        _isPaused = false;
        return true;
    }

    /// <summary>Waits until a time, whatever the windows say; heeds what somebody wants meanwhile.</summary>
    /// <returns>False when the run is to stop instead.</returns>
    public async Task<bool> UntilAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (recorder.Broken is { } broken) throw broken;
            var news = lease.News();
            if (await IsStoppedAsync(cancellationToken)) return false;
            await HeedAsync(cancellationToken);
            if (Now >= until) return true;
            await WaitAsync(news, until, cancellationToken);
        }
    }

    private Task WaitAsync(Task news, DateTimeOffset? until, CancellationToken cancellationToken) =>
        Moments.WaitAsync(news, Moments.Earliest(until, Now + Piece), session.TimeProvider, cancellationToken);

    private async Task<bool> IsStoppedAsync(CancellationToken cancellationToken)
    {
        if (lease.Wish is not { Kind: RunWishKind.Stop } wish) return false;
        recorder.Write(RunEvent.Stopped, $"stopped by {wish.By}");
        await lease.FulfilAsync(wish, cancellationToken);
        return true;
    }

    private async Task HeedAsync(CancellationToken cancellationToken)
    {
        var (wish, isSuspended) = (lease.Wish, recorder.State.IsSuspended);
        if (wish.Kind == RunWishKind.Suspend && !isSuspended) recorder.Write(RunEvent.Suspended, $"suspended by {wish.By}");
        if (wish.Kind != RunWishKind.Resume) return;
        if (isSuspended) recorder.Write(RunEvent.Resumed, $"resumed by {wish.By}");
        await lease.FulfilAsync(wish, cancellationToken);
    }
}
