using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;

namespace MeshRoll.Restarting;

/// <summary>Runs restarts in a cluster: the engine's, or a scripted one in tests.</summary>
internal delegate IAsyncEnumerable<RestartEvent> RestartRun(MeshCluster cluster, IReadOnlyList<RestartTarget> targets, RestartOptions options, CancellationToken cancellationToken);

/// <summary>Restarts a plan, cluster after cluster, and tells the pipeline what happens. When the walk stops in one cluster, the next ones are left alone.</summary>
internal sealed class RestartWork(RestartRun run, ICommandOutput output)
{
    private readonly RestartProgress _progress = new();
    private string? _stoppedIn;

    /// <summary>Runs the plan.</summary>
    public async Task RunAsync(RestartPlan plan, RestartOptions options, CancellationToken cancellationToken)
    {
        _progress.Total = plan.Clusters.Sum(cluster => cluster.Targets.Count);
        foreach (var planned in plan.Clusters)
        {
            if (_stoppedIn is null) await RunClusterAsync(planned, options, cancellationToken);
            else await LeaveAloneAsync(planned);
        }
    }

    private async Task RunClusterAsync(PlannedCluster planned, RestartOptions options, CancellationToken cancellationToken)
    {
        var adapted = options with
        {
            Target = options.Target with { SidecarContainer = planned.SidecarContainer ?? options.Target.SidecarContainer },
            Approve = (proposal, _) => output.ShouldProcessAsync($"{proposal.Workload} on {planned.Cluster}", proposal.Action),
        };
        try
        {
            await foreach (var happening in run(planned.Cluster, planned.Targets, adapted, cancellationToken)) await TellAsync(planned.Cluster, happening);
        }
        catch (MeshRollException e)
        {
            await output.WriteErrorAsync(CommandErrors.From(e));
        }
    }

    private async ValueTask TellAsync(MeshCluster cluster, RestartEvent happening)
    {
        switch (happening)
        {
            case RestartEvent.Started(var rollout):
                await output.WriteVerboseAsync($"Started: {Describe(rollout)}");
                _progress.Started(rollout);
                output.Report(_progress.Bar);
                await output.WriteAsync(rollout);
                break;
            case RestartEvent.Skipped(var rollout):
                await output.WriteVerboseAsync($"Skipped: {Describe(rollout)}");
                _progress.Passed();
                output.Report(_progress.Bar);
                await output.WriteAsync(rollout);
                break;
            case RestartEvent.Refused(var workload, var error):
                _progress.Passed();
                output.Report(_progress.Bar);
                await output.WriteErrorAsync(CommandErrors.From(error, workload));
                break;
            case RestartEvent.Changed(var rollout):
                await output.WriteVerboseAsync(Describe(rollout));
                break;
            case RestartEvent.Ended(var rollout):
                await output.WriteVerboseAsync($"{rollout.State}: {Describe(rollout)}");
                _progress.Ended(rollout);
                output.Report(_progress.Bar);
                break;
            case RestartEvent.Stopped stopped:
                _stoppedIn = cluster.Name;
                await output.WriteErrorAsync(Stopped(stopped));
                break;
            case RestartEvent.Remark(var text):
                await output.WriteWarningAsync(text);
                break;
        }
    }

    private async Task LeaveAloneAsync(PlannedCluster planned)
    {
        foreach (var target in planned.Targets)
        {
            await output.WriteAsync(new MeshRollout
            {
                Cluster = planned.Cluster.Name,
                Namespace = target.Workload.Namespace,
                Kind = target.Workload.Kind,
                Name = target.Workload.Name,
                State = RolloutState.Skipped,
                Message = $"not started, because restarting was stopped in the cluster {_stoppedIn}",
            });
        }
    }

    private static CommandError Stopped(RestartEvent.Stopped stopped)
    {
        var because = stopped.Because;
        var reason = string.Join("; ", because.Select(Describe).Prepend(stopped.Reason).Where(part => part.Length > 0));
        var left = stopped.NotStarted.Count switch
        {
            0 => "Nothing was left to start",
            1 => "One more workload was not started",
            _ => $"{stopped.NotStarted.Count} more workloads were not started",
        };
        return CommandErrors.Of("MeshRoll.WalkStopped", ErrorCategory.OperationStopped, $"Restarting stopped: {reason}. {left}.", because.Count == 1 ? because[0] : because);
    }

    private static string Describe(MeshRollout rollout) => RolloutText.Line(rollout);
}
