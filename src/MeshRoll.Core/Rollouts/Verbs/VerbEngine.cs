using System.Net;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>Does one thing to the rollout of a workload: reads it as it is, lets the verb decide, asks, and sends the change.</summary>
public sealed class VerbEngine(ClusterSession session)
{
    /// <summary>How often a change is tried that somebody else's keeps crossing.</summary>
    private const int MostAttempts = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private readonly WorkloadAccess _access = new(session);
    private readonly RevisionReader _revisions = new(session);

    /// <summary>
    /// Does it. A change that crosses somebody else's is decided anew from what is there then. Gives the rollout that
    /// <see cref="RolloutFollower"/> can follow, or a skipped one, whose message says why nothing was done.
    /// </summary>
    /// <param name="workload">Which.</param>
    /// <param name="verb">What.</param>
    /// <param name="approve">Asked once, with what is about to be done; false leaves the workload alone. Null approves.</param>
    /// <param name="fieldManager">The name the change is recorded under in managedFields.</param>
    /// <param name="cancellationToken">The caller's patience. A change that was on its way may have arrived.</param>
    /// <exception cref="VerbRefusedException">It cannot be done to this workload as it is.</exception>
    /// <exception cref="NotFoundException">There is no such workload, or not any more.</exception>
    /// <exception cref="Kubernetes.MeshRollException">The server refused, or cannot be reached.</exception>
    public async Task<MeshRollout> RunAsync(
        WorkloadReference workload, RolloutVerb verb, Func<string, CancellationToken, ValueTask<bool>>? approve = null, string fieldManager = "meshroll", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(verb);
        if (verb.RefuseKind(workload) is { } refused) throw refused;

        VerbVerdict.Change? tried = null;
        for (var attempt = 1; ; attempt++)
        {
            var facts = await ReadAsync(workload, verb, cancellationToken);
            var verdict = verb.Decide(facts);
            if (verdict is VerbVerdict.Skip skip) return Skipped(facts, skip.Because);

            var change = (VerbVerdict.Change)verdict;
            if (tried is null && approve is not null && !await approve(change.Action, cancellationToken)) return Skipped(facts, $"declined: {change.Action}");
            var again = tried is not null && change.Patch.Json.Span.SequenceEqual(tried.Patch.Json.Span);
            try
            {
                var moment = session.TimeProvider.GetUtcNow();
                return Changed(workload, await _access.PatchAsync(workload, change.Patch, fieldManager, cancellationToken), change.Message, moment);
            }
            catch (ApiException error) when (attempt < MostAttempts && IsCrossed(error, again))
            {
                tried = change;
                await Task.Delay(FirstPause * (1 << (attempt - 1)), session.TimeProvider, cancellationToken);
            }
        }
    }

    // A test of a JSON patch that fails is a 422, and so is a value the server does not like: only that one is refused again when nothing has changed.
    private static bool IsCrossed(ApiException error, bool again) =>
        error.Code == HttpStatusCode.Conflict || (error.Code == HttpStatusCode.UnprocessableEntity && !again);

    private async Task<VerbFacts> ReadAsync(WorkloadReference workload, RolloutVerb verb, CancellationToken cancellationToken)
    {
        var (whole, model) = await _access.ReadAsync(workload, cancellationToken);
        if (whole.Metadata.DeletionTimestamp is not null) throw new VerbRefusedException("MeshRoll.WorkloadBeingDeleted", workload, $"{workload} is being deleted.");
        var history = verb.NeedsRevisions ? await _revisions.ReadAsync(workload, whole, model, cancellationToken) : new(workload, whole, []);
        return new(history, model);
    }

    private MeshRollout Changed(WorkloadReference workload, IKubernetesObject changed, string message, DateTimeOffset moment)
    {
        var status = RolloutStatusRules.Of(changed, new() { Generation = changed.Metadata.Generation, Since = moment }, []);
        var isPaused = changed is Deployment { Spec.Paused: true };
        return Describe(workload, changed, status) with
        {
            State = isPaused ? RolloutState.Paused : RolloutState.Pending,
            StartTime = moment,
            Remaining = isPaused ? null : DurationEstimate.Of(changed),
            Message = message + Note(changed),
            Generation = changed.Metadata.Generation,
        };
    }

    private MeshRollout Skipped(VerbFacts facts, string because) => Describe(facts.Workload, facts.Model, RolloutStatusRules.Of(facts.Model, RolloutExpectation.Any, [])) with
    {
        State = RolloutState.Skipped,
        Message = because,
        EndTime = session.TimeProvider.GetUtcNow(),
    };

    /// <summary>What keeps a new template from reaching the pods.</summary>
    private static string Note(IKubernetesObject changed) => changed switch
    {
        StatefulSet { Spec.UpdateStrategy.Type: "OnDelete" } or DaemonSet { Spec.UpdateStrategy.Type: "OnDelete" } => "; update strategy OnDelete: a pod is replaced when somebody deletes it",
        StatefulSet { Spec.UpdateStrategy.RollingUpdate.Partition: > 0 and var partition } => $"; partition {partition}: ordinals below keep their pods",
        _ => "",
    };

    private MeshRollout Describe(WorkloadReference workload, IKubernetesObject found, RolloutStatus status) => new()
    {
        Cluster = session.Name,
        Namespace = workload.Namespace,
        Kind = workload.Kind,
        Name = workload.Name,
        Desired = status.Desired,
        Updated = status.Updated,
        Ready = status.Ready,
        Available = status.Available,
        Old = status.Old,
        Revision = status.Revision,
        Uid = found.Metadata.Uid,
    };
}
