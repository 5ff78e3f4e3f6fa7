using System.Management.Automation;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Errors;
using MeshRoll.Pipeline;
using MeshRoll.Plans;

namespace MeshRoll.Commands;

/// <summary>Goes on with a run: one that was suspended, stopped or cut off, on this machine or another that has the plan's file.</summary>
/// <remarks>
/// <para>
/// A run that somebody suspended and that still has its process is told to go on, and the command returns. Otherwise the command carries the plan out itself
/// from where it stood: what was restarted is seen in the cluster and followed to its end; what a dead run left half-done (Surge, Evict) is finished; what
/// failed is looked at again; the rest follows as planned.
/// </para>
/// <para>The journal helps, and tells what others did since; without it the annotations on the workloads still say what is done.</para>
/// </remarks>
/// <notes>Needs the rights of Start-MeshRolloutPlan.</notes>
/// <example>
/// <title>After the machine was restarted</title>
/// <code>Resume-MeshRolloutRun shop.yaml -Confirm:$false</code>
/// <remarks>Waits until the Lease of the dead run has run out, a minute at most, and goes on.</remarks>
/// </example>
/// <example>
/// <title>After the fault was mended</title>
/// <code>Get-MeshRolloutRun shop.yaml | Where-Object Status -eq Stopped | Resume-MeshRolloutRun</code>
/// <remarks>The workloads that did not come back count again only if they still do not.</remarks>
/// </example>
/// <seealso cref="StartMeshRolloutPlanCommand"/>
/// <seealso cref="SuspendMeshRolloutRunCommand"/>
[Cmdlet(VerbsLifecycle.Resume, "MeshRolloutRun", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MeshRolloutRun))]
public sealed class ResumeMeshRolloutRunCommand : GatedRunCmdlet
{
    private protected override async Task DoAsync(PlannedRun run, ICommandOutput output, CancellationToken cancellationToken)
    {
        var before = run.Read();
        foreach (var remark in before.Remarks) await output.WriteWarningAsync($"{run.Journal}: {remark}");
        if (before.Status == RunStatus.Completed)
        {
            await output.WriteErrorAsync(CommandErrors.Of("MeshRoll.RunCompleted", ErrorCategory.ResourceExists, $"The plan {run.Plan.Name} was carried out to its end already.", before));
            return;
        }
        var control = new RunControl(run.Cluster!.Session!);
        if (before.Status == RunStatus.Suspended && await control.HolderAsync(run.Plan, cancellationToken) is { } holder)
        {
            if (await output.ShouldProcessAsync($"{run.Plan.Name} on {run.Cluster}", $"Tell {holder} to go on") && await control.ResumeAsync(run.Plan, cancellationToken)) await output.WriteAsync(before with { Message = $"{holder} was told to go on" });
            return;
        }
        var left = before.Workloads - before.Done - before.Skipped - before.Left;
        if (await output.ShouldProcessAsync($"{Count(left, "workload")} on {run.Cluster}", $"Go on with the plan {run.Plan.Name}")) await CarryOutAsync(run, isResumed: true, output, cancellationToken);
    }
}
