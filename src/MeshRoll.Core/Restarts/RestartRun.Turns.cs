using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Restarts;

/// <summary>The turns: what is decided when a workload's has come, and what is said of those that are not started.</summary>
internal sealed partial class RestartRun
{
    private async Task TakeTurnAsync(RestartTarget target, CancellationToken cancellationToken)
    {
        var workload = target.Workload;
        // What was known before the guards let it wait may be wrong afterwards; what was approved stays approved.
        for (var isApproved = false; ; isApproved = true)
        {
            var news = News();
            var (facts, unreadable) = await _turns.ReadAsync(target, cancellationToken);
            if (unreadable is not null)
            {
                RefuseOrFail(workload, unreadable, null);
                return;
            }
            switch (RestartRules.Decide(facts!, target, _options, Now, _session.Runs))
            {
                case RestartVerdict.Refuse refusal:
                    Refuse(workload, refusal.Error);
                    return;
                case RestartVerdict.Skip skip:
                    Skip(workload, skip.Because, facts);
                    return;
                case RestartVerdict.Go go:
                    if (!isApproved && !_options.ApprovesLast && await IsDeclinedAsync(go.Proposal, facts!, cancellationToken)) return;
                    var atATime = TransitionRules.AtATime(facts!.Object!, go.Strategy, _options);
                    var answer = _guards.Ask(workload, atATime, Now);
                    // A question may have been open for an hour.
                    if (IsStoppedBy(answer))
                    {
                        _heldBack.Add(workload);
                        Skip(workload, NotStarted(), facts);
                        return;
                    }
                    if (answer.Answer == GuardAnswerKind.Wait)
                    {
                        await Moments.WaitAsync(news, answer.Until, _session.TimeProvider, cancellationToken);
                        continue;
                    }
                    await _patching.WaitAsync(cancellationToken);
                    if (_options.ApprovesLast && await IsDeclinedAsync(go.Proposal, facts!, cancellationToken))
                    {
                        _patching.Release();
                        return;
                    }
                    _guards.Started(workload, atATime);
                    _issuing.RemoveAll(issuing => issuing.IsCompletedSuccessfully);
                    _issuing.Add(IssueAsync(new(target, facts, go.Proposal) { Strategy = go.Strategy, Because = go.Because }, cancellationToken));
                    return;
            }
        }
    }

    private async Task<bool> IsDeclinedAsync(RestartProposal proposal, RestartFacts facts, CancellationToken cancellationToken)
    {
        if (_options.Approve is not { } approve || await approve(proposal, cancellationToken)) return false;
        Skip(proposal.Workload, $"declined: {proposal.Action}", facts);
        return true;
    }

    private bool IsStoppedBy(GuardAnswer answer)
    {
        lock (_gate)
        {
            if (answer.Answer == GuardAnswerKind.Stop && !_walk.IsStopped)
            {
                _stoppedFor = answer.Because;
                _walk.Stop();
            }
            return _walk.IsStopped;
        }
    }

    // No answer, or none that means anything: it says nothing about this workload, but a walk on blindly is what must not be.
    private static bool IsServersTrouble(MeshRollException error) => error is not ApiException { Code: < System.Net.HttpStatusCode.InternalServerError and not System.Net.HttpStatusCode.TooManyRequests };

    private void RefuseOrFail(WorkloadReference workload, MeshRollException error, RestartFacts? facts)
    {
        _guards.Ended(workload);
        if (!IsServersTrouble(error))
        {
            Refuse(workload, error);
            return;
        }
        lock (_gate)
        {
            Events.Post(new RestartEvent.Refused(workload, error));
            _failed.Add(_reports.Blank(workload, facts) with { State = RolloutState.Failed, Message = error.Message, EndTime = Now });
            _walk.Ended(failed: true, Now);
            _news.TrySetResult();
        }
    }

    private void Refuse(WorkloadReference workload, MeshRollException error)
    {
        Events.Post(new RestartEvent.Refused(workload, error));
        Leave();
    }

    private void Skip(WorkloadReference workload, string because, RestartFacts? facts)
    {
        Events.Post(new RestartEvent.Skipped(_reports.Blank(workload, facts) with { State = RolloutState.Skipped, Message = because, EndTime = Now }));
        Leave();
    }

    private void Leave()
    {
        lock (_gate)
        {
            _walk.Left();
            _news.TrySetResult();
        }
    }

    private void ReportStop()
    {
        List<WorkloadReference> rest;
        lock (_gate) rest = [.. _targets.Skip(_walk.Next).Select(target => target.Workload)];
        if (_heldBack.Count + rest.Count == 0) return;
        Events.Post(new RestartEvent.Stopped([.. _failed], [.. _heldBack, .. rest]) { Reason = _stoppedFor });
        foreach (var workload in rest) Events.Post(new RestartEvent.Skipped(_reports.Blank(workload, null) with { State = RolloutState.Skipped, Message = NotStarted(), EndTime = Now }));
    }

    private string NotStarted()
    {
        lock (_gate) return RestartReports.NotStarted(_failed, _stoppedFor);
    }
}
