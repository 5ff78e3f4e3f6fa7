using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.ControlPlane.Injectors.Backup;

/// <summary>What tells one cluster from another: names and addresses change, the uid of its first namespace never does.</summary>
/// <param name="Name">The connection's name.</param>
/// <param name="Server">The API server's address.</param>
/// <param name="Uid">The uid of namespace kube-system; empty when it may not be read.</param>
internal sealed record ClusterIdentity(string Name, string Server, string Uid)
{
    /// <summary>Reads it.</summary>
    public static async Task<ClusterIdentity> ReadAsync(ClusterSession session, CancellationToken cancellationToken)
    {
        var server = session.Client.Connection.Server.GetLeftPart(UriPartial.Authority);
        try
        {
            var found = await session.Client.FindAsync(Resources.Namespaces, null, "kube-system", cancellationToken);
            return new(session.Name, server, found?.Metadata.Uid ?? "");
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return new(session.Name, server, "");
        }
    }

    /// <summary>Whether it is the same cluster as one that was written down; null when that cannot be told.</summary>
    public bool? IsSameAs(string server, string uid) =>
        Uid.Length > 0 && uid.Length > 0 ? Uid == uid
        : server.Length > 0 ? server == Server
        : null;
}
