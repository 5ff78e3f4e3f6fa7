using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Parameters;

namespace MeshRoll.Commands;

/// <summary>Tells why workloads do not come back: what is wrong with their newest pods, what to do about it, and whether it can pass by itself.</summary>
/// <remarks>
/// <para>
/// Gives a finding for each thing that is wrong, and nothing where nothing is. Each has a stable Id, such as ImagePull, CrashLoop, InitContainerFailed,
/// NotReady, Unschedulable, QuotaExceeded, InjectionFailed or SidecarNotReady (about_MeshRollDiagnosis lists them all); one sentence that says what is wrong (Message) and one that
/// says what to do (Advice); and what the cluster itself says (Evidence, ExitCode, with -IncludeLog Log).
/// </para>
/// <para>
/// The Verdict is Fatal when it will not pass without somebody doing something: such findings end Wait-MeshRollout early. Transient passes by itself
/// mostly, and Unknown is anybody's guess. All workloads that are chosen are looked at, with a sidecar or without: one whose pods cannot be made has none.
/// </para>
/// <para>
/// Logs are cleaned of control characters and of what looks like a secret before they are shown. Nobody can know all secrets: look before you pass them on.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to list the workloads and pods. Where something is wrong, events and the pods of istiod are listed too, and with -IncludeLog pods/log
/// is read; what may not be read is left out.
/// </notes>
/// <example>
/// <title>What is wrong in a namespace?</title>
/// <code>Get-MeshRolloutDiagnosis -Namespace shop</code>
/// <remarks>One line for each finding; Format-List shows what to do and the evidence.</remarks>
/// </example>
/// <example>
/// <title>Why does this one not come back, in its own words?</title>
/// <code>Get-MeshRolloutDiagnosis -Namespace shop -Name deploy/cart -IncludeLog | Format-List</code>
/// <remarks>Log holds the last lines of the container that fails, of its last run where it waits for the next one.</remarks>
/// </example>
/// <example>
/// <title>Diagnose what failed</title>
/// <code>
/// $done = Get-MeshWorkload -Namespace shop -Outdated | Start-MeshRolloutRestart | Wait-MeshRollout -Timeout 30m
/// $done | Where-Object State -ne Complete | Get-MeshRolloutDiagnosis -IncludeLog
/// </code>
/// <remarks>A rollout brings along which sidecar was wanted, so that pods which came up with another one are told, with the label that decided.</remarks>
/// </example>
/// <seealso cref="GetMeshRolloutCommand"/>
/// <seealso cref="WaitMeshRolloutCommand"/>
/// <seealso href="about_MeshRollDiagnosis"/>
[Cmdlet(VerbsCommon.Get, "MeshRolloutDiagnosis", DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshFinding))]
public sealed class GetMeshRolloutDiagnosisCommand : SelectionCmdlet
{
    private const string ByRollout = "Rollout";

    private readonly ChosenWorkloads _chosen = new();
    private readonly List<MeshRollout> _rollouts = [];

    /// <summary>Rollouts, from Start-MeshRolloutRestart, Get-MeshRollout or Wait-MeshRollout.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByRollout)]
    [ValidateNotNull]
    [RolloutReference]
    public MeshRollout[] Rollout { get; set; } = [];

    /// <summary>Reads the last lines of containers that fail, too.</summary>
    [Parameter]
    public SwitchParameter IncludeLog { get; set; }

    /// <summary>How many lines of a log, with -IncludeLog.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Tail { get; set; } = 20;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByRollout)
        {
            foreach (var rollout in Rollout) TryForRecord(() => Choose(rollout), rollout);
        }
        else
        {
            TryForRecord(ChooseByName);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var parts = _chosen.Merge();
        var options = new DiagnosisOptions { IncludeLog = IncludeLog, LogLines = Tail };
        Run((output, cancellationToken) => ReadWork.RunAsync(
            parts,
            (session, selection, token) => new DiagnosisReader(session).ReadAsync(selection, options with { Rollouts = RolloutsOf(session) }, token),
            (cluster, finding) =>
            {
                KnownNames.Of(cluster.Session!).Add(finding.Namespace, finding.Kind, finding.Name);
                return output.WriteAsync(finding);
            },
            output,
            cancellationToken));
    }

    private void Choose(MeshRollout rollout)
    {
        var selection = new WorkloadSelection { Namespaces = [rollout.Namespace], Names = [rollout.Name], Kinds = [rollout.Kind] };
        DiagnosisReader.Check(selection);
        _chosen.Add([CaptureGivenChoice().ResolveFor(rollout.Cluster)], selection);
        _rollouts.Add(rollout);
    }

    private void ChooseByName()
    {
        var selection = CaptureSelection();
        RequireName(selection);
        // Each record for itself: one that cannot be read must not take the others along.
        DiagnosisReader.Check(selection);
        _chosen.Add(CaptureChoice().Resolve(), selection);
    }

    private List<MeshRollout> RolloutsOf(ClusterSession session) => [.. _rollouts.Where(rollout => rollout.Cluster == session.Name || rollout.Cluster.Length == 0)];
}
