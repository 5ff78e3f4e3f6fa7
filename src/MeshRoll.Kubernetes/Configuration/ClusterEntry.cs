using System.Security.Cryptography.X509Certificates;
using MeshRoll.Kubernetes.Authentication;

namespace MeshRoll.Kubernetes.Configuration;

/// <summary>A cluster of a kubeconfig: where the server is and how its certificate is checked.</summary>
/// <param name="Server">The address.</param>
/// <param name="Tls">How its certificate is checked.</param>
/// <param name="Proxy">Its own proxy, or null.</param>
/// <param name="CertificateAuthorityData">The PEM the roots came from; credential plugins get it as it is.</param>
/// <param name="PluginConfig">What the cluster's extension for credential plugins holds, or null.</param>
internal sealed record ClusterEntry(Uri Server, TlsSettings Tls, Uri? Proxy, byte[]? CertificateAuthorityData, ConfigNode? PluginConfig)
{
    // client-go's name of the extension handed to credential plugins (client.authentication.k8s.io, Cluster.config).
    private const string PluginExtension = "client.authentication.k8s.io/exec";

    public static ClusterEntry Read(ConfigSection cluster, ConfigurationEnvironment environment)
    {
        var authority = ReadAuthority(cluster, environment);
        var insecure = cluster.Flag("insecure-skip-tls-verify");
        if (insecure && authority is not null)
            throw cluster.Invalid("insecure-skip-tls-verify", "contradicts the certificate authority beside it. Remove one of the two.");

        var tls = new TlsSettings
        {
            CertificateAuthority = authority is null ? null : Import(cluster, authority),
            ServerName = cluster.Text("tls-server-name"),
            InsecureSkipVerify = insecure,
        };
        return new(ReadServer(cluster, usesTls: authority is not null || insecure), tls, ReadProxy(cluster), authority, ReadPluginConfig(cluster));
    }

    private static Uri ReadServer(ConfigSection cluster, bool usesTls)
    {
        var text = cluster.Text("server") ?? throw cluster.Invalid("has no 'server'. Add the API server's address.");

        // As client-go: without a scheme it is HTTPS when anything about TLS is configured, else HTTP.
        if (!text.Contains("://", StringComparison.Ordinal))
            text = (usesTls ? "https://" : "http://") + text;

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
            throw cluster.Invalid("server", "is not an address such as https://10.0.0.1:6443.");

        if (uri.UserInfo.Length > 0)
            throw cluster.Invalid("server", "holds a user name or password. Put them into the user's entry.");

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw cluster.Invalid("server", "has a query or a fragment. Only host, port and path make sense.");

        return uri.AbsolutePath.EndsWith('/') ? uri : new UriBuilder(uri) { Path = uri.AbsolutePath + "/" }.Uri;
    }

    private static Uri? ReadProxy(ConfigSection cluster)
    {
        if (cluster.Text("proxy-url") is not { } text)
            return null;

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5" && uri.Host.Length > 0
            ? uri
            : throw cluster.Invalid("proxy-url", "is not an address beginning with http://, https:// or socks5://.");
    }

    private static byte[]? ReadAuthority(ConfigSection cluster, ConfigurationEnvironment environment)
    {
        // client-go: data wins over a file.
        if (cluster.Data("certificate-authority-data") is { } data)
            return data;

        if (cluster.AbsolutePath("certificate-authority") is not { } path)
            return null;

        try
        {
            return environment.ReadBytes(path, PemCertificates.MaximumBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw cluster.Invalid("certificate-authority", $"names '{path}', which cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private static X509Certificate2Collection Import(ConfigSection cluster, byte[] authority)
    {
        try
        {
            return PemCertificates.ReadAuthorities(authority);
        }
        catch (PemException e)
        {
            var field = cluster.Node("certificate-authority-data") is null ? "certificate-authority" : "certificate-authority-data";
            throw cluster.Invalid(field, $"cannot be used: {e.Message}", e);
        }
    }

    private static ConfigNode? ReadPluginConfig(ConfigSection cluster)
    {
        foreach (var extension in cluster.Sections("extensions"))
        {
            if (extension.Text("name") == PluginExtension)
                return extension.Node("extension");
        }

        return null;
    }
}
