using System.Management.Automation;
using MeshRoll.Errors;
using MeshRoll.Pipeline;

namespace MeshRoll.Connections;

/// <summary>What can be wrong with a connection that is named.</summary>
internal static class ConnectionErrors
{
    /// <summary>There is none of that name.</summary>
    public static CommandError NotConnected(string name, IReadOnlyCollection<MeshCluster> open) => CommandErrors.Of(
        "MeshRoll.ClusterNotConnected",
        ErrorCategory.ObjectNotFound,
        open.Count == 0
            ? $"There is no connection named '{name}', and no other one in this session. Connect-MeshCluster makes one."
            : $"There is no connection named '{name}' in this session. There are: {string.Join(", ", open.Select(cluster => cluster.Name))}.",
        name);
}
