using System.Management.Automation;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Errors;
using MeshRoll.Pipeline;

namespace MeshRoll.Plans;

/// <summary>A command that tells whoever carries a plan out what somebody wishes.</summary>
public abstract class RunWishCmdlet : RunCmdlet
{
    /// <summary>Gives the run as its journal tells it now, for Wait-MeshRolloutRun.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is done, in words.</summary>
    private protected abstract string Action { get; }

    /// <summary>Tells the run; false when nobody carries the plan out.</summary>
    private protected abstract Task<bool> TellAsync(RunControl control, PlannedRun run, CancellationToken cancellationToken);

    private protected sealed override async Task DoAsync(PlannedRun run, ICommandOutput output, CancellationToken cancellationToken)
    {
        if (!await output.ShouldProcessAsync($"{run.Plan.Name} on {run.Cluster}", Action)) return;
        if (!await TellAsync(new(run.Cluster!.Session!), run, cancellationToken))
        {
            await output.WriteErrorAsync(CommandErrors.Of("MeshRoll.RunNotFound", ErrorCategory.ObjectNotFound, $"Nobody carries out the plan {run.Plan.Name} at the moment.", run.Plan.File));
            return;
        }
        if (PassThru) await output.WriteAsync(run.Read());
    }
}
