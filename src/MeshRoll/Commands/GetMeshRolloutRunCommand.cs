using System.Management.Automation;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Pipeline;
using MeshRoll.Plans;

namespace MeshRoll.Commands;

/// <summary>Tells how the run of a plan stands, from its journal: also while it runs elsewhere, and after it has ended.</summary>
/// <remarks>
/// Reads two files and asks nothing of a cluster. Details has each workload with its wave, its state and its times. A journal that was cut off in the middle
/// of a line, or that holds foreign lines, is read as far as it makes sense; Remarks says what was passed over.
/// </remarks>
/// <notes>Needs no rights, and no cluster.</notes>
/// <example>
/// <title>How far is it?</title>
/// <code>Get-MeshRolloutRun shop.yaml</code>
/// <remarks>Status, counts, and what it waits for.</remarks>
/// </example>
/// <example>
/// <title>What did not come back, and why?</title>
/// <code>(Get-MeshRolloutRun shop.yaml).Details | Where-Object State -in Failed, Refused, LeftAlone | Format-Table Workload, State, Message</code>
/// <remarks>The messages are those of Get-MeshRollout.</remarks>
/// </example>
/// <seealso cref="StartMeshRolloutPlanCommand"/>
/// <seealso cref="WaitMeshRolloutRunCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshRolloutRun")]
[OutputType(typeof(MeshRolloutRun))]
public sealed class GetMeshRolloutRunCommand : RunFileCmdlet
{
    private protected override async Task DoAsync(PlannedRun run, ICommandOutput output, CancellationToken cancellationToken) => await output.WriteAsync(run.Read());
}
