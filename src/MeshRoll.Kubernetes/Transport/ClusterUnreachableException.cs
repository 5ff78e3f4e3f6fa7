namespace MeshRoll.Kubernetes.Transport;

/// <summary>The API server could not be reached, refused TLS, or did not begin to answer in time.</summary>
public sealed class ClusterUnreachableException(string id, string message, Uri server, Exception? inner = null)
    : MeshRollException(id, message, inner)
{
    /// <summary>The address tried.</summary>
    public Uri Server { get; } = server;
}
