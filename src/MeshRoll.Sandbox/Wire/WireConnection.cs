using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Sandbox.Wire;

/// <summary>The way from a client in this process to a server of the sandbox, without a kubeconfig in between.</summary>
internal static class WireConnection
{
    /// <summary>What a kubeconfig of the same (<see cref="KubeConfigFile"/>) would resolve to, and the socket.</summary>
    /// <param name="name">The name of the context and of the user.</param>
    /// <param name="server">The URL.</param>
    /// <param name="token">The bearer token.</param>
    /// <param name="certificate">Whose authority to trust, for https; null for plain HTTP.</param>
    /// <param name="socketPath">Behind which the same server answers; null where there is none.</param>
    public static ClusterConnection Of(string name, Uri server, string token, SandboxCertificate? certificate, string? socketPath) => new()
    {
        Name = name,
        Context = name,
        User = name,
        Server = server,
        SocketPath = socketPath,
        Tls = certificate is null ? new() : new() { CertificateAuthority = [certificate.Authority] },
        Credential = new TokenCredential(token),
    };
}
