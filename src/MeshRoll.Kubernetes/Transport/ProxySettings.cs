using System.Net;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>A proxy's address in the form the handler wants it.</summary>
internal static class ProxySettings
{
    public static bool IsSupported(Uri proxy) => proxy.Scheme is "http" or "https" or "socks5" or "socks5h";

    /// <summary>The address without its user name and password, fit to be shown.</summary>
    public static Uri Address(Uri proxy)
    {
        // The handler's socks5 leaves names to the proxy whenever they are not addresses: what Go calls socks5h.
        var builder = new UriBuilder(proxy) { UserName = "", Password = "", Path = "/", Query = "", Fragment = "" };
        if (builder.Scheme == "socks5h")
            builder.Scheme = "socks5";

        if (proxy.Port < 0)
            builder.Port = 1080;

        return builder.Uri;
    }

    public static IWebProxy Create(Uri proxy)
    {
        var result = new WebProxy(Address(proxy));
        var colon = proxy.UserInfo.IndexOf(':', StringComparison.Ordinal);
        if (proxy.UserInfo.Length > 0)
            result.Credentials = colon < 0
                ? new NetworkCredential(Uri.UnescapeDataString(proxy.UserInfo), "")
                : new NetworkCredential(Uri.UnescapeDataString(proxy.UserInfo[..colon]), Uri.UnescapeDataString(proxy.UserInfo[(colon + 1)..]));

        return result;
    }
}
