using System.Globalization;
using System.Net;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>
/// The proxy the environment demands, by the rules of Go's httpproxy, which kubectl follows: NO_PROXY knows networks (10.0.0.0/8) and ports,
/// which .NET's own reading does not. Asking .NET would also cost the look-up of the system's settings on Windows.
/// </summary>
internal static class EnvironmentProxy
{
    /// <summary>The proxy for <paramref name="server"/>, or null to connect directly.</summary>
    /// <exception cref="ClusterUnreachableException"><c>MeshRoll.ProxyFailed</c>: the variable holds no address.</exception>
    public static Uri? For(Uri server, Func<string, string?> variable)
    {
        var name = server.Scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "HTTP_PROXY";
        if (Read(variable, name) is not { } text)
            return null;

        var host = server.IdnHost.ToLowerInvariant();
        if (server.IsLoopback || IsExcluded(host, server.Port, Read(variable, "NO_PROXY") ?? ""))
            return null;

        // As Go does: "proxy:3128" means http://proxy:3128.
        var address = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(address, UriKind.Absolute, out var proxy) && proxy.Host.Length > 0 && ProxySettings.IsSupported(proxy)
            ? proxy
            : throw new ClusterUnreachableException(ClusterUnreachableException.ProxyFailed, $"The environment variable {name} does not hold the address of a proxy (http, https or socks5). Correct it, or list the server in NO_PROXY.", server);
    }

    private static bool IsExcluded(string host, int port, string list)
    {
        var address = IPAddress.TryParse(host.Trim('[', ']'), out var parsed) ? parsed : null;
        foreach (var item in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (item == "*" || Matches(item.ToLowerInvariant(), host, address, port))
                return true;
        }

        return false;
    }

    private static bool Matches(string item, string host, IPAddress? address, int port)
    {
        if (item.Contains('/', StringComparison.Ordinal))
            return address is not null && IPNetwork.TryParse(item, out var network) && network.Contains(address);

        var (name, onlyPort) = SplitPort(item);
        if (onlyPort is not null && onlyPort != port)
            return false;

        if (IPAddress.TryParse(name, out var only))
            return only.Equals(address);

        // "*.example.com" and ".example.com" mean what is below, "example.com" means itself too.
        name = name.TrimStart('*');
        return address is null && name.Length > 0 && (name[0] == '.'
            ? host.EndsWith(name, StringComparison.Ordinal)
            : host == name || host.EndsWith("." + name, StringComparison.Ordinal));
    }

    private static (string Name, int? Port) SplitPort(string item)
    {
        var colon = item.LastIndexOf(':');
        var bracket = item.LastIndexOf(']');
        var isBareIPv6 = bracket < 0 && colon != item.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || colon < bracket || isBareIPv6)
            return (item.Trim('[', ']'), null);

        return int.TryParse(item.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (item[..colon].Trim('[', ']'), port)
            : (item, null);
    }

    // Go asks for the upper-case name first.
    private static string? Read(Func<string, string?> variable, string name) =>
        variable(name) is { Length: > 0 } upper ? upper : variable(name.ToLowerInvariant()) is { Length: > 0 } lower ? lower : null;
}
