namespace MeshRoll.Kubernetes.Transport;

/// <summary>The API server could not be reached, refused TLS, or did not begin to answer in time.</summary>
public sealed class ClusterUnreachableException(string id, string message, Uri server, Exception? inner = null)
    : MeshRollException(id, message, inner)
{
    /// <summary>No connection: name not resolved, refused, no route, or timed out.</summary>
    public const string Unreachable = "MeshRoll.ServerUnreachable";

    /// <summary>The server's certificate does not lead to a trusted root.</summary>
    public const string Untrusted = "MeshRoll.CertificateUntrusted";

    /// <summary>The server's certificate is for other names.</summary>
    public const string NameMismatch = "MeshRoll.CertificateNameMismatch";

    /// <summary>The server's certificate, or one above it, is expired or not yet valid.</summary>
    public const string Expired = "MeshRoll.CertificateExpired";

    /// <summary>The server demands a client certificate, or does not accept the one it got.</summary>
    public const string ClientCertificateRejected = "MeshRoll.ClientCertificateRejected";

    /// <summary>The proxy cannot be reached or refused.</summary>
    public const string ProxyFailed = "MeshRoll.ProxyFailed";

    /// <summary>Connected, but no answer began in time.</summary>
    public const string Silent = "MeshRoll.ServerSilent";

    /// <summary>The connection broke before the answer; whether a change was carried out is unknown.</summary>
    public const string Lost = "MeshRoll.ConnectionLost";

    /// <summary>What came back is no HTTP, or its headers are endless.</summary>
    public const string Broken = "MeshRoll.BrokenAnswer";

    /// <summary>The address tried.</summary>
    public Uri Server { get; } = server;
}
