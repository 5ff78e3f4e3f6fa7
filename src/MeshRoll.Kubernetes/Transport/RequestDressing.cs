using System.Globalization;
using System.Net;
using System.Text;
using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>Puts on a request what every request to a cluster carries: its full address, who asks, and whom they act as.</summary>
internal static class RequestDressing
{
    public static void Apply(HttpRequestMessage request, ClusterConnection connection, TransportOptions options, CredentialMaterial? material, Replay replay)
    {
        var address = Resolve(connection.Server, request.RequestUri);
        request.RequestUri = connection.SocketPath is null ? address : new UriBuilder(address) { Scheme = Uri.UriSchemeHttp }.Uri;

        // HTTP/2 where the server offers it: hundreds of patches or watches then share connections, where HTTP/1.1 would shake hands for each.
        // A caller may insist on HTTP/1.1 (RequestVersionExact), which moves one big body with about a quarter less work.
        if (request.VersionPolicy != HttpVersionPolicy.RequestVersionExact)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (material?.Authorization is { } authorization)
            request.Headers.Authorization = authorization;

        // The handler takes the name for SNI and for the certificate's check from here; a TargetHost in its TLS options it overwrites.
        if (connection.Tls.ServerName is { } name)
            request.Headers.Host = name;

        // The handler itself repeats a request on a fresh connection as long as none of its content was sent. With content, even none, it does not.
        if (replay == Replay.Never)
            request.Content ??= new ByteArrayContent([]);

        if (connection.Impersonation is { } impersonation)
            Impersonate(request, impersonation);
    }

    /// <summary>The address under the server's, whose path it keeps; <c>api/v1</c> and <c>/api/v1</c> mean the same.</summary>
    /// <exception cref="ArgumentException">The address is of another server, which must not get this one's credentials.</exception>
    public static Uri Resolve(Uri server, Uri? address)
    {
        var root = server.AbsolutePath.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
        if (address is null)
            return root;

        // "/api" counts as absolute (a file) on Unix, hence the look at the text.
        if (address.OriginalString.StartsWith('/') || !address.IsAbsoluteUri)
            return new Uri(root.GetLeftPart(UriPartial.Path) + address.OriginalString.TrimStart('/'));

        return Uri.Compare(address, server, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0
            ? address
            : throw new ArgumentException("The request's address is of another server.", nameof(address));
    }

    private static void Impersonate(HttpRequestMessage request, Impersonation impersonation)
    {
        request.Headers.TryAddWithoutValidation("Impersonate-User", impersonation.User);
        if (impersonation.Uid is { } uid)
            request.Headers.TryAddWithoutValidation("Impersonate-Uid", uid);

        foreach (var group in impersonation.Groups)
            request.Headers.TryAddWithoutValidation("Impersonate-Group", group);

        foreach (var (key, values) in impersonation.Extra)
        {
            var header = "Impersonate-Extra-" + EscapeKey(key);
            foreach (var value in values)
                request.Headers.TryAddWithoutValidation(header, value);
        }
    }

    // Kubernetes decodes percent signs in the key, so that keys such as example.com/scope can be a header's name (RFC 9110, tokens).
    private static string EscapeKey(string key)
    {
        var result = new StringBuilder(key.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(key))
        {
            var c = (char)octet;
            if (char.IsAsciiLetterOrDigit(c) || "!#$&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
                result.Append(c);
            else
                result.Append('%').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        }

        return result.ToString();
    }
}
