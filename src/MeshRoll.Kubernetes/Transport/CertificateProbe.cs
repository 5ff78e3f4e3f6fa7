using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>A server's certificate as it was refused.</summary>
/// <param name="Subject">Whom it is for.</param>
/// <param name="Issuer">Who signed it.</param>
/// <param name="Names">Host names and addresses it is good for.</param>
/// <param name="NotBefore">The beginning of its validity.</param>
/// <param name="NotAfter">Its end.</param>
/// <param name="Errors">What .NET's check said.</param>
/// <param name="Chain">What is wrong with the way to the root.</param>
internal sealed record RefusedCertificate(
    string Subject, string Issuer, IReadOnlyList<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, SslPolicyErrors Errors, X509ChainStatusFlags Chain);

/// <summary>
/// Looks at the certificate that was refused, in order to explain. The check that counts has no callback and so remembers nothing;
/// this second handshake has one that always says no: no request ever goes over it.
/// </summary>
internal static class CertificateProbe
{
    /// <summary>The certificate and what is wrong with it, or null when the second handshake went another way.</summary>
    public static async Task<RefusedCertificate?> LookAsync(ClusterConnection connection, TransportOptions options, Uri? proxy, CancellationToken cancellationToken)
    {
        RefusedCertificate? seen = null;
        using var handler = ClusterHandler.Create(connection, options, proxy, material: null);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            if (certificate is X509Certificate2 leaf)
                seen = Describe(leaf, chain, errors);

            return false;
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, connection.Server);
        request.Headers.Host = connection.Tls.ServerName;
        try
        {
            using var _ = await invoker.SendAsync(request, cancellationToken);
        }
        catch (Exception e) when (SendFailures.IsFailure(e))
        {
            // As intended.
        }

        return seen;
    }

    private static RefusedCertificate Describe(X509Certificate2 leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        var statuses = X509ChainStatusFlags.NoError;
        foreach (var status in chain?.ChainStatus ?? [])
            statuses |= status.Status;

        return new(leaf.Subject, leaf.Issuer, Names(leaf), leaf.NotBefore, leaf.NotAfter, errors, statuses);
    }

    private static List<string> Names(X509Certificate2 leaf)
    {
        var names = new List<string>();
        foreach (var extension in leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames());
            names.AddRange(extension.EnumerateIPAddresses().Select(address => address.ToString()));
        }

        return names;
    }
}
