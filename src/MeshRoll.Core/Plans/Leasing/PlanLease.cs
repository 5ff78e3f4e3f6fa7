using System.Net;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.Plans.Leasing;

/// <summary>
/// The Lease of a plan in the cluster, held by this run: renewed in the background, and given up (<see cref="Lost"/>) well before anybody else may take it.
/// Time is measured by the monotonic clock: a clock that is set neither lengthens nor shortens it. But the one on the wall tells of a machine that slept
/// (<see cref="IsSure"/>).
/// </summary>
internal sealed class PlanLease : IAsyncDisposable
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(100);

    private readonly ClusterSession _session;
    private readonly string _namespace;
    private readonly string _name;
    private readonly LeaseHolder _me;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly object _gate = new();
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private Lease _held;
    private (long Stamp, DateTimeOffset Time) _renewedAt;
    private RunWish _wish;
    private TaskCompletionSource _news = NewSignal();
    private Task _renewing = Task.CompletedTask;

    private PlanLease(ClusterSession session, string @namespace, string name, LeaseHolder me, Lease held, (long Stamp, DateTimeOffset Time) renewedAt)
    {
        (_session, _namespace, _name, _me, _held, _renewedAt, _wish) = (session, @namespace, name, me, held, renewedAt, RunWish.Of(held));
        Lost = _lost.Token;
    }

    /// <summary>Cancelled when the Lease is, or soon may be, somebody else's. Nothing may be written from then on.</summary>
    public CancellationToken Lost { get; }

    /// <summary>
    /// Whether it is held for certain at this moment. A process that was stopped for a while, or a machine that slept, is not told that time went by: this is
    /// to be asked right before anything is begun. False also while it is not known; the next renewal tells.
    /// </summary>
    public bool IsSure
    {
        get
        {
            lock (_gate) return !Lost.IsCancellationRequested && LeaseRules.IsSure(Clock.GetElapsedTime(_renewedAt.Stamp), Clock.GetUtcNow() - _renewedAt.Time);
        }
    }

    private TimeProvider Clock => _session.TimeProvider;

    /// <summary>Why it was lost; empty while it is held.</summary>
    public string LostBecause { get; private set; } = "";

    /// <summary>What somebody wants of the run.</summary>
    public RunWish Wish
    {
        get
        {
            lock (_gate) return _wish;
        }
    }

    /// <summary>Completes with the next change of <see cref="Wish"/>. To be had before a look.</summary>
    public Task News()
    {
        lock (_gate)
        {
            if (_news.Task.IsCompleted) _news = NewSignal();
            return _news.Task;
        }
    }

    /// <summary>The name of a plan's Lease.</summary>
    public static string NameOf(string plan) => $"meshroll-plan-{plan}";

    /// <summary>Gets the Lease, however long that takes.</summary>
    /// <param name="session">The cluster.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="me">This run.</param>
    /// <param name="waits">Told whom it waits for, once for each; false gives up.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>It, renewed from now on; null when the caller gave up.</returns>
    /// <exception cref="MeshRollException">The Lease may not be read or written.</exception>
    public static async Task<PlanLease?> AcquireAsync(ClusterSession session, MeshRolloutPlan plan, LeaseHolder me, Func<string, bool> waits, CancellationToken cancellationToken)
    {
        var (clock, name, told) = (session.TimeProvider, NameOf(plan.Id), "");
        var (seen, since) = ("", clock.GetTimestamp());
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var found = await session.Client.FindAsync(Resources.Leases, plan.LeaseNamespace, name, cancellationToken);
            var version = found is null ? "" : $"{found.Metadata.Uid} {found.Metadata.ResourceVersion}";
            if (version != seen) (seen, since) = (version, clock.GetTimestamp());
            var asked = Moment(clock);
            try
            {
                Lease held;
                switch (LeaseRules.Decide(found, me, clock.GetElapsedTime(since), session.Runs))
                {
                    case LeaseStep.Wait wait:
                        if (told != wait.By && !waits(wait.By)) return null;
                        told = wait.By;
                        await Task.Delay(wait.For < AskAgain ? wait.For : AskAgain, clock, cancellationToken);
                        continue;
                    case LeaseStep.Create:
                        held = await session.Client.CreateAsync(Resources.Leases, plan.LeaseNamespace, LeaseText.Create(plan.LeaseNamespace, name, plan.Id, me.ToString(), clock.GetUtcNow()), cancellationToken: cancellationToken);
                        break;
                    default:
                        var patch = LeaseText.Take(found!.Metadata.ResourceVersion, me.ToString(), clock.GetUtcNow(), found.Spec.LeaseTransitions + 1);
                        held = await session.Client.PatchAsync(Resources.Leases, plan.LeaseNamespace, name, patch, Replay.Never, cancellationToken: cancellationToken);
                        break;
                }
                var lease = new PlanLease(session, plan.LeaseNamespace, name, me, held, asked);
                lease._renewing = lease.RenewAsync(lease._stop.Token);
                return lease;
            }
            catch (ApiException error) when (error.Code is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
            {
                // Somebody was quicker, or it went this moment; a namespace that is not there stays so.
                if (error.Code == HttpStatusCode.NotFound && found is null) throw;
                await Task.Delay(TryAgain, clock, cancellationToken);
            }
        }
    }

    /// <summary>Takes a wish off the Lease, so that it does not count for the next run. Another one that came meanwhile stays, and is <see cref="Wish"/> then.</summary>
    public async Task FulfilAsync(RunWish fulfilled, CancellationToken cancellationToken)
    {
        // Beside a renewal, the later answer might tell of the earlier Lease, and a wish that is fulfilled would be there again.
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            while (await _session.Client.FindAsync(Resources.Leases, _namespace, _name, cancellationToken) is { } found && found.Spec.HolderIdentity == _me.ToString())
            {
                Took(found, null);
                if (RunWish.Of(found) != fulfilled) return;
                try
                {
                    Took(await _session.Client.PatchAsync(Resources.Leases, _namespace, _name, LeaseText.Unwish(found.Metadata.ResourceVersion), Replay.Never, cancellationToken: cancellationToken), null);
                    return;
                }
                catch (ApiException changed) when (changed.Code == HttpStatusCode.Conflict)
                {
                    // Somebody wished anew this moment: look again.
                }
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Gives it back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        if (!Lost.IsCancellationRequested) await ReleaseAsync();
        _lost.Dispose();
        _stop.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var (clock, pause) = (_session.TimeProvider, LeaseRules.RenewEvery);
        try
        {
            while (true)
            {
                await Task.Delay(pause, clock, cancellationToken);
                var left = LeaseRules.StopAfter - clock.GetElapsedTime(_renewedAt.Stamp);
                if (left <= TimeSpan.Zero)
                {
                    await LoseAsync($"the Lease could not be renewed for {LeaseRules.StopAfter.TotalSeconds:0} s");
                    return;
                }
                // An answer that does not come must not keep the run from stopping in time.
                using var enough = new CancellationTokenSource(left, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enough.Token);
                try
                {
                    if (!await RenewOnceAsync(either.Token)) return;
                    pause = LeaseRules.RenewEvery;
                }
                catch (Exception error) when (error is MeshRollException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    pause = AskAgain;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Enough.
        }
    }

    private async Task<bool> RenewOnceAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await TryRenewAsync(cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>False when it is somebody else's.</summary>
    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        var asked = Moment(Clock);
        string version;
        lock (_gate) version = _held.Metadata.ResourceVersion;
        try
        {
            Took(await _session.Client.PatchAsync(Resources.Leases, _namespace, _name, LeaseText.Renew(version, _me.ToString(), Clock.GetUtcNow()), Replay.Never, cancellationToken: cancellationToken), asked);
            return true;
        }
        catch (ApiException error) when (error.Code is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            // Somebody wrote a wish, took the Lease, or deleted it.
            var found = await _session.Client.FindAsync(Resources.Leases, _namespace, _name, cancellationToken);
            if (found?.Spec.HolderIdentity != _me.ToString())
            {
                await LoseAsync(found is null ? "the Lease was deleted" : $"the Lease was taken by {(found.Spec.HolderIdentity.Length == 0 ? "nobody" : found.Spec.HolderIdentity)}");
                return false;
            }
            Took(found, null);
            asked = Moment(Clock);
            Took(await _session.Client.PatchAsync(Resources.Leases, _namespace, _name, LeaseText.Renew(found.Metadata.ResourceVersion, _me.ToString(), Clock.GetUtcNow()), Replay.Never, cancellationToken: cancellationToken), asked);
            return true;
        }
    }

    private void Took(Lease lease, (long Stamp, DateTimeOffset Time)? renewedAt)
    {
        lock (_gate)
        {
            var before = _wish;
            (_held, _wish, _renewedAt) = (lease, RunWish.Of(lease), renewedAt ?? _renewedAt);
            // Whoever waits for it to be sure again is to look.
            if (before != _wish || renewedAt is not null) _news.TrySetResult();
        }
    }

    private async Task LoseAsync(string because)
    {
        LostBecause = because;
        lock (_gate) _news.TrySetResult();
        await _lost.CancelAsync();
    }

    private async Task ReleaseAsync()
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(10), Clock);
        try
        {
            while (!await TryReleaseAsync(enough.Token)) await Task.Delay(TryAgain, Clock, enough.Token);
        }
        catch (Exception gone) when (gone is MeshRollException or OperationCanceledException)
        {
            // It runs out by itself.
        }
    }

    /// <summary>False when it should be looked at again.</summary>
    private async Task<bool> TryReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _session.Client.DeleteAsync(Resources.Leases, _namespace, _name, new() { Uid = _held.Metadata.Uid, ResourceVersion = _held.Metadata.ResourceVersion }, cancellationToken);
            return true;
        }
        catch (ApiException gone) when (gone.Code == HttpStatusCode.NotFound)
        {
            return true;
        }
        catch (MeshRollException refused)
        {
            if (await _session.Client.FindAsync(Resources.Leases, _namespace, _name, cancellationToken) is not { } found || found.Spec.HolderIdentity != _me.ToString()) return true;
            _held = found;
            // Somebody has wished something this moment, or the server is in trouble. Where it may not be deleted it is to say at least that nobody holds it.
            if (refused is not ApiException { Code: HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed }) return false;
            await _session.Client.PatchAsync(Resources.Leases, _namespace, _name, LeaseText.Release(found.Metadata.ResourceVersion), Replay.Never, cancellationToken: cancellationToken);
            return true;
        }
    }

    // By both clocks: one does not go on while the machine sleeps, the other may be set.
    private static (long Stamp, DateTimeOffset Time) Moment(TimeProvider clock) => (clock.GetTimestamp(), clock.GetUtcNow());

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
