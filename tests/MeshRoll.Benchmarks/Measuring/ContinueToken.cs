using System.Buffers;
using System.Text;

namespace MeshRoll.Benchmarks.Measuring;

/// <summary>The continue token of a protobuf list: field 3 of the list's metadata, which comes first.</summary>
internal static class ContinueToken
{
    private static readonly SearchValues<byte> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="u8);

    /// <summary>The token; empty on the last page.</summary>
    internal static string In(byte[] list)
    {
        // The token is URL-safe base64 of a JSON object that begins with {"v":"meta, and so always begins the same.
        var at = list.AsSpan(0, Math.Min(list.Length, 1024)).IndexOf("eyJ2Ijoi"u8);
        if (at < 0) return "";
        var end = list.AsSpan(at).IndexOfAnyExcept(s_base64);
        return Encoding.ASCII.GetString(list, at, end);
    }
}
