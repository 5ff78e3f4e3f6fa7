using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Pipeline;
using MeshRoll.Preflight;

namespace MeshRoll.Commands;

/// <summary>Looks at workloads before they are restarted: what will hurt during the restart, why, and what mends it.</summary>
/// <remarks>
/// <para>
/// Gives a finding for each thing that is wrong, and nothing where nothing is. Each has a stable Id, such as NoReadinessProbe, PreStopTooLong, TakesAllAtOnce,
/// BudgetAllowsNothing or ProxyNotAwaited; what was Seen; Why it hurts during a restart; and a Fix: a patch in YAML, with the command that tries it on the
/// server and changes nothing (FixCommand, which ends in --dry-run=server; without that option it does it). Where no patch can help, Advice says what can.
/// Repair-MeshRolloutReadiness applies the patches; Caution says what to be sure of before.
/// about_MeshRolloutReadiness lists the rules.
/// </para>
/// <para>
/// What could not be read is told as well: Checked is false, and Seen says which right is missing, once for each namespace and rule. A rule that was not
/// checked is neither well nor ill.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to list the workloads, pods, services, endpoints, poddisruptionbudgets, horizontalpodautoscalers, resourcequotas and nodes, and to read the
/// mesh's configuration; to list secrets (their names alone are asked for) where pull secrets are to be checked. What may not be read is told.
/// </notes>
/// <example>
/// <title>What will hurt tonight?</title>
/// <code>Get-MeshRolloutReadiness -Namespace shop -Severity Warning</code>
/// <remarks>One line for each finding, the most telling rules first for each workload.</remarks>
/// </example>
/// <example>
/// <title>See the patches, and try one</title>
/// <code>
/// Get-MeshRolloutReadiness -Namespace shop -Name deploy/cart | Format-List Id, Seen, Fix, FixCommand
/// </code>
/// <remarks>FixCommand shows what the server would make of it. A patch of the pod template makes new pods, as every change of it does.</remarks>
/// </example>
/// <example>
/// <title>Only what is outdated, without what one has accepted</title>
/// <code>Get-MeshWorkload -AllNamespaces -Outdated | Get-MeshRolloutReadiness -ExcludeRule OneReplica, LongConnections</code>
/// <remarks>Workloads that are piped in are looked at and no others.</remarks>
/// </example>
/// <seealso cref="TestMeshRolloutReadinessCommand"/>
/// <seealso cref="RepairMeshRolloutReadinessCommand"/>
/// <seealso cref="StartMeshRolloutRestartCommand"/>
/// <seealso href="about_MeshRolloutReadiness"/>
[Cmdlet(VerbsCommon.Get, "MeshRolloutReadiness", DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshReadinessFinding))]
public sealed class GetMeshRolloutReadinessCommand : ReadinessCmdlet
{
    /// <summary>The least severity that is told: Information (all), Warning or Error.</summary>
    [Parameter]
    public FindingSeverity Severity { get; set; } = FindingSeverity.Information;

    private protected override FindingSeverity Least => Severity;

    private protected override Task RunAsync(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, ReadinessQuery query, ICommandOutput output, CancellationToken cancellationToken) =>
        ReadAsync(parts, query, output.WriteAsync, output, cancellationToken);
}
