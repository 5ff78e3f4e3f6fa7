using System.Net.WebSockets;
using System.Text;

namespace MeshRoll.Sandbox.Api.PortForwarding;

/// <summary>
/// Several channels over one WebSocket, as the kubelet's streaming server has them: each message begins with the number of its channel. Under
/// <c>v4.channel.k8s.io</c> that is a byte, under <c>v4.base64.channel.k8s.io</c> a digit with base64 behind it.
/// </summary>
internal sealed class ChannelSocket(WebSocket socket) : IDisposable
{
    /// <summary>Bytes as they are.</summary>
    public const string Binary = "v4.channel.k8s.io";

    /// <summary>Text, for those who can send nothing else.</summary>
    public const string Base64 = "v4.base64.channel.k8s.io";

    private const int LongestMessage = 1024 * 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly byte[] _buffer = new byte[32 * 1024];

    private bool IsText => socket.SubProtocol == Base64;

    /// <summary>The next message; null when the client has closed or sends what is none.</summary>
    public async Task<(int Channel, byte[] Data)?> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(_buffer, cancellationToken).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close || message.Length + part.Count > LongestMessage) return null;
            message.Write(_buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        var bytes = message.ToArray();
        if (bytes.Length == 0) return null;
        if (!IsText) return (bytes[0], bytes[1..]);
        try
        {
            return (bytes[0] - '0', Convert.FromBase64String(Encoding.ASCII.GetString(bytes, 1, bytes.Length - 1)));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Sends a message; from several places at once they wait for each other.</summary>
    public async Task SendAsync(int channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        byte[] message = IsText ? Encoding.ASCII.GetBytes($"{channel}{Convert.ToBase64String(data.Span)}") : [(byte)channel, .. data.Span];
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await socket.SendAsync(message, IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Says goodbye, where the client still listens.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        _turn.Dispose();
    }
}
