using System.Net;
using System.Runtime.CompilerServices;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.Plans.Runs;

/// <summary>Carries plans out, and goes on with them: one machine at a time, each workload once.</summary>
/// <remarks>
/// <code>
/// waiting for the Lease --> Begun --> wave --> soak --> gate --> wave --> … --> Completed
///        ^                    |  Paused while no window is open, Suspended while somebody wants it
///        '---- Lease lost ----+--> Stopped (told to, too many failures, a gate that stays closed), Interrupted (ended, killed, no journal)
/// </code>
/// Whatever ends it, it may be taken up again with the plan's file, and the journal where there is one.
/// </remarks>
public sealed class PlanRunner(ClusterSession session)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    /// <summary>The cluster.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>Opens the file of a journal; null for one on disk.</summary>
    internal Func<string, IJournalFile>? OpenJournal { get; init; }

    /// <summary>Carries a plan out to its end, or as far as it gets. Ends when the run has; the journal, and the last <see cref="RunNews.Recorded"/>, tell how.</summary>
    /// <exception cref="JournalException">While enumerating: the journal cannot be written, or is that of another plan.</exception>
    /// <exception cref="PlanTakenException">While enumerating: another machine carries it out, and it was not to be waited for.</exception>
    /// <exception cref="MeshRollException">While enumerating: the cluster cannot be reached, or the Lease may not be written.</exception>
    public async IAsyncEnumerable<RunNews> RunAsync(MeshRolloutPlan plan, PlanRunOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var news = new EventMailbox<RunNews>();
        var running = Task.Run(() => RunAsync(plan, options, news, stop.Token), CancellationToken.None);
        try
        {
            // To the end also when the caller has enough: the journal's last words are part of it.
            await foreach (var happened in news.ReadAllAsync(CancellationToken.None)) yield return happened;
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private async Task RunAsync(MeshRolloutPlan plan, PlanRunOptions options, EventMailbox<RunNews> news, CancellationToken cancellationToken)
    {
        var run = Session.Runs.Begin(plan.Id);
        try
        {
            var me = new LeaseHolder(Session.Runs.By, Session.Runs.Process, run);
            for (var isFirst = true; await TakeUpAsync(plan, options, me, news, isFirst, cancellationToken); isFirst = false)
            {
                // The Lease was lost, or the cluster: as soon as they can be had again, on with it.
                options = options with { TakesBackSuspension = false };
                await Task.Delay(AskAgain, Session.TimeProvider, cancellationToken);
            }
            news.Complete();
        }
        catch (Exception error)
        {
            // To the reader, who is the only one that can tell the user.
            news.Complete(error);
        }
        finally
        {
            Session.Runs.End(run);
        }
    }

    /// <summary>Gets the Lease and goes on with the plan. True when the Lease was lost and it should be tried again.</summary>
    private async Task<bool> TakeUpAsync(MeshRolloutPlan plan, PlanRunOptions options, LeaseHolder me, EventMailbox<RunNews> news, bool isFirst, CancellationToken cancellationToken)
    {
        PlanLease held;
        try
        {
            held = await AcquireAsync(plan, options, me, news, cancellationToken);
        }
        catch (MeshRollException error) when (!isFirst && IsOutOfReach(error))
        {
            return true;
        }
        await using var lease = held;
        var (journal, before) = RunJournal.Open(options.Journal, plan.Id, Session.TimeProvider, OpenJournal);
        foreach (var remark in before.Remarks) news.Post(new RunNews.Remark($"{options.Journal}: {remark}"));
        using var recorder = new RunRecorder(plan, options.Journal, journal, RunState.Of(before.Entries), news);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        try
        {
            recorder.Write(RunEvent.Begun, by: me.ToString());
            await new PlanRun(Session, plan, options, lease, recorder).RunAsync(both.Token);
            return false;
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            recorder.Note(Interrupted(lease.LostBecause));
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            recorder.Note(Interrupted("the runner was ended"));
            throw;
        }
        catch (MeshRollException error) when (error is not JournalException)
        {
            recorder.Note(Interrupted(Rollouts.Wording.Clause(error.Message)));
            if (IsOutOfReach(error)) return true;
            throw;
        }
    }

    // It may be back in a minute, and the night is long.
    private static bool IsOutOfReach(MeshRollException error) => error is ClusterUnreachableException or ApiException { Code: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests };

    private async Task<PlanLease> AcquireAsync(MeshRolloutPlan plan, PlanRunOptions options, LeaseHolder me, EventMailbox<RunNews> news, CancellationToken cancellationToken)
    {
        var holder = "";
        var lease = await PlanLease.AcquireAsync(Session, plan, me, by =>
        {
            holder = by;
            if (options.WaitsForLease) news.Post(new RunNews.Remark($"{by} carries out the plan {plan.Name}, or did so a moment ago: waiting until it has ended."));
            return options.WaitsForLease;
        }, cancellationToken);
        return lease ?? throw new PlanTakenException(plan, holder);
    }

    private static RunEntry Interrupted(string because) => new() { Time = default, Plan = "", Event = RunEvent.Interrupted, Message = because };
}

/// <summary>A plan is being carried out by somebody else. Id: <c>MeshRoll.PlanTaken</c>.</summary>
public sealed class PlanTakenException(MeshRolloutPlan plan, string holder) : MeshRollException(
    "MeshRoll.PlanTaken", $"The plan {plan.Name} is being carried out by {holder}. Wait for it, or stop it with Stop-MeshRolloutRun.");
