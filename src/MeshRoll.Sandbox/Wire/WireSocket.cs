using System.Net.Sockets;

namespace MeshRoll.Sandbox.Wire;

/// <summary>Where a Unix socket may lie.</summary>
internal static class WireSocket
{
    // sun_path holds 104 bytes on macOS and 108 elsewhere, its end included.
    private const int Longest = 103;

    /// <summary>The path of one in a folder of ours; null where the system knows none, or the path would be too long for it.</summary>
    public static string? Below(string folder, string name = "api")
    {
        var path = Path.Combine(folder, name);
        return Socket.OSSupportsUnixDomainSockets && System.Text.Encoding.UTF8.GetByteCount(path) <= Longest ? path : null;
    }
}
