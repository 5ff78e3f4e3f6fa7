using System.Collections.Concurrent;
using System.Net;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans.Runs;

/// <summary>
/// One wave of a run: walks of the engine over what is left of it, until nothing is left. What was restarted already is seen in the cluster, by the plan's
/// mark, whatever the journal knows; and each restart is decided here at the last moment, on the workload as it is then.
/// </summary>
internal sealed class WaveRun
{
    private static readonly TimeSpan TriedAgainAfter = TimeSpan.FromSeconds(30);

    private readonly ClusterSession _session;
    private readonly MeshRolloutPlan _plan;
    private readonly PlanWave _wave;
    private readonly RunRecorder _recorder;
    private readonly RunHold _hold;
    private readonly RestartOptions _options;
    private readonly WorkloadWrites _reads;
    private readonly Autoscalers _autoscalers;
    private readonly Dictionary<WorkloadReference, (int Updated, int Ready, int Old)> _counts = [];
    private readonly ConcurrentDictionary<WorkloadReference, bool> _undecided = [];
    private string _stoppedFor = "";

    public WaveRun(ClusterSession session, MeshRolloutPlan plan, PlanWave wave, RunRecorder recorder, RunHold hold, string fieldManager)
    {
        (_session, _plan, _wave, _recorder, _hold) = (session, plan, wave, recorder, hold);
        _reads = new(session, fieldManager);
        _autoscalers = new(session);
        var options = plan.SettingsOf(wave).ToOptions();
        _options = options with
        {
            Plan = plan.Id,
            FollowToEnd = true,
            FieldManager = fieldManager,
            Guards = options.Guards with { Exclude = plan.Exclude },
            Approve = ApproveAsync,
            MayStill = () => !_hold.IsOn,
            ApprovesLast = true,
            TakenBack = rollout => Note(RunEvent.Said, Reference(rollout), rollout, $"taken back: {rollout.Message}"),
        };
    }

