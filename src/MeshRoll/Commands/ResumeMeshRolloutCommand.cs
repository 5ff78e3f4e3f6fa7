using System.Management.Automation;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Verbs;

namespace MeshRoll.Commands;

/// <summary>Lets suspended rollouts of Deployments go on.</summary>
/// <remarks>
/// Does what kubectl rollout resume does: changes of the template that waited begin to roll. A Deployment that is not suspended is left as it is, with
/// a warning, where kubectl fails.
/// </remarks>
/// <notes>Needs the rights to get and patch deployments; where workloads are chosen by a pattern, also to list workloads and pods.</notes>
/// <example>
/// <title>Go on, and wait</title>
/// <code>Resume-MeshRollout -Namespace shop -Name deploy/web -PassThru | Wait-MeshRollout -Timeout 10m</code>
/// <remarks>With -PassThru the rollout is given, for Wait-MeshRollout to follow.</remarks>
/// </example>
/// <example>
/// <title>All that wait because they are suspended</title>
/// <code>Get-MeshRollout -Namespace shop | Where-Object State -eq Paused | Resume-MeshRollout</code>
/// <remarks>Look at the list first: somebody may have suspended one for a reason.</remarks>
/// </example>
/// <seealso cref="SuspendMeshRolloutCommand"/>
/// <seealso cref="WaitMeshRolloutCommand"/>
[Cmdlet(VerbsLifecycle.Resume, "MeshRollout", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRollout))]
public sealed class ResumeMeshRolloutCommand : RolloutVerbCmdlet
{
    private protected override RolloutVerb CaptureVerb() => new ResumeVerb();
}
