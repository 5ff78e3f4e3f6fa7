using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MeshRoll.Kubernetes.Tests.Transport;

/// <summary>A request as the server saw it.</summary>
public sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, string? ClientSubject)
{
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;
}

/// <summary>What the server does with a request.</summary>
public sealed record Reply(string Text, bool Close = false, bool Hang = false)
{
    public static Reply Ok(string body = "ok") => Status(200, body);

    public static Reply Cut { get; } = new("", Close: true);

    public static Reply Silent { get; } = new("", Hang: true);

    public static Reply Status(int code, string body = "", params string[] headers)
    {
        var lines = string.Concat(headers.Select(header => header + "\r\n"));
        return new($"HTTP/1.1 {code} Some\r\n{lines}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }
}

/// <summary>What the server does with client certificates.</summary>
public enum ClientCertificates
{
    Ignored,
    Accepted,
}

/// <summary>A server on a loopback socket that speaks just enough HTTP/1.1, plain or over TLS, and can misbehave at will.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly Func<SeenRequest, int, Reply> _answer;
    private readonly Task _accepting;
    private int _connections;

    public LoopbackServer(Func<SeenRequest, int, Reply> answer, X509Certificate2? certificate = null, ClientCertificates clients = ClientCertificates.Ignored, bool offersHttp2 = false)
    {
        _answer = answer;
        _tls = certificate is null ? null : new()
        {
            ServerCertificate = certificate,
            ApplicationProtocols = offersHttp2 ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : null,
            ClientCertificateRequired = clients != ClientCertificates.Ignored,
            RemoteCertificateValidationCallback = clients == ClientCertificates.Ignored ? null : (_, _, _, _) => clients == ClientCertificates.Accepted,
        };
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address => new($"{(_tls is null ? "http" : "https")}://127.0.0.1:{Port}/");

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public int Connections => _connections;

    /// <summary>The names clients asked for in TLS.</summary>
    public ConcurrentQueue<string> ServerNames { get; } = new();

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
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
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
            Stream stream = client.GetStream();
            string? subject = null;
            if (_tls is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync((_, hello, _, _) =>
                {
                    ServerNames.Enqueue(hello.ServerName);
                    return new(_tls);
                }, null, _stop.Token);
                subject = secure.RemoteCertificate?.Subject;
                stream = secure;
            }

            var reader = new HttpReader(stream);
            while (await reader.ReadAsync(subject, _stop.Token) is { } request)
            {
                int number;
                lock (Requests)
                {
                    Requests.Enqueue(request);
                    number = Requests.Count;
                }

                var reply = _answer(request, number);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(reply.Text), _stop.Token);
                await stream.FlushAsync(_stop.Token);
                if (reply.Hang)
                    await Task.Delay(Timeout.Infinite, _stop.Token);

                if (reply.Close)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or AuthenticationException or SocketException)
        {
            // The client went away or did not like us: that is what many tests are about.
        }
    }
}
