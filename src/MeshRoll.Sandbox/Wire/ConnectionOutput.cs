using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>The way back to the client. What is appended goes out in one piece at the next flush.</summary>
/// <param name="socket">The connection.</param>
/// <param name="stream">The same with TLS over it, or not.</param>
/// <param name="broken">Called when the connection was broken off from here.</param>
internal sealed class ConnectionOutput(Socket socket, Stream stream, Action broken) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(8 * 1024);
    private int _length;

    /// <summary>Whether nothing may be sent any more: broken off, or only part of a write got through.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Puts bytes behind what waits.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Puts text behind what waits, as Latin 1.</summary>
    public void Append(string text)
    {
        Reserve(text.Length);
        _length += Encoding.Latin1.GetBytes(text, _buffer.AsSpan(_length));
    }

    /// <summary>Puts a number behind what waits.</summary>
    public void Append(long number, ReadOnlySpan<char> format = default)
    {
        Reserve(20);
        number.TryFormat(_buffer.AsSpan(_length), out var written, format, System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>Sends what waits.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var waiting = _buffer.AsMemory(0, _length);
        _length = 0;
        return WriteAsync(waiting, cancellationToken);
    }

    /// <summary>Sends bytes without copying them.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        EnsureUnbroken();
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception error)
        {
            IsBroken = true;
            if (error is ObjectDisposedException or SocketException) throw new IOException("The connection is closed.", error);
            throw;
        }
    }

    /// <summary>Sends what waits, for those who write to a stream without awaiting.</summary>
    public void Flush()
    {
        var length = _length;
        _length = 0;
        EnsureUnbroken();
        try
        {
            stream.Write(_buffer, 0, length);
        }
        catch (Exception error)
        {
            IsBroken = true;
            if (error is ObjectDisposedException or SocketException) throw new IOException("The connection is closed.", error);
            throw;
        }
    }

    /// <summary>Ends the connection with a reset: the client learns at once that something went wrong.</summary>
    public void Reset()
    {
        IsBroken = true;
        try
        {
            socket.LingerState = new(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }
        socket.Dispose();
        broken();
    }

    /// <summary>
    /// Ends the connection in the middle of an answer. What was sent still arrives on every system, which a reset does not promise;
    /// that the answer is not whole, the client sees from its length, its missing last chunk or the missing goodbye of TLS.
    /// </summary>
    public void BreakOff()
    {
        IsBroken = true;
        Shutdown(SocketShutdown.Send);
        broken();
    }

    /// <summary>Says goodbye after the last answer.</summary>
    public async ValueTask EndAsync()
    {
        if (IsBroken) return;
        IsBroken = true;
        try
        {
            if (stream is System.Net.Security.SslStream tls) await tls.ShutdownAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or SocketException)
        {
            // The client did not stay for it.
        }
        Shutdown(SocketShutdown.Send);
    }

    /// <summary>Shuts down one way of the connection, or both.</summary>
    public void Shutdown(SocketShutdown way)
    {
        try
        {
            socket.Shutdown(way);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        IsBroken = true;
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    private void EnsureUnbroken()
    {
        if (IsBroken) throw new IOException("The connection is closed.");
    }

    private void Reserve(int more)
    {
        if (_length + more <= _buffer.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + more, _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
