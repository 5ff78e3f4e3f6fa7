using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>A token that never changes.</summary>
public sealed class TokenCredential : ICredential
{
    private readonly CredentialMaterial _material;

    /// <summary>Presents <paramref name="token"/>; throws <see cref="ArgumentException"/>, without showing it, when it cannot stand in a header.</summary>
    public TokenCredential(string token)
    {
        if (!IsToken(token))
            throw new ArgumentException("A token consists of visible ASCII characters.", nameof(token));

        _material = new(new AuthenticationHeaderValue("Bearer", token), null);
    }

    /// <inheritdoc/>
    public ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken) => new(_material);

    /// <inheritdoc/>
    public ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken) => new(false);

    internal static bool IsToken(string token) => token.Length > 0 && token.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
}

/// <summary>A user name and a password (HTTP's basic authentication).</summary>
public sealed class BasicCredential(string userName, string password) : ICredential
{
    private readonly CredentialMaterial _material =
        new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"))), null);

    /// <inheritdoc/>
    public ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken) => new(_material);

    /// <inheritdoc/>
    public ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken) => new(false);
}

/// <summary>A client certificate that never changes.</summary>
public sealed class ClientCertificateCredential : ICredential
{
    private readonly CredentialMaterial _material;

    /// <summary>Presents <paramref name="certificate"/>, which must have its private key.</summary>
    /// <param name="certificate">The client's own certificate.</param>
    /// <param name="chain">Certificates between it and its root, sent along; null for none.</param>
    public ClientCertificateCredential(X509Certificate2 certificate, X509Certificate2Collection? chain = null)
    {
        if (!certificate.HasPrivateKey)
            throw new ArgumentException("A client certificate needs its private key.", nameof(certificate));

        _material = new(null, certificate) { ClientCertificateChain = chain ?? [] };
    }

    internal ClientCertificateCredential(ClientCertificate certificate)
        : this(certificate.Certificate, certificate.Chain)
    {
    }

    /// <inheritdoc/>
    public ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken) => new(_material);

    /// <inheritdoc/>
    public ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken) => new(false);
}
