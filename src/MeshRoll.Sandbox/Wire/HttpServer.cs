using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace MeshRoll.Sandbox.Wire;

/// <summary>
/// A small HTTP/1.1 server on 127.0.0.1. PowerShell carries no ASP.NET, and HttpListener wants a reservation on Windows and knows no TLS elsewhere.
/// </summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const int Backlog = 512;

    // For an open watch to send its last chunk.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly TcpListener _listener;
    private readonly Socket? _side;
    private readonly IRequestHandler _handler;
    private readonly Lazy<SslStreamCertificateContext>? _certificate;
    private readonly DateHeader _date;
    private readonly ConcurrentDictionary<HttpConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private int _isStopped;

    private HttpServer(TcpListener listener, Socket? side, IRequestHandler handler, HttpServerOptions options)
    {
        (_listener, _side, _handler) = (listener, side, handler);
        // Offline, and nothing but the certificate itself: on Windows more would end up in the user's certificate store. Not before somebody comes with TLS:
        // making it reads all the roots of the system.
        _certificate = options.Certificate is null ? null : new(() => SslStreamCertificateContext.Create(options.Certificate, additionalCertificates: null, offline: true));
        _date = new(options.TimeProvider);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>The URL at which it is reached.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}/");

    /// <summary>How many connections are open.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Starts to listen. Requests may come as soon as this returns.</summary>
    /// <exception cref="SandboxException">The port is in use or not allowed.</exception>
    public static HttpServer Start(IRequestHandler handler, HttpServerOptions options)
    {
        var listener = new TcpListener(IPAddress.Loopback, options.Port);
        Socket? side = null;
        try
        {
            // Windows would let another program listen on the same port too.
            if (OperatingSystem.IsWindows()) listener.ExclusiveAddressUse = true;
            listener.Start(Backlog);
            if (options.SocketPath is { } path) side = ListenAt(path);
            var server = new HttpServer(listener, side, handler, options);
            // The caller's ambient values belong to the caller, not to every request from now on.
            using (ExecutionContext.SuppressFlow())
            {
                var main = Task.Run(() => server.AcceptAsync(listener.Server, server._certificate));
                server._accepting = side is null ? main : Task.WhenAll(main, Task.Run(() => server.AcceptAsync(side, certificate: null)));
            }
            return server;
        }
        catch (Exception error)
        {
            listener.Dispose();
            side?.Dispose();
            if (error is SocketException refused) throw Refused(refused, options.Port);
            throw;
        }
    }

    /// <summary>Stops listening and ends all connections, watches too.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0) return;
        await _stop.CancelAsync();
        _listener.Dispose();
        _side?.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Select(static open => open.Key.StopAsync(open.Value, Patience)));
        _stop.Dispose();
    }

    private static SandboxException Refused(SocketException error, int port) => error.SocketErrorCode == SocketError.AccessDenied
        ? new("MeshRoll.SandboxPortDenied", $"The system does not let the sandbox listen on port {port} of this machine: choose a higher port, or none to get a free one.", error)
        : new("MeshRoll.SandboxPortInUse", $"The sandbox cannot listen on port {port} of this machine because it is in use: choose another port, or none to get a free one.", error);

    private static Socket ListenAt(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Of a server that was there before.
            File.Delete(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener, Lazy<SslStreamCertificateContext>? certificate)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Serve(await listener.AcceptAsync(_stop.Token), certificate);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // A client gone before it was greeted, or too many open files: the next one may be luckier.
                if (_stop.IsCancellationRequested) return;
                await Task.Delay(10);
            }
        }
    }

    private void Serve(Socket socket, Lazy<SslStreamCertificateContext>? certificate)
    {
        var connection = new HttpConnection(socket, _handler, certificate, _date);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = running.Task;
        _ = Task.Run(async () =>
        {
            try
            {
                await connection.RunAsync();
            }
            finally
            {
                _connections.TryRemove(connection, out _);
                connection.Dispose();
                running.SetResult();
            }
        });
    }
}
