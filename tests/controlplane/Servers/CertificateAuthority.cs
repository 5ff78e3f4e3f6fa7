using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshRoll.TestControlPlane.Servers;

/// <summary>A certificate authority that lives as long as the object; its key never leaves the process.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private readonly X509Certificate2 _authority;
    private readonly DateTimeOffset _from = DateTimeOffset.UtcNow.AddHours(-1);
    private readonly DateTimeOffset _until = DateTimeOffset.UtcNow.AddDays(7);

    public CertificateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(_from, _until);
        CertificatePem = _authority.ExportCertificatePem();
    }

    /// <summary>The authority's own certificate, which is what others have to trust.</summary>
    public string CertificatePem { get; }

    /// <summary>Issues a certificate for a client: <paramref name="user"/> becomes the common name, the groups the organizations.</summary>
    public ClientCertificate IssueClient(string user, IEnumerable<string> groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
        {
            subject.AddOrganizationName(group);
        }

        subject.AddCommonName(user);
        return Issue(subject.Build(), new Oid("1.3.6.1.5.5.7.3.2"), null);
    }

    /// <summary>Issues a certificate for a server that is reached by these names or addresses.</summary>
    public ClientCertificate IssueServer(params string[] namesAndAddresses)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var nameOrAddress in namesAndAddresses)
        {
            if (IPAddress.TryParse(nameOrAddress, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(nameOrAddress);
            }
        }

        return Issue(new X500DistinguishedName($"CN={namesAndAddresses[0]}"), new Oid("1.3.6.1.5.5.7.3.1"), alternatives.Build());
    }

    public void Dispose() => _authority.Dispose();

    private ClientCertificate Issue(X500DistinguishedName subject, Oid usage, X509Extension? alternatives)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        if (alternatives is not null)
        {
            request.CertificateExtensions.Add(alternatives);
        }

        using var issued = request.Create(_authority, _from, _until, RandomNumberGenerator.GetBytes(16));
        return new ClientCertificate(issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
