using System.Management.Automation;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Verbs;

namespace MeshRoll.Commands;

/// <summary>Suspends the rollouts of Deployments: pods that run stay as they are, and changes of the template wait.</summary>
/// <remarks>
/// <para>
/// Does what kubectl rollout pause does. A Deployment that is suspended already is left as it is, with a warning, where kubectl fails: what was
/// wished for is so. Somebody else may have suspended it for a reason; think of that before it is resumed.
/// </para>
/// <para>
/// Kubernetes can pause Deployments only. A StatefulSet or DaemonSet that is named is an error, MeshRoll.VerbNotSupported, which says how its pods can
/// be held back; one that only a pattern matches is left alone.
/// </para>
/// </remarks>
/// <notes>Needs the rights to get and patch deployments; where workloads are chosen by a pattern, also to list workloads and pods.</notes>
/// <example>
/// <title>Hold a rollout</title>
/// <code>Suspend-MeshRollout -Namespace shop -Name deploy/web</code>
/// <remarks>What was replaced so far stays replaced; the rest waits for Resume-MeshRollout.</remarks>
/// </example>
/// <example>
/// <title>Several changes, one rollout</title>
/// <code>
/// $web = Suspend-MeshRollout deploy/web -Namespace shop -PassThru
/// $web | Set-MeshWorkloadImage -Image @{ app = 'hub.example/web:2' }
/// $web | Resume-MeshRollout -PassThru | Wait-MeshRollout
/// </code>
/// <remarks>While it is suspended, changes are collected; they roll together when it is resumed.</remarks>
/// </example>
/// <seealso cref="ResumeMeshRolloutCommand"/>
/// <seealso cref="GetMeshRolloutCommand"/>
[Cmdlet(VerbsLifecycle.Suspend, "MeshRollout", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRollout))]
public sealed class SuspendMeshRolloutCommand : RolloutVerbCmdlet
{
    private protected override RolloutVerb CaptureVerb() => new SuspendVerb();
}
