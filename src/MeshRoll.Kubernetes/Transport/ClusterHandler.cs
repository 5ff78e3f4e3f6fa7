using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>Makes the sockets' handler for one cluster and one client certificate.</summary>
internal static class ClusterHandler
{
    // Big lists are the main traffic. With the default of 64 KB a stream waits for window updates until they have grown it.
    private const int StreamWindow = 4 * 1024 * 1024;

    /// <param name="connection">The cluster.</param>
    /// <param name="options">Time-outs.</param>
    /// <param name="proxy">The proxy in force, or null.</param>
    /// <param name="material">Its client certificate is used; null for none.</param>
    public static SocketsHttpHandler Create(ClusterConnection connection, TransportOptions options, Uri? proxy, CredentialMaterial? material) => new()
    {
        // Nothing between the request and the socket that is not needed: no cookies, no trace headers, no challenges.
        UseCookies = false,
        ActivityHeadersPropagator = null,
        // A redirect would carry the Authorization header to wherever the server points.
        AllowAutoRedirect = false,
        AutomaticDecompression = UsesCompression(connection, options) ? DecompressionMethods.GZip : DecompressionMethods.None,
        UseProxy = proxy is not null,
        Proxy = proxy is null ? null : ProxySettings.Create(proxy),
        ConnectTimeout = options.ConnectTimeout,
        ConnectCallback = connection.SocketPath is { } path ? (_, cancellationToken) => ConnectAsync(path, cancellationToken) : ConnectAsync,
        // A server's name may come to mean another address; long-lived processes must notice.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        // An API server allows 100 to 250 streams on a connection: more watches than that need another one.
        EnableMultipleHttp2Connections = true,
        InitialHttp2StreamWindowSize = StreamWindow,
        // client-go's periods: a connection whose other end is gone is noticed after 45 s even while nothing is sent.
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        MaxResponseHeadersLength = 64,
        // Names of users and groups to act as may hold any letter.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        SslOptions = TlsOptions(connection.Tls, material),
    };

    /// <summary>The TLS of a connection: our roots by policy, without a callback, which is the form that cannot forget the host's name.</summary>
    public static SslClientAuthenticationOptions TlsOptions(TlsSettings tls, CredentialMaterial? material)
    {
        var options = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = tls.CertificateAuthority is { } roots ? ChainPolicy(roots) : null,
        };
        if (tls.InsecureSkipVerify)
        {
#pragma warning disable CA5359 // The kubeconfig says insecure-skip-tls-verify: nothing else leads here.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        // Offline: completing the chain must never wait for somebody's web server.
        if (material?.ClientCertificate is { } certificate)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, material.ClientCertificateChain, offline: true);

        return options;
    }

    private static bool UsesCompression(ClusterConnection connection, TransportOptions options) => options.Compression ?? !connection.Server.IsLoopback;

    private static X509ChainPolicy ChainPolicy(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A cluster's own authority publishes no revocation lists, and nothing may be fetched while connecting.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private static async ValueTask<Stream> ConnectAsync(string socketPath, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A server that went has taken its socket away: nobody listens there.
            if (!File.Exists(socketPath)) throw new SocketException((int)SocketError.ConnectionRefused);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // HTTP/1.1 has no pings: without these a silent watch behind a rebooted firewall would look alive for ever.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
