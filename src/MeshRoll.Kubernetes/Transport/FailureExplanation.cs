using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>Says in a sentence or two why a server cannot be reached and what to do about it.</summary>
internal sealed class FailureExplanation(ClusterConnection connection, TransportOptions options, Uri? proxy)
{
    private const int MostNames = 5;

    private string Server => $"The API server {Address} of '{connection.Name}'";

    private string Address => connection.Server.GetLeftPart(UriPartial.Authority);

    private string WantedName => connection.Tls.ServerName ?? connection.Server.IdnHost;

    /// <summary>Nothing began to come within the response time-out.</summary>
    public ClusterUnreachableException Silent(HttpMethod method) => Make(
        ClusterUnreachableException.Silent,
        $"{Server} did not begin to answer within {Seconds(options.ResponseTimeout)}.{(method == HttpMethod.Get ? "" : " Whether it carried out the change is unknown.")} Check the server's health, or try again.");

    public async Task<ClusterUnreachableException> ExplainAsync(SendFailure failure, Exception exception, HttpMethod method, CancellationToken cancellationToken)
    {
        if (failure == SendFailure.TlsRejected && await CertificateProbe.LookAsync(connection, options, proxy, cancellationToken) is { } refused)
            return Explain(refused, exception);

        return failure switch
        {
            SendFailure.Lost => Make(ClusterUnreachableException.Lost, $"The connection to the API server {Address} of '{connection.Name}' broke before it answered.{(method == HttpMethod.Get ? "" : " Whether it carried out the change is unknown: look before trying again.")} {WayOut}", exception),
            SendFailure.BrokenAnswer => Make(ClusterUnreachableException.Broken, $"{Server} answered with something that is not HTTP, or with endless headers. Check that the address is that of an API server.", exception),
            SendFailure.ClientCertificate => Make(ClusterUnreachableException.ClientCertificateRejected, $"{Server} did not accept the client certificate, or demands one and got none. Log in anew, or check the user '{connection.User}' in the kubeconfig.", exception),
            SendFailure.Proxy => ProxyFailed(ProxyReason(exception), exception),
            SendFailure.NotResolved or SendFailure.Refused or SendFailure.NoRoute or SendFailure.ConnectTimeout when proxy is not null => ProxyFailed(Reason(failure, ProxySettings.Address(proxy).IdnHost, exception), exception),
            SendFailure.NotResolved or SendFailure.Refused or SendFailure.NoRoute or SendFailure.ConnectTimeout => Make(ClusterUnreachableException.Unreachable, $"{Server} cannot be reached: {Reason(failure, connection.Server.IdnHost, exception)}. {WayOut}", exception),
            SendFailure.HandshakeBroken when connection.Server.Scheme == Uri.UriSchemeHttp => Make(ClusterUnreachableException.Unreachable, $"{Server} cannot be reached: the connection broke as soon as it was made ({Innermost(exception)}). {WayOut}", exception),
            _ => Make(ClusterUnreachableException.Unreachable, $"{Server} cannot be reached: TLS failed ({Innermost(exception)}). Check that the address is that of an API server and begins with the right http:// or https://.", exception),
        };
    }

    private const string WayOut = "Check the address in the kubeconfig, the network and the VPN.";

    private ClusterUnreachableException Explain(RefusedCertificate refused, Exception exception)
    {
        if ((refused.Chain & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotSignatureValid)) != 0)
            return Make(ClusterUnreachableException.Untrusted, $"{Server} shows a certificate that is not trusted: {Named(refused)}; trusted is {TrustedRoots()}. Correct certificate-authority in the kubeconfig; if the cluster was set up anew, fetch its kubeconfig again.", exception);

        if ((refused.Chain & X509ChainStatusFlags.NotTimeValid) != 0)
            return Make(ClusterUnreachableException.Expired, $"{Server} shows a certificate that is not valid now, or one above it is not: {Named(refused)}, valid from {Time(refused.NotBefore)} to {Time(refused.NotAfter)}. Renew it, or correct this machine's clock.", exception);

        if (refused.Errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return Make(ClusterUnreachableException.NameMismatch, $"{Server} shows a certificate for {Listed(refused.Names)}, not for '{WantedName}'. Use one of those names as the server's address, or set tls-server-name in the kubeconfig.", exception);

        return Make(ClusterUnreachableException.Untrusted, $"{Server} shows a certificate that cannot be accepted ({refused.Chain}): {Named(refused)}. Renew the server's certificate.", exception);
    }

    private string TrustedRoots()
    {
        if (connection.Tls.CertificateAuthority is not { Count: > 0 } roots)
            return "what this machine trusts, as the kubeconfig names no certificate authority";

        var names = Listed([.. roots.Select(root => root.Subject)]);
        return roots.All(root => root.Subject != root.Issuer)
            ? $"{names}, which is no root: the kubeconfig must hold the self-signed certificate at the top"
            : names;
    }

    private string Reason(SendFailure failure, string host, Exception exception) => failure switch
    {
        SendFailure.NotResolved => $"the name '{host}' cannot be resolved",
        SendFailure.Refused => "the connection was refused, nothing listens there",
        SendFailure.ConnectTimeout => $"no connection within {Seconds(options.ConnectTimeout)}",
        _ => SendFailures.Find<SocketException>(exception)?.Message is { } message ? Plain(message) : "there is no way to it",
    };

    private ClusterUnreachableException ProxyFailed(string reason, Exception exception) => Make(
        ClusterUnreachableException.ProxyFailed,
        $"{Server} cannot be reached: its proxy {(proxy is null ? "" : ProxySettings.Address(proxy).GetLeftPart(UriPartial.Authority) + " ")}failed: {reason}. Correct proxy-url in the kubeconfig or HTTPS_PROXY, or list the server in NO_PROXY.",
        exception);

    private static string ProxyReason(Exception exception) => exception is HttpRequestException { StatusCode: { } status }
        ? $"it answered {(int)status} ({status})"
        : Innermost(exception);

    private static string Named(RefusedCertificate refused) => $"subject {Plain(refused.Subject)}, issuer {Plain(refused.Issuer)}";

    private static string Listed(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "no name at all",
        > MostNames => $"{string.Join(", ", names.Take(MostNames).Select(Plain))} and {names.Count - MostNames} more",
        _ => string.Join(", ", names.Select(Plain)),
    };

    private static string Innermost(Exception exception)
    {
        var cause = SendFailures.Find<AuthenticationException>(exception) ?? exception;
        while (cause.InnerException is { } inner)
            cause = inner;

        return Plain(cause.Message.TrimEnd('.'));
    }

    // A certificate is the other side's text: it must not move a terminal's cursor.
    private static string Plain(string text)
    {
        var visible = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return visible.Length <= 200 ? visible : visible[..200] + "…";
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private ClusterUnreachableException Make(string id, string message, Exception? inner = null) => new(id, message, connection.Server, inner);
}
