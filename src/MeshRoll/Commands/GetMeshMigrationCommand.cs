using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Migration;
using MeshRoll.Core.Workloads;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Tells how far pods are on their way from one revision or version of the mesh to another, for each namespace and in total.</summary>
/// <remarks>
/// <para>
/// A pod has moved when its sidecar is of -To. It is left when its sidecar is of -From, or, without -From, of anything else. What is of neither is counted as
/// Other and takes no part. A revision counts by what the injector wrote onto the pod, a version by the sidecar's image.
/// </para>
/// <para>
/// The pace comes from the times when pods were made, so that nothing has to be recorded meanwhile: MovedPerDay is the number of moved pods made since -Since,
/// divided by the days since then. A moved pod that was made anew counts once, at its newest. Less than an hour gives no pace.
/// </para>
/// <para>
/// NotRestartable counts the pods left that need a hand (bare pods, Jobs, what is paused). NotSwitched counts those that a restart would not move, because the
/// labels or webhooks still give new pods what they had: switch the injector first. Message says it in words.
/// </para>
/// <para>
/// -Left gives the workloads that have pods left instead, ready to be piped to Start-MeshRolloutRestart.
/// </para>
/// </remarks>
/// <notes>Needs the rights to list pods and workloads; to say what new pods get also to read namespaces, the mesh's ConfigMaps and webhooks.</notes>
/// <example>
/// <title>How far is it?</title>
/// <code>Get-MeshMigration -From default -To 1-27-1 -Since 14d</code>
/// <remarks>One line for each namespace, then the total. DaysToGo is empty while nothing moves.</remarks>
/// </example>
/// <example>
/// <title>Restart what is left, in a maintenance window</title>
/// <code>Get-MeshMigration -From default -To 1-27-1 -Left | Start-MeshRolloutRestart -Strategy Auto -MaxConcurrent 3 | Wait-MeshRollout</code>
/// <remarks>A workload whose new pods would not get 1-27-1 yet is skipped, with the reason.</remarks>
/// </example>
/// <example>
/// <title>An upgrade in place: by version</title>
/// <code>Get-MeshMigration -From 1.26 -To 1.27.1 -Namespace shop* | Where-Object Left</code>
/// <remarks>1.26 means all of 1.26.x.</remarks>
/// </example>
/// <example>
/// <title>A line a day, for the record</title>
/// <code>Get-MeshMigration -To 1-27-1 | Where-Object Total | Select-Object @{ n = 'Day'; e = { Get-Date -Format yyyy-MM-dd } }, Moved, Left, Percent, DaysToGo | Export-Csv migration.csv -Append</code>
/// <remarks>Total marks the sum of all namespaces read.</remarks>
/// </example>
/// <seealso cref="WaitMeshMigrationCommand"/>
/// <seealso cref="GetMeshNamespaceCommand"/>
/// <seealso cref="StartMeshRolloutRestartCommand"/>
/// <seealso href="about_MeshMigration"/>
[Cmdlet(VerbsCommon.Get, "MeshMigration", DefaultParameterSetName = Numbers)]
[OutputType(typeof(MeshMigration), ParameterSetName = [Numbers])]
[OutputType(typeof(MeshWorkload), ParameterSetName = [Workloads])]
public sealed class GetMeshMigrationCommand : WholeNamespacesCmdlet
{
    private const string Numbers = "Numbers";
    private const string Workloads = "Workloads";

    /// <summary>Where pods come from: a revision, a tag, or a version such as 1.26.4 or 1.26. Left out, whatever is not -To.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MeshRevisionCompleter))]
    public string? From { get; set; }

    /// <summary>Where pods go: a revision, a tag, or a version. A tag means the revision it points at now.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MeshRevisionCompleter))]
    public string To { get; set; } = "";

    /// <summary>Measures the pace from here: a date, or how long ago, such as 14d or 36h. Left out, from the time when the oldest moved pod was made.</summary>
    [Parameter(ParameterSetName = Numbers)]
    [Since]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Gives the workloads that have pods left, for Start-MeshRolloutRestart, instead of numbers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Workloads)]
    public SwitchParameter Left { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var parts = Chosen();
        var query = new MigrationQuery { From = From, To = To, Since = Since, IncludeGateway = IncludeGateway };
        if (ParameterSetName == Workloads) Run((output, cancellationToken) => ReadLeftAsync(parts, query, output, cancellationToken));
        else Run((output, cancellationToken) => ReadAsync(parts, query, output, cancellationToken));
    }

    private static Task ReadAsync(IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, MigrationQuery query, ICommandOutput output, CancellationToken cancellationToken) =>
        ReadWork.RunAsync(
            parts,
            (session, selection, token) => new MigrationReader(session).ReadAsync(query with { Selection = Of(selection) }, token),
            (_, migration) => output.WriteAsync(migration),
            output,
            cancellationToken);

    private static Task ReadLeftAsync(IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, MigrationQuery query, ICommandOutput output, CancellationToken cancellationToken) =>
        ReadWork.RunAsync(
            parts,
            (session, selection, token) => new MigrationReader(session).ReadLeftAsync(query with { Selection = Of(selection) }, token),
            (cluster, workload) =>
            {
                KnownNames.Of(cluster.Session!).Add(workload.Namespace, workload.Kind, workload.Name);
                return output.WriteAsync(workload);
            },
            output,
            cancellationToken);

    private static WorkloadSelection Of(WorkloadSelection selection) => selection with { AllNamespaces = selection.Namespaces.Count == 0 };
}
