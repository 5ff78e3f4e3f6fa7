using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Gives the workloads of a mesh, each with a summary of its pods' sidecars and whether it can be restarted.</summary>
/// <remarks>
/// A workload is what made the pods: a Deployment, StatefulSet, DaemonSet or Argo Rollout. What cannot be restarted in place (a bare pod, a
/// Job, a ReplicaSet without Deployment) is given too, with the reason.
/// </remarks>
/// <notes>Needs the rights to list pods and workloads.</notes>
/// <example>
/// <title>What has to be restarted?</title>
/// <code>Get-MeshWorkload -AllNamespaces -Outdated | Sort-Object Namespace, Name</code>
/// <remarks>One line for each workload; Versions shows what its pods run now.</remarks>
/// </example>
/// <example>
/// <title>What is outdated and cannot be restarted by MeshRoll?</title>
/// <code>Get-MeshWorkload -AllNamespaces -Outdated | Where-Object -Not Restartable | Format-List Namespace, Kind, Name, Reason</code>
/// <remarks>These need a hand: bare pods, jobs that still run.</remarks>
/// </example>
/// <seealso cref="GetMeshSidecarVersionCommand"/>
/// <seealso cref="StartMeshRolloutRestartCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshWorkload", DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshWorkload))]
public sealed class GetMeshWorkloadCommand : SidecarQueryCmdlet
{
    private protected override Task ReadAsync(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, SidecarQuery query, ICommandOutput output, CancellationToken cancellationToken) =>
        ReadWork.RunAsync(
            parts,
            (session, selection, token) => InventoryOf(session).ReadWorkloadsAsync(query with { Selection = selection }, token),
            (cluster, workload) =>
            {
                KnownNames.Of(cluster.Session!).Add(workload.Namespace, workload.Kind, workload.Name);
                return output.WriteAsync(workload);
            },
            output,
            cancellationToken);
}
