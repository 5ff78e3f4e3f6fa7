using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Connections;

/// <summary>How sessions opened by cmdlets present themselves to the server.</summary>
internal static class SessionOptions
{
    private static readonly string s_userAgent = $"meshroll/{typeof(SessionOptions).Assembly.GetName().Version?.ToString(3)} (PowerShell)";

    /// <summary>The options.</summary>
    public static TransportOptions Create() => new() { UserAgent = s_userAgent };
}
