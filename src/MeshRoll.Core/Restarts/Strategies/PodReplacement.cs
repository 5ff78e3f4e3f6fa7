using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Replacing;
using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Strategies;

/// <summary>What the strategies have in common whose pods the run replaces by itself: the mark, the machine, the driver.</summary>
internal abstract class PodReplacement : IRestartStrategy
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(10);

    /// <summary>A mark older than this says nothing about pods made since.</summary>
    private static readonly TimeSpan OldMark = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public abstract RestartStrategy Name { get; }

    /// <inheritdoc/>
    public abstract RestartRefusal? Unfit(RestartFacts facts, RestartOptions options);

    /// <inheritdoc/>
    public RestartProposal Propose(RestartFacts facts, RestartTarget target, RestartOptions options)
    {
        var found = facts.Object!;
        var (pods, left) = (WorkloadObject.Desired(found), ToReplace(facts, target, options));
        var each = DurationEstimate.OfOnePod(WorkloadObject.TemplateOf(found), WorkloadObject.MinReadyOf(found)) + options.PodDelay;
        var expected = left * each;
        return new(facts.Workload, pods, expected, $"{Words(facts, options, left)}, about {Wording.Duration(expected)}");
    }

    /// <inheritdoc/>
    public async Task BeginAsync(RestartTurn turn, IRestartStage stage, CancellationToken cancellationToken)
    {
        var (now, options, found) = (stage.Now, stage.Options, turn.Facts.Object!);
        var dead = MarkRules.Of(found).Mark;
        var order = new ReplacementOrder
        {
            Workload = turn.Target.Workload,
            Mark = new()
            {
                Run = stage.Run,
                Strategy = Name.ToString(),
                By = stage.Runs.By,
                Process = stage.Runs.Process,
                Since = now,
                Beat = now,
                AllPods = options.Force,
                Before = Before(turn.Facts, dead, options, now),
            },
            Plan = options.Plan,
            PodDelay = options.PodDelay,
            MaxUnavailable = options.MaxUnavailable,
            AllowDowntime = options.AllowDowntime,
            Patience = found is Deployment { Spec.ProgressDeadlineSeconds: { } seconds } ? TimeSpan.FromSeconds(seconds) : DefaultPatience,
            Deadline = now + options.TimeFor(turn.Proposal),
        };
        var driver = stage.Prepare(Machine(order, options), turn);
        var rollout = stage.Describe(turn, found, now) with { RunId = stage.Run, State = RolloutState.Progressing, Message = "begun", Remaining = turn.Proposal.ExpectedDuration };
        Outcome? over;
        try
        {
            over = await driver.BeginAsync(cancellationToken);
        }
        catch (Exception error) when (error is OperationCanceledException or Kubernetes.MeshRollException)
        {
            // The mark may have arrived though its answer did not.
            await driver.TidyUpAsync();
            throw;
        }
        if (over is { } outcome) throw new RestartRefusedException("MeshRoll.NotBegun", turn.Target.Workload, $"{turn.Target.Workload} was not restarted: {outcome.Message}.");

        stage.Drive(rollout, driver);
    }

    /// <summary>The machine that decides.</summary>
    protected abstract ReplacementMachine Machine(ReplacementOrder order, RestartOptions options);

    /// <summary>What will be done with so many pods, in words.</summary>
    protected abstract string Words(RestartFacts facts, RestartOptions options, int left);

    /// <summary>The pods that are to be replaced.</summary>
    private static int ToReplace(RestartFacts facts, RestartTarget target, RestartOptions options) =>
        options.Force ? facts.Pods.Count : facts.Pods.Count(pod => !RestartRules.IsUpToDate(pod.Sidecar, target));

    /// <summary>
    /// Whoever is younger stays. Where all pods are replaced, those that a dead run has made already stay too; where only outdated ones are, their sidecar tells.
    /// </summary>
    private static DateTimeOffset? Before(RestartFacts facts, RestartMark? dead, RestartOptions options, DateTimeOffset now) =>
        options.Force && dead is { AllPods: true, Before: { } before } && now - dead.Since < OldMark ? before : facts.Pods.Max(pod => pod.Pod.Metadata.CreationTimestamp);
}
