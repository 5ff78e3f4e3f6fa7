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
    private readonly IRequestHandler _handler;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly DateHeader _date;
    private readonly ConcurrentDictionary<HttpConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private int _isStopped;

    private HttpServer(TcpListener listener, IRequestHandler handler, HttpServerOptions options)
    {
        _listener = listener;
        _handler = handler;
        // Offline, and nothing but the certificate itself: on Windows more would end up in the user's certificate store.
        _certificate = options.Certificate is null ? null : SslStreamCertificateContext.Create(options.Certificate, additionalCertificates: null, offline: true);
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
        try
        {
            // Windows would let another program listen on the same port too.
            if (OperatingSystem.IsWindows()) listener.ExclusiveAddressUse = true;
            listener.Start(Backlog);
            var server = new HttpServer(listener, handler, options);
            // The caller's ambient values belong to the caller, not to every request from now on.
            using (ExecutionContext.SuppressFlow()) server._accepting = Task.Run(server.AcceptAsync);
            return server;
        }
        catch (Exception error)
        {
            listener.Dispose();
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
        await _accepting;
        await Task.WhenAll(_connections.Select(static open => open.Key.StopAsync(open.Value, Patience)));
        _stop.Dispose();
    }

    private static SandboxException Refused(SocketException error, int port) => error.SocketErrorCode == SocketError.AccessDenied
        ? new("MeshRoll.SandboxPortDenied", $"The system does not let the sandbox listen on port {port} of this machine: choose a higher port, or none to get a free one.", error)
        : new("MeshRoll.SandboxPortInUse", $"The sandbox cannot listen on port {port} of this machine because it is in use: choose another port, or none to get a free one.", error);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Serve(await _listener.AcceptSocketAsync(_stop.Token));
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

    private void Serve(Socket socket)
    {
        var connection = new HttpConnection(socket, _handler, _certificate, _date);
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