    /// <summary>Carries it out. False when the run stopped instead; the journal says why.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var left = Left();
            if (left.Count == 0) return true;
            if (IsSpent()) return Stop($"{Wording.Count(_recorder.State.FailuresOf(_wave.Name), "workload")} of the wave '{_wave.Name}' did not come back");
            await FollowBegunAsync(left, cancellationToken);
            left = Left();
            if (left.Count == 0 || IsSpent()) continue;
            if (!await _hold.PassAsync(cancellationToken)) return false;
            _undecided.Clear();
            await WalkAsync(left, cancellationToken);
            if (_recorder.Broken is { } broken) throw broken;
            if (_stoppedFor.Length > 0) return Stop(_stoppedFor);
            // What is left though nothing holds it back waits for somebody else: not in a hurry.
            if (Left().Count > 0 && !_hold.IsOn && !IsSpent() && !await _hold.UntilAsync(_session.TimeProvider.GetUtcNow() + TriedAgainAfter, cancellationToken)) return false;
        }
    }

    private List<PlannedWorkload> Left()
    {
        var known = _recorder.State.Workloads;
        return [.. _wave.Workloads.Where(workload => known.GetValueOrDefault(workload.Reference) is not { IsOver: true })];
    }

    private bool IsSpent() => _options.StopAfterFailures > 0 && _recorder.State.FailuresOf(_wave.Name) >= _options.StopAfterFailures;

    private bool Stop(string because)
    {
        _recorder.Write(RunEvent.Stopped, because, _wave.Name);
        return false;
    }

    /// <summary>Those that this plan has restarted, by their own word, and that have not ended as far as the journal knows: they are followed, never restarted again.</summary>
    private async Task FollowBegunAsync(List<PlannedWorkload> left, CancellationToken cancellationToken)
    {
        var objects = await new WorkloadObjects(_session).ReadAsync(left.Select(workload => workload.Reference), cancellationToken);
        await using var follower = new RolloutFollower(_session, new() { Target = _options.Target, FailOnFatalFinding = _options.FailOnFatalFinding });
        var followed = 0;
        foreach (var planned in left)
        {
            if (!objects.TryGetValue(planned.Reference, out var found) || PlanMark.Of(found) != _plan.Id) continue;
            var state = _recorder.State.Workloads.GetValueOrDefault(planned.Reference)?.State ?? RunWorkloadState.Waiting;
            var isOver = found is ReplicaSet || RolloutStatusRules.Of(found, RolloutExpectation.Any, []).State == RolloutState.Complete;
            if (state == RunWorkloadState.Waiting && isOver)
            {
                _recorder.Write(RunEvent.Skipped, "was restarted by this plan already; another journal may tell when", _wave.Name, planned.Reference);
                continue;
            }
            if (state is RunWorkloadState.Waiting or RunWorkloadState.Starting) _recorder.Write(RunEvent.Started, state == RunWorkloadState.Starting ? "was restarted just before the run was cut off" : "was restarted by this plan already; another journal may tell when", _wave.Name, planned.Reference);
            if (isOver)
            {
                _recorder.Write(new() { Time = default, Plan = "", Event = RunEvent.Ended, Wave = _wave.Name, Workload = planned.Reference, State = RolloutState.Complete, Message = "came back while nobody watched" });
                continue;
            }
            followed++;
            follower.Add(Describe(planned, found), _options.Timeout ?? TimeSpan.FromMinutes(10));
        }
        if (followed == 0) return;
        follower.Complete();
        await foreach (var news in follower.Events(cancellationToken))
        {
            if (news is RolloutEvent.Changed changed) Moved(changed.Rollout);
            else if (news is RolloutEvent.Ended ended) Ended(ended.Rollout);
        }
    }

    private MeshRollout Describe(PlannedWorkload planned, IKubernetesObject found) => new()
    {
        Cluster = _session.Name,
        Namespace = planned.Namespace,
        Kind = planned.Kind,
        Name = planned.Name,
        State = RolloutState.Progressing,
        StartTime = _session.TimeProvider.GetUtcNow(),
        Generation = found.Metadata.Generation,
        Uid = found.Metadata.Uid,
        DesiredVersion = planned.DesiredVersion,
        DesiredRevision = planned.DesiredRevision,
    };

    private async Task WalkAsync(List<PlannedWorkload> left, CancellationToken cancellationToken)
    {
        List<RestartTarget> targets = [.. left.Select(workload => new RestartTarget(workload.Reference, workload.DesiredVersion, workload.DesiredRevision))];
        var spent = _recorder.State.FailuresOf(_wave.Name);
        var options = _options with { StopAfterFailures = _options.StopAfterFailures == 0 ? 0 : _options.StopAfterFailures - spent };
        try
        {
            await foreach (var news in new RestartEngine(_session).RunAsync(targets, options, cancellationToken)) await TakeAsync(news, cancellationToken);
        }
        catch (MeshRollException error) when (error is not JournalException && !Refusal.IsOfThisPart(error))
        {
            // The cluster is out of reach. While the Lease lasts it is tried again; then the run is interrupted.
            Note(RunEvent.Said, null, null, $"the cluster cannot be reached: {Wording.Clause(error.Message)}");
        }
    }

    /// <summary>The last word before a workload is restarted.</summary>
    private async ValueTask<bool> ApproveAsync(RestartProposal proposal, CancellationToken cancellationToken)
    {
        var workload = proposal.Workload;
        _undecided[workload] = true;
        if (_hold.IsOn) return false;
        if (await _reads.FindAsync(workload, cancellationToken) is not { } found || PlanMark.Of(found) == _plan.Id) return false;
        if (_recorder.State.Workloads.GetValueOrDefault(workload) is { Known: { } known } before && await TouchedAsync(before, known, found, cancellationToken) is { } because)
        {
            TryWrite(new() { Time = default, Plan = "", Event = RunEvent.LeftAlone, Wave = _wave.Name, Workload = workload, Message = because });
            return false;
        }
        // Asking took a while.
        if (_hold.IsOn) return false;
        return TryWrite(new() { Time = default, Plan = "", Event = RunEvent.Starting, Wave = _wave.Name, Workload = workload, Message = proposal.Action });
    }

    private async Task<string?> TouchedAsync(RunWorkload before, RunEntry known, IKubernetesObject found, CancellationToken cancellationToken)
    {
        // The patch that restarted it has left its mark; it can only be gone because somebody took the restart back.
        if (before is { Starts: > 0, Strategy: nameof(Restarts.Strategies.RestartStrategy.Rolling) }) return "was restarted by this run, and somebody has undone that";
        if (EditRules.LeftAlone(known, found, isScaledByOther: true) is { } because) return because;
        if (EditRules.LeftAlone(known, found, isScaledByOther: false) is not { } scaled) return null;
        return (await _autoscalers.OfAsync(before.Workload, cancellationToken)).Name is not null ? null : scaled;
    }

    private bool TryWrite(RunEntry entry)
    {
        try
        {
            _recorder.Write(entry);
            return true;
        }
        catch (JournalException)
        {
            return false;
        }
    }

    private async Task TakeAsync(RestartEvent news, CancellationToken cancellationToken)
    {
        switch (news)
        {
            case RestartEvent.Started(var rollout):
                _counts[Reference(rollout)] = default;
                Note(RunEvent.Started, Reference(rollout), rollout, rollout.Message, [.. _wave.Workloads.Where(workload => workload.Reference == Reference(rollout)).SelectMany(workload => workload.Sidecars)]);
                break;
            case RestartEvent.Changed(var rollout):
                Moved(rollout);
                break;
            case RestartEvent.Ended(var rollout):
                Ended(rollout);
                break;
            case RestartEvent.Skipped(var rollout):
                var isLater = _undecided.ContainsKey(Reference(rollout)) || rollout.Message.StartsWith(RestartReports.NotStartedWords, StringComparison.Ordinal);
                if (!isLater) await SkipAsync(rollout, cancellationToken);
                break;
            case RestartEvent.Refused(var workload, var error):
                if (error.Id == "MeshRoll.WorkloadTaken") Note(RunEvent.LeftAlone, workload, null, Wording.Clause(error.Message));
                // A server in trouble, or a conflict, says nothing of the workload: it is tried again.
                else if (error is RestartRefusedException or ApiException { Code: < HttpStatusCode.InternalServerError and not (HttpStatusCode.Unauthorized or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests) }) Note(RunEvent.Refused, workload, null, Wording.Clause(error.Message));
                else Note(RunEvent.Said, null, null, $"{PlanNames.Write(workload)} is tried again: {Wording.Clause(error.Message)}");
                break;
            case RestartEvent.Stopped stopped:
                if (stopped.Reason.Length > 0) _stoppedFor = stopped.Reason;
                break;
            case RestartEvent.Remark(var text):
                Note(RunEvent.Said, null, null, text);
                break;
        }
    }

    /// <summary>What is up to date by now may be so because somebody restarted it during the run: that is told, not hidden in a skip.</summary>
    private async Task SkipAsync(MeshRollout rollout, CancellationToken cancellationToken)
    {
        var workload = Reference(rollout);
        var touched = _recorder.State.Workloads.GetValueOrDefault(workload) is { Known: { } known } before && await _reads.FindAsync(workload, cancellationToken) is { } found && PlanMark.Of(found) != _plan.Id
            ? await TouchedAsync(before, known, found, cancellationToken)
            : null;
        if (touched is null) Note(RunEvent.Skipped, workload, rollout, rollout.Message);
        else Note(RunEvent.LeftAlone, workload, rollout, $"{touched}; {rollout.Message}");
    }

    private void Moved(MeshRollout rollout)
    {
        var counts = (rollout.Updated, rollout.Ready, rollout.Old);
        if (_counts.GetValueOrDefault(Reference(rollout)) == counts) return;
        _counts[Reference(rollout)] = counts;
        Note(RunEvent.Moved, Reference(rollout), rollout, rollout.Message);
    }

    private void Ended(MeshRollout rollout)
    {
        _counts.Remove(Reference(rollout));
        // A sidecar that is still the old one is a failure of the run, though not of the workload.
        var isStillOld = rollout.Diagnosis.FirstOrDefault(finding => finding.Id == SidecarVerification.Outdated);
        var told = isStillOld is null ? rollout : rollout with { State = RolloutState.Failed, Message = isStillOld.Message };
        Note(RunEvent.Ended, Reference(rollout), told, told.Message, told.State == RolloutState.Complete && rollout.DesiredVersion is { } version ? [version] : []);
    }

    private void Note(RunEvent happened, WorkloadReference? workload, MeshRollout? rollout, string message, IReadOnlyList<string>? sidecars = null) => _recorder.Note(new()
    {
        Time = default,
        Plan = "",
        Event = happened,
        Wave = _wave.Name,
        Workload = workload,
        Message = message,
        State = happened is RunEvent.Ended ? rollout?.State : null,
        Strategy = happened is RunEvent.Started ? rollout?.Strategy ?? "" : "",
        Desired = rollout?.Desired,
        Updated = rollout?.Updated,
        Ready = rollout?.Ready,
        Old = rollout?.Old,
        Sidecars = sidecars ?? [],
        Diagnosis = happened is RunEvent.Ended ? [.. rollout?.Diagnosis.Select(finding => finding.Message) ?? []] : [],
    });

    private static WorkloadReference Reference(MeshRollout rollout) => new(rollout.Namespace, rollout.Kind, rollout.Name);
}
