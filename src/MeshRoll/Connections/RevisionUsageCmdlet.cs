using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core.Migration.Usage;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;

namespace MeshRoll.Connections;

/// <summary>A command that asks what still uses a revision.</summary>
public abstract class RevisionUsageCmdlet : ClusterCmdlet
{
    /// <summary>The revision that is to be removed; never a tag. <c>default</c> is the unnamed one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MeshRevisionCompleter))]
    public string Revision { get; set; } = "";

    /// <summary>
    /// Leaves istiod unasked who is connected to it, for clusters where a port-forward to it is forbidden or impossible: then the sidecars that pods carry count alone.
    /// </summary>
    [Parameter]
    public SwitchParameter IgnoreProxyStatus { get; set; }

    /// <summary>Files of Backup-MeshInjector that will be restored after the removal: an injector webhook that is kept in one does not stand in the way.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Backup { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        var query = new RevisionUsageQuery { Revision = Revision, IgnoreProxyStatus = IgnoreProxyStatus, Backups = [.. Backup.Select(SessionState.Path.GetUnresolvedProviderPathFromPSPath)] };
        var clusters = CaptureChoice().Resolve();
        Run(async (output, cancellationToken) =>
        {
            foreach (var cluster in clusters) await AskAsync(cluster, query, output, cancellationToken);
        });
    });

    /// <summary>Gives what is used, or what follows from it.</summary>
    private protected abstract Task GiveAsync(IReadOnlyList<MeshRevisionUsage> used, ICommandOutput output);

    private async Task AskAsync(MeshCluster cluster, RevisionUsageQuery query, ICommandOutput output, CancellationToken cancellationToken)
    {
        List<MeshRevisionUsage> used = [];
        try
        {
            await foreach (var use in new RevisionUsageReader(cluster.Session!).ReadAsync(query, cancellationToken)) used.Add(use);
        }
        catch (MeshRollException e)
        {
            await output.WriteErrorAsync(CommandErrors.From(e, query.Revision));
            return;
        }
        await GiveAsync(used, output);
    }
}
