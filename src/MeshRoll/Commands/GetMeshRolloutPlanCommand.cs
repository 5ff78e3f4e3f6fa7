using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Checking;
using MeshRoll.Core.Plans.Files;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;
using MeshRoll.Plans;

namespace MeshRoll.Commands;

/// <summary>Reads plans from their files; with -Compare also tells what is different in the cluster of today.</summary>
/// <remarks>
/// <para>
/// A file is read strictly: an unknown field, a wrong indent, waves that overlap, a window that never opens, an unknown time zone or a newer form is an error
/// with file, line and what is allowed.
/// </para>
/// <para>
/// With -Compare, Differences holds a finding for each workload that vanished, was made anew, was restarted or scaled by somebody else, or has moved to the
/// wanted sidecar by itself, and for those that are new beside them. Errors among them are what Test-MeshRolloutPlan fails for.
/// </para>
/// </remarks>
/// <notes>Without -Compare no right is needed, and no cluster. With it, the rights to list pods, namespaces and workloads.</notes>
/// <example>
/// <title>What is in it?</title>
/// <code>(Get-MeshRolloutPlan shop.yaml).Waves | Format-Table Name, Estimate, Workloads</code>
/// <remarks>Reads the file and nothing else.</remarks>
/// </example>
/// <example>
/// <title>What has changed since it was made?</title>
/// <code>(Get-MeshRolloutPlan shop.yaml -Compare).Differences | Format-Table Severity, Id, Message</code>
/// <remarks>The worst first.</remarks>
/// </example>
/// <seealso cref="NewMeshRolloutPlanCommand"/>
/// <seealso cref="TestMeshRolloutPlanCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshRolloutPlan")]
[OutputType(typeof(MeshRolloutPlan))]
public sealed class GetMeshRolloutPlanCommand : ClusterCmdlet
{
    private readonly List<(string Path, IReadOnlyList<MeshCluster> Clusters)> _files = [];

    /// <summary>The files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Compares with the cluster: fills Differences.</summary>
    [Parameter]
    public SwitchParameter Compare { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        foreach (var path in Path) _files.Add((PlanPaths.Full(this, path), Compare ? CaptureGivenChoice().Resolve() : []));
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(ReadAsync);

    private async Task ReadAsync(ICommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var (path, clusters) in _files)
        {
            try
            {
                var plan = PlanFile.Read(path);
                if (clusters.Count == 0) await output.WriteAsync(plan);
                foreach (var cluster in clusters) await output.WriteAsync(await new PlanCheck(cluster.Session!).CompareAsync(plan, cancellationToken));
            }
            catch (MeshRollException error)
            {
                await output.WriteErrorAsync(CommandErrors.From(error, path));
            }
        }
    }
}
