using System.Management.Automation;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Plans.Runs;
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
public sealed class SuspendMeshRolloutRunCommand : RunWishCmdlet
{
    private protected override string Action => "Suspend the run";

    private protected override Task<bool> TellAsync(RunControl control, PlannedRun run, CancellationToken cancellationToken) => control.SuspendAsync(run.Plan, cancellationToken);
}
