using System.Management.Automation;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Errors;
using MeshRoll.Pipeline;
using MeshRoll.Plans;

namespace MeshRoll.Commands;

/// <summary>Asks a run to start nothing more for now.</summary>
/// <remarks>What moves ends; then the run waits, holding its Lease, until Resume-MeshRolloutRun tells it to go on. The wish is written on the run's Lease, so that it reaches whichever machine carries the plan out, within ten seconds.</remarks>
/// <notes>Needs the rights to get and patch leases.coordination.k8s.io in the plan's leaseNamespace.</notes>
/// <example>
/// <title>Wait, something is odd</title>
/// <code>Suspend-MeshRolloutRun shop.yaml -Confirm:$false</code>
/// <remarks>The journal says who asked.</remarks>
/// </example>
/// <example>
/// <title>While another deployment goes on</title>
/// <code>
/// Suspend-MeshRolloutRun shop.yaml -Confirm:$false
/// ./deploy-shop.ps1
/// Resume-MeshRolloutRun shop.yaml -Confirm:$false
/// </code>
/// <remarks>What the deployment changed is left to it.</remarks>
/// </example>
/// <seealso cref="ResumeMeshRolloutRunCommand"/>
/// <seealso cref="GetMeshRolloutRunCommand"/>
[Cmdlet(VerbsLifecycle.Suspend, "MeshRolloutRun", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MeshRolloutRun))]
public sealed class SuspendMeshRolloutRunCommand : RunCmdlet
{
    /// <summary>Gives the run as its journal tells it now, for Wait-MeshRolloutRun.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task DoAsync(PlannedRun run, ICommandOutput output, CancellationToken cancellationToken)
    {
        if (!await output.ShouldProcessAsync($"{run.Plan.Name} on {run.Cluster}", "Suspend the run")) return;
        if (!await new RunControl(run.Cluster!.Session!).SuspendAsync(run.Plan, cancellationToken))
        {
            await output.WriteErrorAsync(CommandErrors.Of("MeshRoll.RunNotFound", ErrorCategory.ObjectNotFound, $"Nobody carries out the plan {run.Plan.Name} at the moment.", run.Plan.File));
            return;
        }
        if (PassThru) await output.WriteAsync(run.Read());
    }
}
