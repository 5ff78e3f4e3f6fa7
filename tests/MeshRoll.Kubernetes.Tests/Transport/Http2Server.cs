using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MeshRoll.Kubernetes.Tests.Transport;

/// <summary>
/// Just enough HTTP/2 (RFC 9113) to answer every request with 200 and a body that never ends, on connections with few streams:
/// what many watches on one API server look like.
/// </summary>
public sealed class Http2Server : IAsyncDisposable
{
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte Ack = 1;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly byte _streams;
    private readonly Task _accepting;
    private int _connections;
    private int _requests;

    public Http2Server(X509Certificate2 certificate, byte streams)
    {
        _certificate = certificate;
        _streams = streams;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Connections => _connections;

    public int Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            for (; ; )
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
                Interlocked.Increment(ref _connections);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = _certificate, ApplicationProtocols = [SslApplicationProtocol.Http2] }, _stop.Token);
            await stream.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length], _stop.Token);

            // SETTINGS_MAX_CONCURRENT_STREAMS (3)
            await WriteFrameAsync(stream, Settings, 0, 0, [0, 3, 0, 0, 0, _streams]);
            var head = new byte[9];
            for (; ; )
            {
                await stream.ReadExactlyAsync(head, _stop.Token);
                var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await stream.ReadExactlyAsync(payload, _stop.Token);
                await AnswerAsync(stream, head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or AuthenticationException)
        {
            // The client is done.
        }
    }

    private async Task AnswerAsync(SslStream stream, byte type, byte flags, int id, byte[] payload)
    {
        if (type == Settings && (flags & Ack) == 0)
            await WriteFrameAsync(stream, Settings, Ack, 0, []);

        if (type == Ping && (flags & Ack) == 0)
            await WriteFrameAsync(stream, Ping, Ack, 0, payload);

        if (type == Headers)
        {
            // END_HEADERS; 0x88 is ":status: 200" in HPACK's static table.
            Interlocked.Increment(ref _requests);
            await WriteFrameAsync(stream, Headers, 4, id, [0x88]);
        }
    }

    private async Task WriteFrameAsync(SslStream stream, byte type, byte flags, int id, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame, 9);
        await stream.WriteAsync(frame, _stop.Token);
        await stream.FlushAsync(_stop.Token);
    }
}
