using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MeshRoll.Sandbox.Mesh;

/// <summary>
/// The authority whose certificates a mesh's control plane serves with. Nothing in the sandbox opens a connection to it: what matters is that it can
/// be read as a certificate, that another one is another, and that the same seed makes the same. So the key is a point that everybody knows, the
/// curve's own base point, and serial number and signature are random bytes of the simulation. Nobody should trust it, and nobody does.
/// </summary>
internal static class MeshAuthority
{
    /// <summary>The Secret that istiod keeps it in.</summary>
    public const string SecretName = "istio-ca-secret";

    /// <summary>The certificate's key in the Secret.</summary>
    public const string SecretKey = "ca-cert.pem";

    /// <summary>A new certificate as PEM.</summary>
    public static string New(Random random, DateTimeOffset now)
    {
        var point = Convert.FromHexString("046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5");
        var curve = new AsnEncodedData("1.2.840.10045.3.1.7", [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]);
        var key = new PublicKey(new Oid("1.2.840.10045.2.1"), curve, new AsnEncodedData(new Oid("1.2.840.10045.2.1"), point));
        var name = new X500DistinguishedName("O=cluster.local");
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        var serial = Bytes(random, 16);
        serial[0] &= 0x7F;
        using var certificate = request.Create(name, new Signatures(Bytes(random, 32), Bytes(random, 32)), now.AddHours(-1), now.AddYears(10), serial);
        return certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>As caBundle and Secrets carry it.</summary>
    public static string Encode(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));

    /// <summary>The PEM in a kept authority; empty for anything else.</summary>
    public static string Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Signs with what it was given.</summary>
    private sealed class Signatures(byte[] r, byte[] s) : X509SignatureGenerator
    {
        // ecdsa-with-SHA256 as an AlgorithmIdentifier.
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
        {
            var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteInteger(new System.Numerics.BigInteger(r, isUnsigned: true));
                writer.WriteInteger(new System.Numerics.BigInteger(s, isUnsigned: true));
            }
            return writer.Encode();
        }

        protected override PublicKey BuildPublicKey() => throw new NotSupportedException("The request brings the key.");
    }
}
