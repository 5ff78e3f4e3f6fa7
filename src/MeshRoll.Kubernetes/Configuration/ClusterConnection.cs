using System.Security.Cryptography.X509Certificates;
using MeshRoll.Kubernetes.Authentication;

namespace MeshRoll.Kubernetes.Configuration;

/// <summary>
/// Everything needed to talk to one cluster as one user: what a kubeconfig's context, a service account or a sandbox resolves to.
/// Holds no connection and does no I/O.
/// </summary>
public sealed record ClusterConnection
{
    /// <summary>The name shown to people and put on output objects as Cluster: the context's name, or one the user chose.</summary>
    public required string Name { get; init; }

    /// <summary>The API server, such as <c>https://10.0.0.1:6443/</c>, possibly with a path.</summary>
    public required Uri Server { get; init; }

    /// <summary>
    /// A Unix socket behind which the same server listens in plain HTTP; null for the way over <see cref="Server"/>. Nobody listens in on it, and who may open
    /// it is the file system's business: it needs no TLS.
    /// </summary>
    public string? SocketPath { get; init; }

    /// <summary>The kubeconfig's context, or empty when there is none (in-cluster).</summary>
    public string Context { get; init; } = "";

    /// <summary>The kubeconfig's user name, for display. What the server calls the caller may differ.</summary>
    public string User { get; init; } = "";

    /// <summary>The namespace used when none is given.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>How the server's certificate is checked.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>Proves who the caller is; null means anonymous.</summary>
    public ICredential? Credential { get; init; }

    /// <summary>Acts as somebody else; null means as oneself.</summary>
    public Impersonation? Impersonation { get; init; }

    /// <summary>A proxy of this cluster's own; null means the environment's (HTTPS_PROXY, NO_PROXY).</summary>
    public Uri? Proxy { get; init; }
}

/// <summary>How a server's certificate is checked. There is no way to accept a wrong host name but <see cref="InsecureSkipVerify"/>.</summary>
public sealed record TlsSettings
{
    /// <summary>The only roots trusted; null means the system's.</summary>
    public X509Certificate2Collection? CertificateAuthority { get; init; }

    /// <summary>The name the certificate must carry, when it is not the server's host.</summary>
    public string? ServerName { get; init; }

    /// <summary>Accepts any certificate. Only ever set because a kubeconfig says so.</summary>
    public bool InsecureSkipVerify { get; init; }
}

/// <summary>Who to act as (Impersonate-User and its companions).</summary>
public sealed record Impersonation(string User)
{
    /// <summary>Groups to act with.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Uid to act with, or null.</summary>
    public string? Uid { get; init; }

    /// <summary>Further attributes; each may have several values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
