using System.Management.Automation;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Errors;
using MeshRoll.Pipeline;
using MeshRoll.Plans;

namespace MeshRoll.Commands;

/// <summary>Asks a run to start nothing more, and to end.</summary>
/// <remarks>What moves ends; then the run ends as Stopped, and gives its Lease back. Resume-MeshRolloutRun goes on with it later. The wish is written on the run's Lease, so that it reaches whichever machine carries the plan out, within ten seconds.</remarks>
/// <notes>Needs the rights to get and patch leases.coordination.k8s.io in the plan's leaseNamespace.</notes>
/// <example>
/// <title>Enough for tonight</title>
/// <code>Stop-MeshRolloutRun shop.yaml -Confirm:$false; Wait-MeshRolloutRun shop.yaml</code>
/// <remarks>Wait-MeshRolloutRun returns when it has ended.</remarks>
/// </example>
/// <example>
/// <title>Everything that runs in a directory of plans</title>
/// <code>Get-ChildItem plans/*.yaml | Get-MeshRolloutRun | Where-Object Status -in Running, Paused | Stop-MeshRolloutRun</code>
/// <remarks>Asks before each one, unless -Confirm:$false says otherwise.</remarks>
/// </example>
/// <seealso cref="ResumeMeshRolloutRunCommand"/>
/// <seealso cref="GetMeshRolloutRunCommand"/>
[Cmdlet(VerbsLifecycle.Stop, "MeshRolloutRun", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MeshRolloutRun))]
public sealed class StopMeshRolloutRunCommand : RunCmdlet
{
    /// <summary>Gives the run as its journal tells it now, for Wait-MeshRolloutRun.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task DoAsync(PlannedRun run, ICommandOutput output, CancellationToken cancellationToken)
    {
        if (!await output.ShouldProcessAsync($"{run.Plan.Name} on {run.Cluster}", "Stop the run")) return;
        if (!await new RunControl(run.Cluster!.Session!).StopAsync(run.Plan, cancellationToken))
        {
            await output.WriteErrorAsync(CommandErrors.Of("MeshRoll.RunNotFound", ErrorCategory.ObjectNotFound, $"Nobody carries out the plan {run.Plan.Name} at the moment.", run.Plan.File));
            return;
        }
        if (PassThru) await output.WriteAsync(run.Read());
    }
}
