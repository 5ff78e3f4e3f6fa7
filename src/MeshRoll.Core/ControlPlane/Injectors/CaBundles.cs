using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>Looks into the authorities that webhooks trust: PEM in base64, in the field caBundle.</summary>
internal static class CaBundles
{
    /// <summary>How one is.</summary>
    /// <param name="bundle">The field as it stands; empty for none.</param>
    /// <param name="own">That of the asked revision's own webhook; null when there is none to compare with.</param>
    /// <param name="now">The time by which certificates expire.</param>
    public static CaBundleState StateOf(string bundle, string? own, DateTimeOffset now)
    {
        if (bundle.Length == 0) return CaBundleState.Missing;
        if (Certificates(bundle) is not { Count: > 0 } certificates) return CaBundleState.Unreadable;
        try
        {
            if (certificates.All(certificate => certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)) return CaBundleState.Expired;
            return own is null || AreSame(certificates, own) ? CaBundleState.Valid : CaBundleState.Differs;
        }
        finally
        {
            foreach (var certificate in certificates) certificate.Dispose();
        }
    }

    // Two bundles may hold the same certificates in other words: line ends, order.
    private static bool AreSame(X509Certificate2Collection certificates, string other)
    {
        if (Certificates(other) is not { } others) return false;
        try
        {
            return certificates.Select(certificate => certificate.Thumbprint).ToHashSet().SetEquals(others.Select(certificate => certificate.Thumbprint));
        }
        finally
        {
            foreach (var certificate in others) certificate.Dispose();
        }
    }

    private static X509Certificate2Collection? Certificates(string bundle)
    {
        try
        {
            X509Certificate2Collection certificates = [];
            certificates.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(bundle)));
            return certificates;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
