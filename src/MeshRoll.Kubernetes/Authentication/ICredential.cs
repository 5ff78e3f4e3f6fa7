using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>
/// Proves to the API server who the caller is: by a client certificate, by an Authorization header, or by both.
/// Implementations are safe to be called at the same time and never put a secret into a message.
/// </summary>
public interface ICredential
{
    /// <summary>What to present now. Cheap when nothing expired: called before every request and on every new connection.</summary>
    ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The server answered 401 to <paramref name="rejected"/>. Gets something newer; returns false when there is nothing else to try.
    /// </summary>
    ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken);
}

/// <summary>What is presented to the server. Either part may be null.</summary>
public sealed record CredentialMaterial(AuthenticationHeaderValue? Authorization, X509Certificate2? ClientCertificate)
{
    /// <summary>Certificates between the client's own and its root, sent along with it; empty when there are none.</summary>
    public X509Certificate2Collection ClientCertificateChain { get; init; } = [];

    /// <summary>Never shows what it holds.</summary>
    public override string ToString() => nameof(CredentialMaterial);
}
