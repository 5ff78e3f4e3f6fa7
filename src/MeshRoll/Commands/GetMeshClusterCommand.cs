using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Workloads;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Gives the open connections of this session, the default first.</summary>
/// <remarks>
/// Connections belong to a runspace: a job, or a branch of ForEach-Object -Parallel, has its own. Those that a command opened by itself are
/// listed too; their version is unknown, as nobody asked for it.
/// </remarks>
/// <example>
/// <title>Which cluster would be used?</title>
/// <code>Get-MeshCluster | Select-Object -First 1</code>
/// <remarks>The first one is what commands use that name no cluster.</remarks>
/// </example>
/// <example>
/// <title>Work on all connected clusters</title>
/// <code>Get-MeshWorkload -Cluster (Get-MeshCluster) -AllNamespaces -Outdated</code>
/// <remarks>Reads them at the same time; Cluster says which one an object is from.</remarks>
/// </example>
/// <seealso cref="ConnectMeshClusterCommand"/>
/// <seealso cref="DisconnectMeshClusterCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshCluster")]
[OutputType(typeof(MeshCluster))]
public sealed class GetMeshClusterCommand : MeshCmdlet
{
    /// <summary>Names of connections, with wildcards. Left out, all.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var open = RunspaceConnections.Current.All;
        foreach (var pattern in Name.Select(name => new NamePattern(name)))
        {
            var found = open.Where(cluster => pattern.IsMatch(cluster.Name)).ToList();
            if (found.Count == 0 && pattern.IsLiteral) WriteError(CmdletPipeline.ToRecord(ConnectionErrors.NotConnected(pattern.Text, open)));
            WriteObject(found, enumerateCollection: true);
        }
    }
}
