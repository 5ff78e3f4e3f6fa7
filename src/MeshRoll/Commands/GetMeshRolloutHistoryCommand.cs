using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;
using MeshRoll.Verbs;

namespace MeshRoll.Commands;

/// <summary>Gives the revisions of workloads: when each came, why, with which images, which is the current one, and which sidecars its pods carry.</summary>
/// <remarks>
/// <para>
/// The revisions are those of kubectl rollout history: the ReplicaSets of a Deployment or an Argo Rollout, the ControllerRevisions of a StatefulSet or
/// DaemonSet. A workload keeps some ten of them. Current is the one whose template the workload has now, also while it is still rolling.
/// </para>
/// <para>
/// SidecarVersions is read off the pods of a revision that are there: a revision without pods has none. The sidecar is no part of a revision, it is
/// injected when a pod is made; so one revision can show two versions.
/// </para>
/// </remarks>
/// <notes>Needs the rights to get the workloads and to list replicasets, controllerrevisions and pods; without the last the sidecars are not known.</notes>
/// <example>
/// <title>What was rolled out?</title>
/// <code>Get-MeshRolloutHistory -Namespace shop -Name deploy/web</code>
/// <remarks>The oldest revision first.</remarks>
/// </example>
/// <example>
/// <title>What differs between two revisions?</title>
/// <code>
/// $old, $new = Get-MeshRolloutHistory deploy/web -Namespace shop -Revision 2, 3
/// Compare-Object $old.Template.Split("`n") $new.Template.Split("`n")
/// </code>
/// <remarks>With -Revision each carries its pod template as JSON.</remarks>
/// </example>
/// <example>
/// <title>Which revisions still run an old sidecar?</title>
/// <code>Get-MeshRolloutHistory -Namespace shop | Where-Object SidecarVersions -contains 1.26.4</code>
/// <remarks>By a namespace or a pattern the workloads of the mesh are meant.</remarks>
/// </example>
/// <seealso cref="UndoMeshRolloutCommand"/>
/// <seealso cref="GetMeshRolloutCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshRolloutHistory", DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRevisionEntry))]
public sealed class GetMeshRolloutHistoryCommand : SelectionCmdlet
{
    private readonly VerbTargets _targets = new();

    /// <summary>Numbers of revisions: gives these alone, with their pod templates. One that a workload does not have is an error that names those it has.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateRange(1, long.MaxValue)]
    [ArgumentCompleter(typeof(RevisionCompleter))]
    public long[] Revision { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        var selection = CaptureSelection();
        RequireName(selection);
        _targets.Add(CaptureChoice().Resolve(), selection);
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var numbers = Revision;
        Run((output, cancellationToken) => ReadAsync(numbers, output, cancellationToken));
    }

    private async Task ReadAsync(long[] numbers, ICommandOutput output, CancellationToken cancellationToken)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in (await _targets.ResolveAsync(output, cancellationToken)).GroupBy(target => target.Cluster))
        {
            IReadOnlyList<WorkloadReference> workloads = [.. group.Where(target => !target.IsByPattern || WorkloadKinds.Restartable.Contains(target.Workload.Kind)).Select(target => target.Workload)];
            try
            {
                await foreach (var happened in new HistoryReader(group.Key.Session!).ReadAsync(workloads, numbers, cancellationToken)) await TellAsync(happened, said, output);
            }
            catch (MeshRollException e)
            {
                await output.WriteErrorAsync(CommandErrors.From(e));
            }
        }
    }

    private static ValueTask TellAsync(ReadEvent<MeshRevisionEntry> happened, HashSet<string> said, ICommandOutput output) => happened switch
    {
        ReadEvent<MeshRevisionEntry>.Found(var entry) => output.WriteAsync(entry),
        ReadEvent<MeshRevisionEntry>.Failed(var error, var target) => output.WriteErrorAsync(CommandErrors.From(error, target)),
        ReadEvent<MeshRevisionEntry>.Remark(var text) when said.Add(text) => output.WriteWarningAsync(text),
        _ => ValueTask.CompletedTask,
    };
}
