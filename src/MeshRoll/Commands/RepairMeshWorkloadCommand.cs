using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Restarts.Repair;
using MeshRoll.Core.Workloads;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Takes back what restarts that were killed left behind: counts of pods that are still raised, and marks.</summary>
/// <remarks>
/// <para>
/// Start-MeshRolloutRestart -Strategy Surge or Evict replaces pods step by step and marks the workload meanwhile (label and annotation meshroll.io/run),
/// with the count of pods as it was. A run that ends, fails or is stopped with Ctrl+C takes its mark away itself. Only one whose process was killed, or
/// that lost its cluster, leaves it. This command finds such marks and undoes what belongs to them; another Start-MeshRolloutRestart on the workload
/// finishes it instead.
/// </para>
/// <para>
/// A run that was heard of within the last three minutes is not touched, unless its process is known to be gone (it was one of this machine), or
/// -Force is given. A count that somebody else has changed since stays as it is.
/// </para>
/// </remarks>
/// <notes>Needs the rights to list and patch the workloads.</notes>
/// <example>
/// <title>After a crash: what was left behind, and what would be done?</title>
/// <code>Repair-MeshWorkload -AllNamespaces -WhatIf</code>
/// <remarks>Names each marked workload with its count and who left the mark.</remarks>
/// </example>
/// <example>
/// <title>Repair all of it</title>
/// <code>Repair-MeshWorkload -AllNamespaces</code>
/// <remarks>Each workload is one change: its count and its mark go back together.</remarks>
/// </example>
/// <example>
/// <title>The machine that ran it is gone for good</title>
/// <code>Repair-MeshWorkload -Namespace shop -Name deploy/web -Force</code>
/// <remarks>Does not wait until the mark is old enough to count as dead.</remarks>
/// </example>
/// <seealso cref="StartMeshRolloutRestartCommand"/>
[Cmdlet(VerbsDiagnostic.Repair, "MeshWorkload", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRepair))]
public sealed class RepairMeshWorkloadCommand : SelectionCmdlet
{
    private readonly ChosenWorkloads _chosen = new();

    /// <summary>Takes a run that was heard of lately for dead, and takes marks away that cannot be read.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        var selection = CaptureSelection();
        RequireName(selection);
        _chosen.Add(CaptureChoice().Resolve(), selection);
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var (parts, force) = (_chosen.Merge(), Force.IsPresent);
        Run((output, cancellationToken) => RepairAsync(parts, force, output, cancellationToken));
    }

    private static Task RepairAsync(IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, bool force, ICommandOutput output, CancellationToken cancellationToken)
    {
        return ReadWork.RunAsync<MeshRepair>(parts, Repair, (_, repair) => output.WriteAsync(repair), output, cancellationToken);

        IAsyncEnumerable<ReadEvent<MeshRepair>> Repair(ClusterSession session, WorkloadSelection selection, CancellationToken token) =>
            new WorkloadRepair(session).RunAsync(selection, new() { Force = force, Approve = (workload, action, _) => output.ShouldProcessAsync($"{workload} on {session.Name}", action) }, token);
    }
}
