namespace MeshRoll.TestControlPlane;

/// <summary>A client certificate that the API server accepts: its common name is the user, its organizations are the groups.</summary>
/// <param name="CertificatePem">The certificate in PEM.</param>
/// <param name="KeyPem">The unencrypted PKCS#8 key in PEM.</param>
public sealed record ClientCertificate(string CertificatePem, string KeyPem);
