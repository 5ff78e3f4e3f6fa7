using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Pipeline;
using MeshRoll.Waiting;

namespace MeshRoll.Commands;

/// <summary>Gives the rollout of each workload as it stands: how many pods are new, ready and available, and what is wrong where it does not move.</summary>
/// <remarks>
/// Chosen by a pattern or a namespace, the workloads of the mesh are meant: those whose pods carry a sidecar. Any other workload is read
/// when it is named with its kind, such as deploy/web.
/// </remarks>
/// <notes>Needs the rights to get, list and watch the workloads and to list and watch pods.</notes>
/// <example>
/// <title>How does it go?</title>
/// <code>Get-MeshRollout -Namespace shop | Where-Object State -ne Complete</code>
/// <remarks>What is still moving, with its counts; Message and Diagnosis say what it waits for.</remarks>
/// </example>
/// <example>
/// <title>One workload in full</title>
/// <code>Get-MeshRollout -Namespace shop -Name deploy/web | Format-List</code>
/// <remarks>Format-List shows the diagnosis with its advice.</remarks>
/// </example>
/// <seealso cref="GetMeshRolloutDiagnosisCommand"/>
/// <seealso cref="WaitMeshRolloutCommand"/>
/// <seealso cref="StartMeshRolloutRestartCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshRollout", DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRollout))]
public sealed class GetMeshRolloutCommand : SelectionCmdlet
{
    private readonly ChosenWorkloads _chosen = new();

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() => _chosen.Add(CaptureChoice().Resolve(), CaptureSelection()));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var parts = _chosen.Merge();
        Run((output, cancellationToken) => ReadAsync(parts, output, cancellationToken));
    }

    private static Task ReadAsync(IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, ICommandOutput output, CancellationToken cancellationToken) =>
        Task.WhenAll(parts.GroupBy(part => part.Cluster).Select(async group =>
        {
            var workloads = new HashSet<WorkloadReference>();
            foreach (var (cluster, selection) in group) workloads.UnionWith(await ChooseAsync(cluster, selection, output, cancellationToken));
            await RolloutReading.RunAsync(group.Key, workloads, output, cancellationToken);
        }));

    private static async Task<IReadOnlyCollection<WorkloadReference>> ChooseAsync(MeshCluster cluster, WorkloadSelection selection, ICommandOutput output, CancellationToken cancellationToken)
    {
        if (WorkloadTargets.NamedInFull(selection, cluster.Namespace) is { } named) return await RolloutReading.ExistingAsync(cluster, named, output, cancellationToken);

        var found = new List<WorkloadReference>();
        await WorkloadTargets.LookUpAsync(cluster, selection, new SidecarQuery { IncludeGateway = true }, Take, output, cancellationToken);
        return found;

        void Take(MeshWorkload workload)
        {
            KnownNames.Of(cluster.Session!).Add(workload.Namespace, workload.Kind, workload.Name);
            if (WorkloadKinds.Restartable.Contains(workload.Kind)) found.Add(new(workload.Namespace, workload.Kind, workload.Name));
        }
    }
}
