using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Preflight.Mending;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Applies the fixes of Get-MeshRolloutReadiness: each object once, tried on the server first, and with the way back.</summary>
/// <remarks>
/// <para>
/// Takes findings from the pipe. All fixes of one object are one patch. The server tries it first (a dry run), so that Changes tells field by field what it
/// makes of the patch, its defaults included; then the command asks, and applies it. -WhatIf stops after the trial: State is Proposed then.
/// </para>
/// <para>
/// A patch of the pod template (probes, preStop, annotations, time to end) makes new pods at once, all workloads at the same time and by their own update
/// strategy; the question says so. Mend a few at a time, and restart for the sidecar afterwards only what is still outdated.
/// </para>
/// <para>
/// Nothing is changed that is not as it was when it was looked at: somebody else's change in between is an error (MeshRoll.FindingOutdated), and so is another
/// object of the same name. Findings without a patch are left alone, and so is a patch that rests on what only the owner knows (the path of a readiness probe,
/// whether two pods may run at the same time) without -AllowGuess; workloads whose owner forbids restarts (meshroll.io/restart: never) get no patch that makes
/// new pods. State is Skipped then, and Reason says why.
/// </para>
/// <para>
/// What Argo CD, Flux or Helm keeps is put back by them sooner or later: a warning says so. Mend it where they read it.
/// </para>
/// <para>
/// Undo is the patch that takes a repair back, UndoCommand the same for kubectl; -Undo does it with the objects that this command gave.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to get and patch what is mended: workloads, poddisruptionbudgets, horizontalpodautoscalers.
/// </notes>
/// <example>
/// <title>What would be changed?</title>
/// <code>Get-MeshRolloutReadiness -Namespace shop -Rule NoDrain, ProxyNotAwaited | Repair-MeshRolloutReadiness -WhatIf | Format-List</code>
/// <remarks>Each field with its value before and after, and whether new pods are made. Nothing is changed.</remarks>
/// </example>
/// <example>
/// <title>Mend one workload, and wait for its new pods</title>
/// <code>
/// Get-MeshRolloutReadiness -Namespace shop -Name deploy/cart | Repair-MeshRolloutReadiness
/// Get-MeshRollout -Namespace shop -Name deploy/cart | Wait-MeshRollout
/// </code>
/// <remarks>Asks once: all that can be mended of it is one change.</remarks>
/// </example>
/// <example>
/// <title>Take it back</title>
/// <code>
/// $done = Get-MeshRolloutReadiness -Namespace shop -Rule TakesAllAtOnce | Repair-MeshRolloutReadiness -Confirm:$false
/// $done | Repair-MeshRolloutReadiness -Undo
/// </code>
/// <remarks>The specification is as it was before, unless somebody else has changed it since: that is an error.</remarks>
/// </example>
/// <seealso cref="GetMeshRolloutReadinessCommand"/>
/// <seealso cref="StartMeshRolloutRestartCommand"/>
/// <seealso href="about_MeshRolloutReadiness"/>
[Cmdlet(VerbsDiagnostic.Repair, "MeshRolloutReadiness", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByFinding)]
[OutputType(typeof(MeshReadinessRepair))]
public sealed class RepairMeshRolloutReadinessCommand : ClusterCmdlet
{
    private const string ByFinding = "Finding";
    private const string ByRepair = "Repair";

    private readonly List<(MeshCluster Cluster, MeshReadinessFinding Finding)> _findings = [];
    private readonly List<(MeshCluster Cluster, MeshReadinessRepair Repair)> _repairs = [];

    /// <summary>Findings, from Get-MeshRolloutReadiness of this session.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByFinding)]
    [ValidateNotNull]
    public MeshReadinessFinding[] Finding { get; set; } = [];

    /// <summary>Repairs, as this command gave them in this session.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByRepair)]
    [ValidateNotNull]
    public MeshReadinessRepair[] Repair { get; set; } = [];

    /// <summary>Takes repairs back, the last one first.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByRepair)]
    public SwitchParameter Undo { get; set; }

    /// <summary>Applies also a patch that rests on what only the owner knows: the path of a readiness probe, or that two pods may run at the same time. See Caution first.</summary>
    [Parameter(ParameterSetName = ByFinding)]
    public SwitchParameter AllowGuess { get; set; }

    /// <summary>The name that changes are recorded under in managedFields, where GitOps tools look who changed what.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string FieldManager { get; set; } = "meshroll";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var finding in Finding) TryForRecord(() => _findings.Add((CaptureGivenChoice().ResolveFor(finding.Cluster), finding)), finding);
        foreach (var repair in Repair) TryForRecord(() => _repairs.Add((CaptureGivenChoice().ResolveFor(repair.Cluster), repair)), repair);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var (allowGuess, manager) = (AllowGuess.IsPresent, FieldManager);
        Run((output, cancellationToken) => RepairAsync(new() { AllowGuess = allowGuess, FieldManager = manager, Approve = (target, action, _) => output.ShouldProcessAsync(target, action) }, output, cancellationToken));
    }

    private async Task RepairAsync(ReadinessRepairOptions options, ICommandOutput output, CancellationToken cancellationToken)
    {
        // One object after the other: two questions at a time nobody can answer.
        foreach (var group in _findings.GroupBy(part => part.Cluster))
            await TellAsync(group.Key, session => new ReadinessRepair(session).RunAsync([.. group.Select(part => part.Finding)], options, cancellationToken));
        foreach (var group in _repairs.GroupBy(part => part.Cluster))
            await TellAsync(group.Key, session => new ReadinessRepair(session).UndoAsync([.. group.Select(part => part.Repair)], options, cancellationToken));

        Task TellAsync(MeshCluster cluster, Func<ClusterSession, IAsyncEnumerable<ReadEvent<MeshReadinessRepair>>> run) =>
            ReadWork.RunAsync([(cluster, new())], (session, _, _) => run(session), (_, repair) => output.WriteAsync(repair), output, cancellationToken);
    }
}
