using MeshRoll.Connections;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Transport;
using MeshRoll.Pipeline;

namespace MeshRoll.Verbs;

/// <summary>Does a verb to a workload: the engine's, or a scripted one in tests.</summary>
internal delegate Task<MeshRollout> VerbRun(MeshCluster cluster, WorkloadReference workload, RolloutVerb verb, Func<string, CancellationToken, ValueTask<bool>> approve, CancellationToken cancellationToken);

/// <summary>Does something to one workload after the other, each asked about when its turn comes, and tells the pipeline how it went.</summary>
internal sealed class VerbWork(VerbRun run, bool passThru, ICommandOutput output)
{
    private readonly HashSet<MeshCluster> _unreachable = [];

    /// <summary>How many were changed.</summary>
    public int Changed { get; private set; }

    /// <summary>Runs all. One that cannot be done is an error of its own; the rest goes on.</summary>
    public async Task RunAsync(IEnumerable<(VerbTarget Target, RolloutVerb Verb)> steps, CancellationToken cancellationToken)
    {
        foreach (var (target, verb) in steps)
        {
            if (!_unreachable.Contains(target.Cluster)) await RunAsync(target, verb, cancellationToken);
        }
    }

    private async Task RunAsync(VerbTarget target, RolloutVerb verb, CancellationToken cancellationToken)
    {
        var isDeclined = false;
        try
        {
            await TellAsync(await run(target.Cluster, target.Workload, verb, ApproveAsync, cancellationToken), isDeclined);
        }
        catch (VerbRefusedException e) when (target.IsByPattern && e.Id == VerbRefusedException.NotSupported)
        {
            await output.WriteVerboseAsync($"Left alone: {e.Message}");
        }
        catch (ClusterUnreachableException e)
        {
            // Waiting for the same silence again with each of the others helps nobody.
            _unreachable.Add(target.Cluster);
            await output.WriteErrorAsync(CommandErrors.From(e));
        }
        catch (MeshRollException e)
        {
            await output.WriteErrorAsync(CommandErrors.From(e, target.Workload));
        }

        async ValueTask<bool> ApproveAsync(string action, CancellationToken _)
        {
            var isApproved = await output.ShouldProcessAsync($"{target.Workload} on {target.Cluster}", action);
            isDeclined = !isApproved;
            return isApproved;
        }
    }

    private async ValueTask TellAsync(MeshRollout rollout, bool isDeclined)
    {
        var isSkipped = rollout.State == RolloutState.Skipped;
        if (!isSkipped) Changed++;
        if (passThru) await output.WriteAsync(rollout);
        if (isSkipped && !isDeclined && !passThru) await output.WriteWarningAsync(RolloutText.Line(rollout) + ".");
        else await output.WriteVerboseAsync(RolloutText.Line(rollout));
    }
}
