using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Parameters;
using MeshRoll.Verbs;

namespace MeshRoll.Commands;

/// <summary>Brings an earlier template of workloads back. It does not bring the old proxy back.</summary>
/// <remarks>
/// <para>
/// Does what kubectl rollout undo does, for Deployments, StatefulSets and DaemonSets. An undo brings back what the template said: images, settings,
/// environment. The proxy is not in it: it is injected when a pod is made, so that new pods get the one that is injected now. To roll a proxy back,
/// point the namespace or the injector back to the old revision and restart.
/// </para>
/// <para>
/// Every restart adds a revision. After a restart for the mesh's sake the revision before is therefore the same application, and an undo only replaces
/// the pods once more; -WhatIf says so. Give -ToRevision, or pipe in a revision of Get-MeshRolloutHistory, for one further back.
/// </para>
/// <para>
/// A paused Deployment is refused, MeshRoll.WorkloadPaused; a revision that is not kept is MeshRoll.RevisionNotFound and names those there are. Where the
/// template is that of the revision already nothing is done, with a warning. Argo Rollouts are undone by their own tool.
/// </para>
/// </remarks>
/// <notes>Needs the rights to get and patch the workloads and to list replicasets and controllerrevisions; where they are chosen by a pattern, also to list workloads and pods.</notes>
/// <example>
/// <title>What would it bring back?</title>
/// <code>Undo-MeshRollout -Namespace shop -Name deploy/web -WhatIf</code>
/// <remarks>Names the revision and its images, and says what an undo does not do.</remarks>
/// </example>
/// <example>
/// <title>Back by one, and wait</title>
/// <code>Undo-MeshRollout -Namespace shop -Name deploy/web -PassThru | Wait-MeshRollout -Timeout 10m</code>
/// <remarks>With -PassThru the rollout is given, for Wait-MeshRollout to follow.</remarks>
/// </example>
/// <example>
/// <title>To the last revision that ran another image</title>
/// <code>
/// Get-MeshRolloutHistory deploy/web -Namespace shop | Where-Object Images -notcontains 'hub.example/web:2' |
///     Select-Object -Last 1 | Undo-MeshRollout
/// </code>
/// <remarks>A revision that is piped in is the one that is brought back.</remarks>
/// </example>
/// <seealso cref="GetMeshRolloutHistoryCommand"/>
/// <seealso cref="WaitMeshRolloutCommand"/>
[Cmdlet(VerbsCommon.Undo, "MeshRollout", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRollout))]
public sealed class UndoMeshRolloutCommand : RolloutVerbCmdlet
{
    private const string ByEntry = "Entry";

    private readonly List<(VerbTarget Target, RolloutVerb Verb)> _entries = [];

    /// <summary>Revisions, from Get-MeshRolloutHistory: each is brought back in its workload.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByEntry)]
    [ValidateNotNull]
    [RevisionReference]
    public MeshRevisionEntry[] Entry { get; set; } = [];

    /// <summary>The number of the revision to bring back. Left out or 0, the one before the newest.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateRange(0, long.MaxValue)]
    [ArgumentCompleter(typeof(RevisionCompleter))]
    public long ToRevision { get; set; }

    private protected override string Afterwards =>
        "Undone is what the template says; the old proxy does not come back with it: new pods get the one that is injected now. To roll a proxy back, point the injector back and restart.";

    private protected override IEnumerable<(VerbTarget Target, RolloutVerb Verb)> FurtherSteps => _entries;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != ByEntry)
        {
            base.ProcessRecord();
            return;
        }
        foreach (var entry in Entry)
        {
            TryForRecord(() => _entries.Add((new(CaptureGivenChoice().ResolveFor(entry.Cluster), new(entry.Namespace, entry.Kind, entry.Name)), new UndoVerb(entry.Revision))), entry);
        }
    }

    private protected override RolloutVerb CaptureVerb() => new UndoVerb(ToRevision);
}
