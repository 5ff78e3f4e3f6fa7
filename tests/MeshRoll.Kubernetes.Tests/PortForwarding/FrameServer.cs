using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Transport;

namespace MeshRoll.Kubernetes.Tests.PortForwarding;

/// <summary>
/// A server on a loopback socket that agrees to a WebSocket and then sends the bytes it was given, in pieces of any size, whatever the client says;
/// or answers the request in a way of its own.
/// </summary>
public sealed class FrameServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public FrameServer(params byte[][] frames)
    {
        Frames = [.. frames.SelectMany(frame => frame)];
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What is sent once the WebSocket is agreed on.</summary>
    public byte[] Frames { get; }

    /// <summary>How many bytes go out at once.</summary>
    public int Piece { get; init; } = int.MaxValue;

    /// <summary>The server's certificate, which makes it speak TLS, ask for one of the client's and offer HTTP/2; null for plain.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The only Authorization it accepts; null for any.</summary>
    public string? Authorization { get; init; }

    /// <summary>The protocol the server agrees to; empty for none.</summary>
    public string Subprotocol { get; init; } = "v4.channel.k8s.io";

    /// <summary>What it answers instead of agreeing; null agrees.</summary>
    public string? Instead { get; init; }

    /// <summary>What it proves having read the request with; null is what RFC 6455 wants.</summary>
    public string? Accept { get; init; }

    /// <summary>Whether it stays connected and silent after the last byte.</summary>
    public bool Stays { get; init; }

    /// <summary>The requests for a WebSocket.</summary>
    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>What the client sent on the data channel.</summary>
    public TaskCompletionSource<string> FirstMessage { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the client said goodbye.</summary>
    public TaskCompletionSource ClientClosed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address => new($"{(Certificate is null ? "http" : "https")}://127.0.0.1:{Port}/");

    public ClusterClient NewClient(TimeProvider? time = null) => new(
        new ClusterConnection { Name = "test", Server = Address },
        TransportBuilder.Options with { TimeProvider = time ?? TimeProvider.System });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
    }

    private async Task ServeAsync()
    {
        var serving = new List<Task>();
        try
        {
            for (; ; ) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        try
        {
            var (stream, subject) = await SecureAsync(client.GetStream());
            var reader = new HttpReader(stream);
            if (await reader.ReadAsync(subject, _stop.Token) is not { } request) return;
            Requests.Enqueue(request);
            var instead = Authorization is not null && request.Header("Authorization") != Authorization ? "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n" : Instead;
            await stream.WriteAsync(Encoding.ASCII.GetBytes(instead ?? Agreement(request)), _stop.Token);
            if (instead is not null) return;

            var listening = ListenAsync(stream);
            foreach (var piece in Frames.Chunk(Math.Min(Piece, Math.Max(Frames.Length, 1)))) await stream.WriteAsync(piece, _stop.Token);
            if (Stays) await listening;
            client.Client.Shutdown(SocketShutdown.Send);
            await listening;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or AuthenticationException)
        {
            // The client had enough.
        }
    }

    private async Task<(Stream Stream, string? ClientSubject)> SecureAsync(Stream plain)
    {
        if (Certificate is null) return (plain, null);
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = Certificate,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            ClientCertificateRequired = true,
            // Whoever comes is let in, and the test looks who it was.
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is null or X509Certificate2,
        }, _stop.Token);
        return (secure, secure.RemoteCertificate?.Subject);
    }

    private string Agreement(SeenRequest request)
    {
#pragma warning disable CA5350 // RFC 6455 has it so.
        var accept = Accept ?? Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(request.Header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        var protocol = Subprotocol.Length == 0 ? "" : $"Sec-WebSocket-Protocol: {Subprotocol}\r\n";
        return $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{protocol}\r\n";
    }

    // Frames of a client are masked (RFC 6455, 5.3).
    private async Task ListenAsync(Stream stream)
    {
        var head = new byte[2];
        while (await stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, _stop.Token) == 2)
        {
            var length = head[1] & 0x7f;
            if (length == 126)
            {
                await stream.ReadExactlyAsync(head, _stop.Token);
                length = (head[0] << 8) | head[1];
                head[0] = 0x82;
            }
            var rest = new byte[4 + length];
            await stream.ReadExactlyAsync(rest, _stop.Token);
            for (var i = 0; i < length; i++) rest[4 + i] ^= rest[i % 4];
            if (head[0] == 0x88) ClientClosed.TrySetResult();
            else if (head[0] == 0x82 && rest[4] == 0) FirstMessage.TrySetResult(Encoding.UTF8.GetString(rest, 5, length - 1));
        }
    }
}
