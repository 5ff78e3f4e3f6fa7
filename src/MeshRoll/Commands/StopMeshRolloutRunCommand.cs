using System.Management.Automation;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Plans.Runs;
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
public sealed class StopMeshRolloutRunCommand : RunWishCmdlet
{
    private protected override string Action => "Stop the run";

    private protected override Task<bool> TellAsync(RunControl control, PlannedRun run, CancellationToken cancellationToken) => control.StopAsync(run.Plan, cancellationToken);
}
