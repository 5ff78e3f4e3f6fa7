using MeshRoll.Core.Plans.Gates;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Plans.Runs;

/// <summary>A run while its Lease is held: wave after wave, from where the journal and the cluster say that it stands.</summary>
internal sealed class PlanRun(ClusterSession session, MeshRolloutPlan plan, PlanRunOptions options, PlanLease lease, RunRecorder recorder)
{
    private readonly RunHold _hold = new(session, plan, lease, recorder);

    /// <summary>Goes on to the end, or until it stops. The journal tells which.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.TakesBackSuspension)
        {
            if (recorder.State.IsSuspended) recorder.Write(RunEvent.Resumed);
            // What somebody wanted of the run before, the Lease may still say.
            if (lease.Wish is { Kind: not RunWishKind.None } wish) await lease.FulfilAsync(wish, cancellationToken);
        }
        await LearnAsync(cancellationToken);
        for (var i = 0; i < plan.Waves.Count; i++)
        {
            var wave = plan.Waves[i];
            if (recorder.State.WavesOver.Contains(wave.Name)) continue;
            if (i > 0 && !await MayBeginAsync(plan.Waves[i - 1], wave, cancellationToken)) return;
            _hold.Calendar = plan.CalendarOf(wave);
            if (!await _hold.PassAsync(cancellationToken)) return;
            recorder.Write(RunEvent.WaveBegun, wave: wave.Name);
            if (!await new WaveRun(session, plan, wave, recorder, _hold, options.FieldManager).RunAsync(cancellationToken)) return;
            recorder.Write(RunEvent.WaveEnded, wave: wave.Name);
        }
        // The last wave is watched too: it belongs to the plan.
        if (plan.Waves.Count > 0 && !await SoakAsync(plan.Waves[^1], cancellationToken)) return;
        recorder.Write(RunEvent.Completed);
    }

    /// <summary>Writes down each workload as it is before anything is done, so that what others do later is noticed.</summary>
    private async Task LearnAsync(CancellationToken cancellationToken)
    {
        foreach (var wave in plan.Waves)
        {
            List<PlannedWorkload> unknown = [.. wave.Workloads.Where(workload => recorder.State.Workloads.GetValueOrDefault(workload.Reference) is null or { Known: null, IsOver: false })];
            var found = await new WorkloadObjects(session).ReadAsync(unknown.Select(workload => workload.Reference), cancellationToken);
            foreach (var workload in unknown)
            {
                if (found.GetValueOrDefault(workload.Reference) is { } item) recorder.Write(EditRules.Known(item, wave.Name));
            }
        }
    }

    private async Task<bool> MayBeginAsync(PlanWave done, PlanWave next, CancellationToken cancellationToken)
    {
        // What was begun before needs no leave any more.
        if (recorder.State.Wave == next.Name || recorder.State.GatesOpened.Contains(next.Name)) return true;
        return await SoakAsync(done, cancellationToken) && (options.Gate is null || await PassGateAsync(options.Gate, new(plan, done, next), cancellationToken));
    }

    private async Task<bool> SoakAsync(PlanWave wave, CancellationToken cancellationToken)
    {
        if (plan.SettingsOf(wave).Soak is not { } soak || soak == TimeSpan.Zero) return true;
        // A wave in which nothing was restarted needs no watching.
        if (!wave.Workloads.Any(workload => recorder.State.Workloads.GetValueOrDefault(workload.Reference) is { StartTime: not null })) return true;
        if (!recorder.State.SoakUntil.TryGetValue(wave.Name, out var until))
        {
            until = session.TimeProvider.GetUtcNow() + soak;
            recorder.Write(RunEvent.Soaking, $"watching the wave '{wave.Name}' for {Wording.Duration(soak)}", wave.Name, until: until);
        }
        return await _hold.UntilAsync(until, cancellationToken);
    }

    private async Task<bool> PassGateAsync(IRunGate gate, GateQuestion question, CancellationToken cancellationToken)
    {
        var (clock, began) = (session.TimeProvider, session.TimeProvider.GetTimestamp());
        while (true)
        {
            var answer = await AskAsync(gate, question, cancellationToken);
            recorder.Write(RunEvent.GateAsked, answer.Message, question.Next.Name);
            if (answer.IsOpen)
            {
                recorder.Write(RunEvent.GateOpened, answer.Message, question.Next.Name);
                return true;
            }
            if (clock.GetElapsedTime(began) >= options.GateTimeout)
            {
                recorder.Write(RunEvent.Stopped, $"the gate before the wave '{question.Next.Name}' stayed closed for {Wording.Duration(options.GateTimeout)}: {answer.Message}", question.Next.Name);
                return false;
            }
            if (!await _hold.UntilAsync(clock.GetUtcNow() + options.GateInterval, cancellationToken)) return false;
        }
    }

    private async Task<GateAnswer> AskAsync(IRunGate gate, GateQuestion question, CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(options.GateTimeout > TimeSpan.Zero ? options.GateTimeout : TimeSpan.FromMinutes(1), session.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enough.Token);
        try
        {
            var answer = await gate.AskAsync(question, either.Token).WaitAsync(either.Token);
            return answer with { Message = Wording.Line(answer.Message) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, "the gate did not answer in time");
        }
    }
}
