using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
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

    private static readonly byte[] s_basePoint = Convert.FromHexString(
        "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5");

    /// <summary>A new certificate as PEM (RFC 5280).</summary>
    public static string New(Random random, DateTimeOffset now)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            WriteContent(der, Bytes(random, 16), now.AddHours(-1), now.AddYears(10));
            WriteSignatureAlgorithm(der);
            der.WriteBitString(Signature(Bytes(random, 32), Bytes(random, 32)));
        }
        return PemEncoding.WriteString("CERTIFICATE", der.Encode()) + "\n";
    }

    /// <summary>As caBundle and Secrets carry it.</summary>
    public static string Encode(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));

    /// <summary>The PEM in a kept authority; empty for anything else.</summary>
    public static string Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }

    private static void WriteContent(AsnWriter der, byte[] serial, DateTimeOffset from, DateTimeOffset to)
    {
        using var content = der.PushSequence();
        using (der.PushSequence(new(TagClass.ContextSpecific, 0))) der.WriteInteger(2);
        der.WriteInteger(new BigInteger(serial, isUnsigned: true));
        WriteSignatureAlgorithm(der);
        WriteName(der);
        using (der.PushSequence())
        {
            WriteTime(der, from);
            WriteTime(der, to);
        }
        WriteName(der);
        using (der.PushSequence())
        {
            using (der.PushSequence())
            {
                der.WriteObjectIdentifier("1.2.840.10045.2.1");
                der.WriteObjectIdentifier("1.2.840.10045.3.1.7");
            }
            der.WriteBitString(s_basePoint);
        }
        WriteThatItIsAnAuthority(der);
    }

    private static void WriteSignatureAlgorithm(AsnWriter der)
    {
        using var algorithm = der.PushSequence();
        // ecdsa-with-SHA256.
        der.WriteObjectIdentifier("1.2.840.10045.4.3.2");
    }

    private static void WriteName(AsnWriter der)
    {
        using var name = der.PushSequence();
        using var part = der.PushSetOf();
        using var value = der.PushSequence();
        // organizationName.
        der.WriteObjectIdentifier("2.5.4.10");
        der.WriteCharacterString(UniversalTagNumber.UTF8String, "cluster.local");
    }

    // Until 2049 with a year of two digits.
    private static void WriteTime(AsnWriter der, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year < 2050) der.WriteUtcTime(time, 2049);
        else der.WriteGeneralizedTime(time, omitFractionalSeconds: true);
    }

    private static void WriteThatItIsAnAuthority(AsnWriter der)
    {
        using var extensions = der.PushSequence(new(TagClass.ContextSpecific, 3));
        using var list = der.PushSequence();
        using var constraints = der.PushSequence();
        der.WriteObjectIdentifier("2.5.29.19");
        der.WriteBoolean(true);
        using var value = der.PushOctetString();
        using var isAuthority = der.PushSequence();
        der.WriteBoolean(true);
    }

    private static byte[] Signature(byte[] r, byte[] s)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteInteger(new BigInteger(r, isUnsigned: true));
            der.WriteInteger(new BigInteger(s, isUnsigned: true));
        }
        return der.Encode();
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
