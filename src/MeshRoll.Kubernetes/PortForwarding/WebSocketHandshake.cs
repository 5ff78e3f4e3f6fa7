using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace MeshRoll.Kubernetes.PortForwarding;

/// <summary>
/// Asks for a WebSocket (RFC 6455) as any other question is asked of the API server, so that credentials and their renewal, acting as somebody else,
/// proxies, TLS, retries and the words of every failure are the same; the framework's own client would have to be told all of it again.
/// </summary>
internal sealed class WebSocketHandshake(string subprotocol)
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    /// <summary>Makes a GET a request for a WebSocket.</summary>
    public HttpRequestMessage Dress(HttpRequestMessage request)
    {
        // Over HTTP/2 API servers do not offer it.
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", _key);
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", subprotocol);
        return request;
    }

    /// <summary>What is wrong with the answer, in words; null when a WebSocket of the protocol wanted has begun.</summary>
    public string? Objection(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols) return $"the answer to the request for a WebSocket was {(int)response.StatusCode}";
        if (!Value(response, "Upgrade").Equals("websocket", StringComparison.OrdinalIgnoreCase)) return $"the server switched to '{Value(response, "Upgrade")}', not to a WebSocket";
        if (Value(response, "Sec-WebSocket-Accept") != Expected) return "the answer to the request for a WebSocket is not the answer to this request";
        var agreed = Value(response, "Sec-WebSocket-Protocol");
        if (agreed != subprotocol) return agreed.Length == 0 ? $"the server does not speak {subprotocol}" : $"the server speaks '{agreed}' where {subprotocol} was asked for";
        return null;
    }

    /// <summary>The WebSocket over the connection of an answer that nothing is wrong with.</summary>
    public async Task<WebSocket> TakeOverAsync(HttpResponseMessage response, CancellationToken cancellationToken) => WebSocket.CreateFromStream(
        await response.Content.ReadAsStreamAsync(cancellationToken), new() { SubProtocol = subprotocol, KeepAliveInterval = TimeSpan.FromSeconds(30) });

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "RFC 6455 has it so; it protects nothing.")]
    private string Expected => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(_key + Guid)));

    private static string Value(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
