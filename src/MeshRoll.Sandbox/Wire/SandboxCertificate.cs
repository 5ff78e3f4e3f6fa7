using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshRoll.Sandbox.Wire;

/// <summary>
/// A certificate authority that lives as long as its sandbox, and the one certificate it ever signed. The authority's key is forgotten at once.
/// </summary>
internal sealed class SandboxCertificate : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    // Clocks differ, in containers too.
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    private SandboxCertificate(X509Certificate2 server, X509Certificate2 authority) => (Server, Authority, CaPem) = (server, authority, authority.ExportCertificatePem());

    /// <summary>The server's certificate with its key, for localhost, 127.0.0.1 and ::1.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The authority's certificate, without its key. It holds no secret and is not disposed of: clients may still have it.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The same for the kubeconfig.</summary>
    public string CaPem { get; }

    /// <summary>Makes both. A client checks by its own clock, so this is about the real time and not the sandbox's.</summary>
    public static SandboxCertificate Create(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=meshroll-sandbox-ca", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var authority = request.CreateSelfSigned(now - Slack, now + Lifetime);
        return new(Sign(authority), new(authority.RawData));
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => Server.Dispose();

    private static X509Certificate2 Sign(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());

        using var signed = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(16));
        var withKey = signed.CopyWithPrivateKey(key);
        if (OperatingSystem.IsLinux()) return withKey;
        // TLS on Windows cannot use a key that lives in memory only; one that came out of a PFX it can, and it is gone when the certificate is disposed of.
        using (withKey) return new(withKey.Export(X509ContentType.Pfx), (string?)null, X509KeyStorageFlags.Exportable);
    }
}
