using System.Security.Cryptography;
using System.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>The upgrade of a request to a WebSocket, RFC 6455, 4.2.</summary>
internal static class WebSocketHandshake
{
    // A constant of the protocol: the server proves with it that it understood the request.
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>The value of Sec-WebSocket-Accept; a <see cref="HttpProblem"/> for a request that does not ask for a WebSocket properly.</summary>
    public static string Accept(RequestHead head)
    {
        var headers = head.Headers;
        if (head.Method != "GET" || head.IsHttp10 || !headers.HasToken("Upgrade", "websocket") || !headers.HasToken("Connection", "upgrade"))
            throw new HttpProblem(400, "the request is not a WebSocket upgrade");
        if (!headers.HasToken("Sec-WebSocket-Version", "13")) throw new HttpProblem(400, "only version 13 of WebSockets is spoken here");
        if (!headers.ByName.TryGetValue("Sec-WebSocket-Key", out var key) || !IsKey(key)) throw new HttpProblem(400, "malformed Sec-WebSocket-Key");
        return AcceptOf(key);
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[16];
        return key.Length == 24 && Convert.TryFromBase64String(key, bytes, out var length) && length == 16;
    }

#pragma warning disable CA5350 // SHA-1 is what RFC 6455 asks for; nothing is protected by it.
    private static string AcceptOf(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350
}
