using System.Management.Automation;
using MeshRoll.Core;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Pipeline;

namespace MeshRoll.Connections;

/// <summary>A command that reads sidecars and measures them.</summary>
public abstract class SidecarQueryCmdlet : SelectionCmdlet
{
    private readonly ChosenWorkloads _chosen = new();

    /// <summary>Only what is outdated: a new pod would get another sidecar.</summary>
    [Parameter]
    public SwitchParameter Outdated { get; set; }

    /// <summary>The version all should run, such as 1.27.1. Left out, what the mesh would inject into a new pod.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TargetVersion { get; set; }

    /// <summary>The revision or tag all should be injected by. Left out, what the labels of namespace and pod say.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TargetRevision { get; set; }

    /// <summary>The container to look at, for a mesh that MeshRoll does not know; needs -TargetVersion to judge.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SidecarContainer { get; set; }

    /// <summary>The proxies of gateways too.</summary>
    [Parameter]
    public SwitchParameter IncludeGateway { get; set; }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => TryForRecord(() => _chosen.Add(CaptureChoice().Resolve(), CaptureSelection()));

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        var query = new SidecarQuery
        {
            Target = new() { Version = TargetVersion, Revision = TargetRevision, SidecarContainer = SidecarContainer },
            OutdatedOnly = Outdated,
            IncludeGateway = IncludeGateway,
        };
        var parts = _chosen.Merge();
        Run((output, cancellationToken) => ReadAsync(parts, query, output, cancellationToken));
    }

    /// <summary>Reads and writes, off the pipeline thread.</summary>
    private protected abstract Task ReadAsync(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, SidecarQuery query, ICommandOutput output, CancellationToken cancellationToken);

    /// <summary>The inventory of a cluster.</summary>
    private protected static SidecarInventory InventoryOf(ClusterSession session) => new(session);
}
