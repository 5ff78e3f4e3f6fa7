using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Gives the sidecar of every pod that carries one: what runs, what a new pod would get, and whether that differs.</summary>
/// <remarks>
/// <para>
/// What a new pod would get comes from the mesh itself: the injector's configuration, the revision tags, and the labels of namespace and pod.
/// Where that cannot be read, Outdated is empty and Reason says why; -TargetVersion or -TargetRevision judge without asking the mesh.
/// </para>
/// <para>
/// Objects come while the pages of the list arrive. Istio, Linkerd and Consul are known; -SidecarContainer names the container of any other.
/// </para>
/// </remarks>
/// <notes>Needs the right to list pods; for the judgement also to read namespaces, the mesh's ConfigMaps and webhooks.</notes>
/// <example>
/// <title>Which pods run an outdated sidecar?</title>
/// <code>Get-MeshSidecarVersion -Namespace shop* -Outdated</code>
/// <remarks>Reason says in words what decides, for example which label of the namespace.</remarks>
/// </example>
/// <example>
/// <title>Versions of the whole cluster, counted</title>
/// <code>Get-MeshSidecarVersion -AllNamespaces | Group-Object Mesh, Version -NoElement | Sort-Object Count -Descending</code>
/// <remarks>One line for each version that still runs somewhere.</remarks>
/// </example>
/// <example>
/// <title>Restart what is outdated, and wait</title>
/// <code>Get-MeshSidecarVersion -Namespace shop -Outdated | Start-MeshRolloutRestart | Wait-MeshRollout</code>
/// <remarks>Pods of one workload lead to one restart. A few workloads move at a time; the first that does not come back stops the walk.</remarks>
/// </example>
/// <seealso cref="GetMeshWorkloadCommand"/>
/// <seealso cref="StartMeshRolloutRestartCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshSidecarVersion", DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshSidecar))]
public sealed class GetMeshSidecarVersionCommand : SidecarQueryCmdlet
{
    private protected override Task ReadAsync(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, SidecarQuery query, ICommandOutput output, CancellationToken cancellationToken) =>
        ReadWork.RunAsync(
            parts,
            (session, selection, token) => InventoryOf(session).ReadSidecarsAsync(query with { Selection = selection }, token),
            (cluster, sidecar) =>
            {
                KnownNames.Of(cluster.Session!).Add(sidecar.Namespace, sidecar.Kind, sidecar.Name);
                return output.WriteAsync(sidecar);
            },
            output,
            cancellationToken);
}
