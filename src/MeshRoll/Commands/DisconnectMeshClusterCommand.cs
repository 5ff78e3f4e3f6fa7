using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Workloads;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Closes connections of this session; nothing changes in the clusters.</summary>
/// <remarks>
/// Left alone, connections are closed with their session or when the module is removed. Objects read through a closed connection keep
/// their values; piped on, they open their context anew.
/// </remarks>
/// <example>
/// <title>Close all</title>
/// <code>Disconnect-MeshCluster</code>
/// <remarks>Commands that follow use the current context of the kubeconfig again.</remarks>
/// </example>
/// <example>
/// <title>Close one</title>
/// <code>Get-MeshCluster -Name eu | Disconnect-MeshCluster</code>
/// <remarks>The one connected before it becomes the default.</remarks>
/// </example>
/// <seealso cref="ConnectMeshClusterCommand"/>
/// <seealso cref="GetMeshClusterCommand"/>
[Cmdlet(VerbsCommunications.Disconnect, "MeshCluster", DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class DisconnectMeshClusterCommand : MeshCmdlet
{
    private const string ByName = "Name";
    private const string ByCluster = "Cluster";

    /// <summary>Names of connections, with wildcards. Left out, all.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The connections to close.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByCluster)]
    [ClusterReference]
    public MeshCluster[] Cluster { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var connections = RunspaceConnections.Current;
        var names = ParameterSetName == ByCluster ? Cluster.Select(cluster => new NamePattern(cluster.Name)) : Name.Select(name => new NamePattern(name));
        foreach (var pattern in names)
        {
            var open = connections.All;
            var found = open.Where(cluster => pattern.IsMatch(cluster.Name)).ToList();
            if (found.Count == 0 && pattern.IsLiteral) WriteError(CmdletPipeline.ToRecord(ConnectionErrors.NotConnected(pattern.Text, open)));
            connections.Remove(found);
        }
    }
}
