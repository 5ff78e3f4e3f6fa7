using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeshRoll.Sandbox.Tests.Wire.Builders;

/// <summary>A client that sends exactly the bytes it is told to, and reads answers by the letter.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly List<byte> _unread = [];
    private readonly byte[] _buffer = new byte[64 * 1024];

    public RawClient(int port)
    {
        Socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000 };
        Socket.Connect(IPAddress.Loopback, port);
    }

    public Socket Socket { get; }

    public void Send(string text) => Socket.Send(Encoding.Latin1.GetBytes(text));

    /// <summary>One line without its end; null at the end of the connection.</summary>
    public string? ReadLine()
    {
        for (; ; )
        {
            var end = _unread.IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.Latin1.GetString([.. _unread[..end]]);
                _unread.RemoveRange(0, end + 1);
                return line.TrimEnd('\r');
            }
            if (!Fill()) return null;
        }
    }

    /// <summary>The status line and headers.</summary>
    public (string Status, Dictionary<string, string> Headers) ReadHead()
    {
        var status = ReadLine() ?? "";
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (ReadLine() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':');
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }
        return (status, headers);
    }

    /// <summary>A whole answer with Content-Length.</summary>
    public (string Status, Dictionary<string, string> Headers, string Body) ReadAnswer()
    {
        var (status, headers) = ReadHead();
        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        return (status, headers, ReadExactly(length));
    }

    public string ReadExactly(int length)
    {
        while (_unread.Count < length && Fill())
        {
        }
        var taken = Encoding.Latin1.GetString([.. _unread[..Math.Min(length, _unread.Count)]]);
        _unread.RemoveRange(0, taken.Length);
        return taken;
    }

    /// <summary>Everything until the server ends the connection.</summary>
    public string ReadToEnd()
    {
        while (Fill())
        {
        }
        return ReadExactly(_unread.Count);
    }

    /// <summary>Whether the connection ended with a reset and not properly.</summary>
    public bool EndsWithReset()
    {
        try
        {
            while (Fill())
            {
            }
            return false;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    public void Dispose() => Socket.Dispose();

    private bool Fill()
    {
        var count = Socket.Receive(_buffer);
        _unread.AddRange(_buffer.AsSpan(0, count));
        return count > 0;
    }
}
