using System.ComponentModel;
using System.Net.Sockets;
using System.Security.Authentication;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>What kept a request from being answered.</summary>
internal enum SendFailure
{
    /// <summary>The server's name leads to no address. Nothing was sent.</summary>
    NotResolved,

    /// <summary>Nobody listens. Nothing was sent.</summary>
    Refused,

    /// <summary>No way to the address. Nothing was sent.</summary>
    NoRoute,

    /// <summary>Connecting took too long. Nothing was sent.</summary>
    ConnectTimeout,

    /// <summary>The connection broke as soon as it was made, or during the TLS handshake. Nothing was sent.</summary>
    HandshakeBroken,

    /// <summary>TLS said no. Nothing was sent.</summary>
    TlsRejected,

    /// <summary>The server did not accept our certificate. With TLS 1.3 that is learnt only after the request went out.</summary>
    ClientCertificate,

    /// <summary>The proxy refused. Nothing was sent.</summary>
    Proxy,

    /// <summary>What came back is no HTTP, or its headers are too large.</summary>
    BrokenAnswer,

    /// <summary>The connection broke after the request went out, or while it did: its fate is unknown.</summary>
    Lost,
}

/// <summary>Tells from the handler's exceptions what happened, and above all whether the server can have seen the request.</summary>
internal static class SendFailures
{
    // SEC_E_CERT_UNKNOWN, SEC_E_CERT_EXPIRED, SEC_E_UNTRUSTED_ROOT: Windows' words for alerts about our certificate.
    private static readonly int[] s_windowsAlerts = [unchecked((int)0x80090327), unchecked((int)0x80090328), unchecked((int)0x80090325)];

    private static readonly string[] s_alerts = ["certificate required", "bad certificate", "unknown ca", "certificate unknown", "certificate expired", "certificate revoked", "unsupported certificate", "access denied"];

    /// <summary>Whether an exception is of the kind <see cref="Classify"/> is for.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException || exception is OperationCanceledException { InnerException: TimeoutException };

    public static SendFailure Classify(Exception exception)
    {
        if (IsAboutOurCertificate(exception))
            return SendFailure.ClientCertificate;

        if (exception is OperationCanceledException)
            return SendFailure.ConnectTimeout;

        // The handler asks a new connection for its other end, and one that was reset at once has none: it lets the socket's own exception through.
        if (exception is SocketException { SocketErrorCode: SocketError.NotConnected })
            return SendFailure.HandshakeBroken;

        return exception is not HttpRequestException request ? SendFailure.Lost : request.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => SendFailure.NotResolved,
            HttpRequestError.ConnectionError => ClassifySocket(exception),
            HttpRequestError.SecureConnectionError => Find<AuthenticationException>(exception) is null ? SendFailure.HandshakeBroken : SendFailure.TlsRejected,
            HttpRequestError.ProxyTunnelError => SendFailure.Proxy,
            HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse => SendFailure.BrokenAnswer,
            _ => SendFailure.Lost,
        };
    }

    public static bool NothingWasSent(SendFailure failure) =>
        failure is not (SendFailure.Lost or SendFailure.BrokenAnswer or SendFailure.ClientCertificate);

    public static T? Find<T>(Exception? exception) where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
                return found;
        }

        return null;
    }

    private static SendFailure ClassifySocket(Exception exception) => Find<SocketException>(exception)?.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => SendFailure.NotResolved,
        SocketError.ConnectionRefused => SendFailure.Refused,
        SocketError.TimedOut => SendFailure.ConnectTimeout,
        SocketError.ConnectionReset or SocketError.ConnectionAborted => SendFailure.HandshakeBroken,
        _ => SendFailure.NoRoute,
    };

    private static bool IsAboutOurCertificate(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is Win32Exception { NativeErrorCode: var code } && s_windowsAlerts.Contains(code))
                return true;

            if (exception.Message.Contains("alert", StringComparison.Ordinal) && s_alerts.Any(alert => exception.Message.Contains(alert, StringComparison.Ordinal)))
                return true;
        }

        return false;
    }
}
