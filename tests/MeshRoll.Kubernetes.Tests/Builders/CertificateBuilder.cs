using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshRoll.Kubernetes.Tests.Builders;

/// <summary>A certificate authority of a test's own, and what it signs. Elliptic curves, because they are quick to make.</summary>
public sealed class CertificateBuilder
{
    private readonly X509Certificate2 _root;

    public CertificateBuilder(string name = "test root")
    {
        var request = new CertificateRequest($"CN={name}", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-3), DateTimeOffset.UtcNow.AddYears(3));
    }

    public X509Certificate2Collection Roots => [_root];

    public string RootPem => _root.ExportCertificatePem();

    public byte[] RootPemBytes => System.Text.Encoding.ASCII.GetBytes(RootPem);

    /// <summary>A server's certificate, by default for 127.0.0.1 and localhost and valid now.</summary>
    public X509Certificate2 Server(string[]? names = null, TimeSpan? expiresIn = null) =>
        Sign("CN=server", ECDsa.Create(ECCurve.NamedCurves.nistP256), names ?? ["127.0.0.1", "localhost"], expiresIn ?? TimeSpan.FromDays(30));

    public X509Certificate2 Client(string user = "someone") =>
        Sign($"CN={user}", ECDsa.Create(ECCurve.NamedCurves.nistP256), [], TimeSpan.FromDays(30));

    /// <summary>A client's certificate and key as PEM.</summary>
    public (string Certificate, string Key) ClientPem(string user = "someone")
    {
        using var certificate = Client(user);
        return (certificate.ExportCertificatePem(), certificate.GetECDsaPrivateKey()!.ExportECPrivateKeyPem());
    }

    public X509Certificate2 ClientWithRsa(RSA key)
    {
        var request = new CertificateRequest("CN=rsa", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.Create(_root.SubjectName, Signer, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), Serial());
    }

    private X509SignatureGenerator Signer => X509SignatureGenerator.CreateForECDsa(_root.GetECDsaPrivateKey()!);

    private X509Certificate2 Sign(string subject, ECDsa key, string[] names, TimeSpan expiresIn)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (var name in names)
            {
                if (IPAddress.TryParse(name, out var address))
                    alternatives.AddIpAddress(address);
                else
                    alternatives.AddDnsName(name);
            }

            request.CertificateExtensions.Add(alternatives.Build());
        }

        using var signed = request.Create(_root, DateTimeOffset.UtcNow.AddDays(-700), DateTimeOffset.UtcNow + expiresIn, Serial());
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    private static byte[] Serial() => [.. RandomNumberGenerator.GetBytes(8).Select((octet, i) => i == 0 ? (byte)(octet & 0x7f | 1) : octet)];
}
