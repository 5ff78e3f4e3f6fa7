using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;

namespace MeshRoll.Kubernetes.PortForwarding;

/// <summary>
/// One port of a pod as a stream, over a WebSocket with <c>v4.channel.k8s.io</c>: each message begins with the number of its channel; 0 carries the data,
/// 1 what the node has to say when it cannot connect, and both begin with the port's number in two bytes, the lower one first (Kubernetes, kubelet's
/// streaming server). Messages are taken as they come, in parts or whole: nothing is held beyond one read.
/// </summary>
internal sealed class PortForwardStream(WebSocket socket, IDisposable connection, ForwardedPort port) : Stream
{
    /// <summary>The protocol that both sides have to speak.</summary>
    public const string Subprotocol = "v4.channel.k8s.io";

    private const int Data = 0;
    private const int Errors = 1;
    private const int LongestError = 4096;
    private const int LongestWrite = 32 * 1024;
    private const int HeaderLength = 2;

    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(1);

    private readonly byte[] _received = new byte[32 * 1024];
    private readonly byte[][] _headers = [new byte[HeaderLength], new byte[HeaderLength]];
    private readonly int[] _headerBytes = new int[2];
    private readonly MemoryStream _error = new();
    private int? _channel;
    private ReadOnlyMemory<byte> _rest;
    private bool _ended;
    private bool _disposed;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (_rest.IsEmpty && !_ended && buffer.Length > 0) await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        var count = Math.Min(_rest.Length, buffer.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var message = ArrayPool<byte>.Shared.Rent(1 + Math.Min(buffer.Length, LongestWrite));
        try
        {
            while (!buffer.IsEmpty)
            {
                var length = Math.Min(buffer.Length, LongestWrite);
                message[0] = Data;
                buffer[..length].CopyTo(message.AsMemory(1));
                await socket.SendAsync(message.AsMemory(0, 1 + length), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
                buffer = buffer[length..];
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException)
        {
            throw Failure(PortForwardErrors.Cut(port, e));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Says goodbye, without waiting for the answer, and closes.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!_disposed && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            using var patience = new CancellationTokenSource(GoodbyePatience);
            try
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Nobody listens any more.
            }
        }
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            socket.Dispose();
            connection.Dispose();
            _error.Dispose();
        }
        _disposed = true;
        base.Dispose(disposing);
    }

    // A reader and a writer of streams know only this kind of failure; the cause inside says what a person wants to know.
    private static IOException Failure(PortForwardException cause) => new(cause.Message, cause);

    private async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        ValueWebSocketReceiveResult part;
        try
        {
            part = await socket.ReceiveAsync(_received.AsMemory(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or IOException)
        {
            throw Failure(PortForwardErrors.Cut(port, e));
        }
        switch (part.MessageType)
        {
            case WebSocketMessageType.Close:
                _ended = true;
                if (socket.CloseStatus is { } status and not (WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.EndpointUnavailable or WebSocketCloseStatus.Empty))
                    throw Failure(PortForwardErrors.Closed(port, status.ToString(), socket.CloseStatusDescription));
                break;
            case WebSocketMessageType.Text:
                throw Failure(PortForwardErrors.Nonsense(port, "text came where bytes were agreed on"));
            default:
                Take(_received.AsMemory(0, part.Count), part.EndOfMessage);
                break;
        }
    }

    private void Take(ReadOnlyMemory<byte> part, bool endOfMessage)
    {
        if (_channel is null && !part.IsEmpty)
        {
            _channel = part.Span[0];
            part = part[1..];
            if (_channel > Errors) throw Failure(PortForwardErrors.Nonsense(port, $"something came on channel {_channel}"));
        }
        if (_channel is { } channel)
        {
            part = WithoutHeader(channel, part);
            if (channel == Data) _rest = part;
            else TakeError(part.Span, endOfMessage);
        }
        if (endOfMessage) _channel = null;
    }

    private ReadOnlyMemory<byte> WithoutHeader(int channel, ReadOnlyMemory<byte> part)
    {
        while (_headerBytes[channel] < HeaderLength && !part.IsEmpty)
        {
            _headers[channel][_headerBytes[channel]++] = part.Span[0];
            part = part[1..];
            if (_headerBytes[channel] == HeaderLength && BinaryPrimitives.ReadUInt16LittleEndian(_headers[channel]) is var told && told != port.Port)
                throw Failure(PortForwardErrors.Nonsense(port, $"the server forwards port {told} instead"));
        }
        return part;
    }

    private void TakeError(ReadOnlySpan<byte> words, bool endOfMessage)
    {
        _error.Write(words[..Math.Min(words.Length, LongestError - (int)_error.Length)]);
        // A message without words only closes the channel.
        if (_error.Length == 0 || (!endOfMessage && _error.Length < LongestError)) return;
        throw Failure(PortForwardErrors.Refused(port, Encoding.UTF8.GetString(_error.GetBuffer(), 0, (int)_error.Length)));
    }
}
