using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>A certificate with its private key, and the certificates between it and its root.</summary>
internal sealed record ClientCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain);

/// <summary>PEM that cannot be used. The message says why and holds nothing of it.</summary>
internal sealed class PemException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads certificates and keys as kubeconfigs hold them: PEM; RSA and EC keys, in PKCS#1, SEC 1 or PKCS#8.</summary>
internal static class PemCertificates
{
    /// <summary>A bundle of all public roots has about 250 KB.</summary>
    public const int MaximumBytes = 2 * 1024 * 1024;

    public static X509Certificate2Collection ReadAuthorities(byte[] pem)
    {
        var certificates = ReadAll(pem);
        return certificates.Count > 0 ? certificates : throw new PemException("it holds no certificate in PEM (BEGIN CERTIFICATE).");
    }

    public static ClientCertificate ReadClient(byte[] certificatePem, byte[] keyPem)
    {
        var chain = ReadAll(certificatePem);
        if (chain.Count == 0)
            throw new PemException("there is no certificate in PEM (BEGIN CERTIFICATE).");

        var key = Encoding.ASCII.GetString(keyPem);
        if (!key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw new PemException("there is no private key in PEM (BEGIN PRIVATE KEY).");

        if (key.Contains("BEGIN ENCRYPTED", StringComparison.Ordinal) || key.Contains(",ENCRYPTED", StringComparison.Ordinal))
            throw new PemException("the private key is protected by a passphrase, for which nobody can be asked. Store it without one.");

        var leaf = chain[0];
        chain.RemoveAt(0);
        leaf.Dispose();
        return new(WithKey(Encoding.ASCII.GetString(certificatePem), key), chain);
    }

    private static X509Certificate2Collection ReadAll(byte[] pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.ASCII.GetString(pem));
            return certificates;
        }
        catch (CryptographicException e)
        {
            throw new PemException("a certificate in it is damaged. Copy it anew.", e);
        }
    }

    private static X509Certificate2 WithKey(string certificate, string key)
    {
        try
        {
            return Usable(X509Certificate2.CreateFromPem(certificate, key));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            // Not kept as the inner exception: nothing that has seen the key may end up in a log.
            throw new PemException("the private key is damaged, of a kind other than RSA and EC, or belongs to another certificate.");
        }
    }

    // Windows' TLS cannot use the ephemeral keys CreateFromPem makes; a round trip through PKCS#12 gives the key a place.
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;

        using (certificate)
            return new X509Certificate2(certificate.Export(X509ContentType.Pkcs12));
    }
}
